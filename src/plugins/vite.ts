/** `import rpcgen from "rpcgen/vite"`: imports of `.idl` files for Vite. */
import { plugin } from "./plugin.js";

export type { PluginOptions } from "./options.js";
export default plugin.vite;
