/** `import rpcgen from "rpcgen/rolldown"`: imports of `.idl` files for Rolldown. */
import { plugin } from "./plugin.js";

export type { PluginOptions } from "./options.js";
export default plugin.rolldown;
