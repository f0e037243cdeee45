/** `rpcgen.config.ts`: what a project settles once for all commands. */
import type { BreakingConfig } from "./breaking/settings.js";
import type { LintConfig } from "./lint/settings.js";
import type { SdkConfig } from "./sdk/settings.js";

export interface Config {
  /** What `rpcgen lint` looks for. */
  readonly lint?: LintConfig;
  /** What `rpcgen breaking` refuses. */
  readonly breaking?: BreakingConfig;
  /** What the package says of itself that `rpcgen sdk` makes. */
  readonly sdk?: SdkConfig;
}

/**
 * Gives a configuration its type:
 *
 * ```ts
 * import { defineConfig } from "rpcgen";
 * export default defineConfig({ lint: { sets: ["recommended", "docs"] } });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
