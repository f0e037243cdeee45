/** `import rpcgen from "rpcgen/esbuild"`: imports of `.idl` files for esbuild. */
import { plugin } from "./plugin.js";

export type { PluginOptions } from "./options.js";
export default plugin.esbuild;
