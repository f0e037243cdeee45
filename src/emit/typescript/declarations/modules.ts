/** Declarations for each module that the TypeScript emitter prints, to lie beside the same modules as JavaScript. */
import type { EmitInput, OutputFile } from "../../emitter.js";
import { printModules } from "../index.js";
import { declare } from "./declare.js";

/** `orders.types.d.ts` and so on, of a source whose names do not clash. */
export function declareModules({ memory: _, ...input }: EmitInput): OutputFile[] {
  return printModules(input, { extension: ".d.ts", specifierExtension: ".js", keep: declare });
}
