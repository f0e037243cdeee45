/** What a configuration says of the package that `rpcgen sdk` makes. */
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import type { SettingProblem } from "../diagnostics/setting-problem.js";

/** What stands in `package.json` as it is given; npm says what each may be. */
export interface SdkConfig {
  /** Such as "@acme/orders". */
  readonly name?: string;
  /** Default: the documentation of the only service, or else the names of all. */
  readonly description?: string;
  /** An SPDX expression. Default: that of the project's package.json, or else "UNLICENSED". */
  readonly license?: string;
  /** Default, as of the next three: what the project's package.json has. */
  readonly author?: Person;
  readonly repository?: string | { readonly type?: string; readonly url: string; readonly directory?: string };
  readonly homepage?: string;
  readonly bugs?: string | { readonly url?: string; readonly email?: string };
  /** Beside "rpc" and "rpcgen". */
  readonly keywords?: readonly string[];
  /** Such as `{ access: "public", provenance: true }`. */
  readonly publishConfig?: Readonly<Record<string, unknown>>;
}

export type Person = string | { readonly name: string; readonly email?: string; readonly url?: string };

type Check = readonly [expected: string, holds: (value: unknown) => boolean];

const TEXT: Check = ["a text", isText];
const CHECKS: Readonly<Record<keyof SdkConfig, Check>> = {
  name: ["a name that npm takes", (value) => isText(value) && isPackageName(value)],
  description: TEXT,
  license: TEXT,
  author: ["a text or an object with a name", (value) => isText(value) || (isRecord(value) && isText(value["name"]))],
  repository: ["a text or an object with a url", (value) => isText(value) || (isRecord(value) && isText(value["url"]))],
  homepage: TEXT,
  bugs: ["a text or an object", (value) => isText(value) || isRecord(value)],
  keywords: ["a list of texts", (value) => Array.isArray(value) && value.every(isText)],
  publishConfig: ["an object", isRecord],
};

/** What npm takes for the name of a new package. */
export function isPackageName(name: string): boolean {
  return name.length <= 214 && /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name);
}

/** Whether a value can be that setting: there, not empty, and of its form. */
export function isSound(setting: keyof SdkConfig, value: unknown): boolean {
  return CHECKS[setting][1](value);
}

/** What is wrong with a configuration. It may come from a file that nothing has checked. */
export function problemsOf(config: SdkConfig): SettingProblem[] {
  if (!isRecord(config)) return [{ at: ["sdk"], reason: '"sdk" is not an object' }];
  const keys = Object.keys(CHECKS);
  return Object.entries(config).flatMap(([key, value]): SettingProblem[] => {
    const check = Object.entries(CHECKS).find(([known]) => known === key)?.[1];
    if (check === undefined) return [{ at: ["sdk", key], reason: `"sdk.${key}" is no setting; there are ${keys.join(", ")}`, help: didYouMean(closest(key, keys)) }];
    const [expected, holds] = check;
    return value === undefined || holds(value) ? [] : [{ at: ["sdk", key], reason: `"sdk.${key}" is not ${expected}` }];
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
