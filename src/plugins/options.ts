/** What a user may tell a plugin. */
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";

export interface PluginOptions {
  /**
   * Where the types of imported files are written: `"beside"`, as `orders.idl.d.ts`, which TypeScript finds by itself under `"moduleResolution": "bundler"`; or
   * `"arbitrary-extensions"`, as `orders.d.idl.ts`, for `"nodenext"` with `"allowArbitraryExtensions": true`. `false` writes none. Default: `"beside"`.
   */
  readonly types?: TypesForm | false;
  /** Reports what `rpcgen lint` finds in the imported files as well, by the configuration of the project. Default: false. */
  readonly lint?: boolean;
  /** Offers blocking clients as well. Default: whether the `targets` of the configuration have `sync`. */
  readonly sync?: boolean;
  /** The configuration, relative to the project's folder. Default: the nearest `rpcgen.config.*`, upward from there. */
  readonly config?: string;
}

export type TypesForm = "beside" | "arbitrary-extensions";

const KNOWN: Readonly<Record<keyof PluginOptions, { readonly allowed: string; readonly isAllowed: (value: unknown) => boolean }>> = {
  types: { allowed: '"beside", "arbitrary-extensions" or false', isAllowed: (value) => value === "beside" || value === "arbitrary-extensions" || value === false },
  lint: { allowed: "true or false", isAllowed: (value) => typeof value === "boolean" },
  sync: { allowed: "true or false", isAllowed: (value) => typeof value === "boolean" },
  config: { allowed: "a path", isAllowed: (value) => typeof value === "string" && value !== "" },
};

/**
 * Callers without types may write anything.
 *
 * @throws TypeError that says what is wrong and what there is.
 */
export function checkOptions(options: unknown): PluginOptions {
  if (options === undefined) return {};
  if (typeof options !== "object" || options === null || Array.isArray(options)) throw new TypeError("the options of rpcgen's plugin are an object");
  for (const [name, value] of Object.entries(options)) {
    const known = Object.entries(KNOWN).find(([each]) => each === name)?.[1];
    if (known === undefined) {
      const hint = didYouMean(closest(name, Object.keys(KNOWN))) ?? `there are ${Object.keys(KNOWN).join(", ")}`;
      throw new TypeError(`rpcgen's plugin has no option "${name}"; ${hint}`);
    }
    if (value !== undefined && !known.isAllowed(value)) throw new TypeError(`the option "${name}" of rpcgen's plugin is ${known.allowed}`);
  }
  return options;
}
