/** `import rpcgen from "rpcgen/webpack"`: imports of `.idl` files for webpack. */
import { plugin } from "./plugin.js";

export type { PluginOptions } from "./options.js";
export default plugin.webpack;
