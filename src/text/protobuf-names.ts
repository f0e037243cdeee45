/** How names of protobuf and ours follow from each other: what the way here and the way back must agree on. */

/** The package of the annotations that remember what does not follow. */
export const REMEMBERING = "rpcgen.proto";

/** "page_size" is "pageSize". */
export function camelCase(name: string): string {
  return name.replace(/(?<=[A-Za-z0-9])_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** "pageSize" is "page_size". A name that has underscores is left as it is. */
export function snakeCase(name: string): string {
  return name.includes("_") ? name : name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** "page_size" is "PageSize". */
export function pascalCase(name: string): string {
  const camel = camelCase(name);
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
}

/** What protobuf's JSON calls a field that has no `json_name`. */
export function jsonName(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}
