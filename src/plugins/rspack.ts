/** `import rpcgen from "rpcgen/rspack"`: imports of `.idl` files for Rspack. */
import { plugin } from "./plugin.js";

export type { PluginOptions } from "./options.js";
export default plugin.rspack;
