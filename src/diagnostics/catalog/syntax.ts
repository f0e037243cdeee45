/** RPC1xxx: what the parser finds in characters and literals, in the structure of a file, and in habits of other languages. */
import { foreignSyntax } from "./foreign-syntax.js";
import { lexical } from "./lexical.js";
import { structure } from "./structure.js";

export const syntax = { ...lexical, ...structure, ...foreignSyntax };
