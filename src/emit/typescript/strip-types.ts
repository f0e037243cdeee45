/** Generated TypeScript as JavaScript: the types are taken off and nothing else is changed. */
import { transform } from "sucrase";

/** Generated code has only types that can be erased; what it imports for its types alone it imports so. */
export function stripTypes(typescript: string): string {
  const { code } = transform(typescript, { transforms: ["typescript"], disableESTransforms: true, keepUnusedImports: true });
  // A module of types alone: without an export, a bundler would not take it for a module.
  return /^(?:import|export)\b/m.test(code) ? code : `${code.trimEnd()}\nexport {};\n`;
}
