/** The `package.json` of a package. */
import type { Entry } from "./entries.js";
import { entryPath } from "./modules.js";
import type { SdkConfig } from "./settings.js";

export interface PackageFacts extends Omit<SdkConfig, "name" | "description" | "license"> {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  /** The range of `@rpcgen/runtime` that the generated code needs. */
  readonly runtime: string;
  readonly fingerprint: string;
}

/** What the package and the runtime run on. */
const NODE = ">=20.19";

export function packageJson(facts: PackageFacts, entries: readonly Entry[]): string {
  const { name, version, description, keywords = [], homepage, bugs, license, author, repository, publishConfig, runtime, fingerprint } = facts;
  const exports = Object.fromEntries(entries.map((entry) => [entry.subpath, { types: `./${entryPath(entry)}.d.ts`, default: `./${entryPath(entry)}.js` }]));
  const manifest = {
    name,
    version,
    description,
    keywords: [...new Set(["rpc", "rpcgen", ...keywords])],
    ...(homepage !== undefined && { homepage }),
    ...(bugs !== undefined && { bugs }),
    license,
    ...(author !== undefined && { author }),
    ...(repository !== undefined && { repository: typeof repository === "string" ? repository : { type: "git", ...repository } }),
    type: "module",
    sideEffects: false,
    exports: { ...exports, "./idl/*": "./idl/*", "./schema.json": "./schema.json", "./package.json": "./package.json" },
    files: ["CHANGELOG.md", "dist", "idl", "schema.json"],
    engines: { node: NODE },
    dependencies: { "@rpcgen/runtime": runtime },
    ...(publishConfig !== undefined && { publishConfig }),
    rpcgen: { fingerprint },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
