/** A cache on disk of webpack or Rspack begins anew with another version of rpcgen, or other options: what it holds may be code for another runtime. */
import { version } from "../cli/version.js";
import type { PluginOptions } from "./options.js";

/** What is used of the options of their compilers, before the cache is made. */
export interface CacheOptions {
  readonly cache?: boolean | { readonly type?: string; version?: string };
}

export function markCache({ cache }: CacheOptions, name: string, options: PluginOptions): void {
  if (typeof cache === "object" && cache.type !== "memory") cache.version = [cache.version ?? "", `${name}@${version}`, JSON.stringify(options)].join(" ").trimStart();
}
