/** Every diagnostic code there is, by stage: 1 syntax, 2 names and types, 3 call semantics, 6 generated TypeScript, 7 files, 8 protobuf. */
import type { Definition } from "./define.js";
import { callSemantics } from "./catalog/call-semantics.js";
import { files } from "./catalog/files.js";
import { namesAndTypes } from "./catalog/names-and-types.js";
import { protobuf } from "./catalog/protobuf.js";
import { syntax } from "./catalog/syntax.js";
import { typescript } from "./catalog/typescript.js";

export const catalog = { ...syntax, ...namesAndTypes, ...callSemantics, ...typescript, ...files, ...protobuf };

export type Catalog = typeof catalog;
export type Code = keyof Catalog;
export type ArgsOf<C extends Code> = Catalog[C] extends Definition<infer Args> ? Args : never;
