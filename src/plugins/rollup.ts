/** `import rpcgen from "rpcgen/rollup"`: imports of `.idl` files for Rollup. */
import { plugin } from "./plugin.js";

export type { PluginOptions } from "./options.js";
export default plugin.rollup;
