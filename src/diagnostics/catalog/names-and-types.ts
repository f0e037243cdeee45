/** RPC2xxx: what the checker finds in packages, imports, names, types, numbers, values and annotations. */
import { annotations } from "./annotations.js";
import { imports } from "./imports.js";
import { names } from "./names.js";
import { numbers } from "./numbers.js";
import { types } from "./types.js";
import { values } from "./values.js";

export const namesAndTypes = { ...imports, ...names, ...types, ...numbers, ...values, ...annotations };
