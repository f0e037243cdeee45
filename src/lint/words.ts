/** Names as the words that they are made of, and words as names in each style. */

/** `HTTPServerID2` is HTTP, Server, ID2; `userIDs` is user, IDs; `IPv4` is one; `order_item` is order, item. */
export function wordsOf(name: string): string[] {
  return name.match(/[A-Z]{2,}(?:s|v[0-9]+)(?![a-z])|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[A-Z]|[0-9]+/g) ?? [];
}

/** The words in lower case, by which names of every style compare. */
export function plainWordsOf(name: string): string[] {
  return wordsOf(name).map((word) => word.toLowerCase());
}

/** Whether the last words of a name are among these, such as "price" or "access token". */
export function endsWith(name: string, endings: ReadonlySet<string>): boolean {
  const words = plainWordsOf(name);
  return words.some((_, at) => endings.has(words.slice(at).join(" ")));
}

export function pascalCase(name: string): string {
  return wordsOf(name).map(capitalised).join("");
}

export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  const [first = ""] = wordsOf(name);
  return first.toLowerCase() + pascal.slice(first.length);
}

export function upperSnakeCase(name: string): string {
  return wordsOf(name).join("_").toUpperCase();
}

export function kebabCase(name: string): string {
  return wordsOf(name).join("-").toLowerCase();
}

/** `ID` becomes `Id`. */
function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

/** The name itself where it is in the style, else what it is in it. Abbreviations in capitals pass. */
export function inPascalCase(name: string): string {
  return /^[A-Z][A-Za-z0-9]*$/.test(name) ? name : pascalCase(name);
}

export function inCamelCase(name: string): string {
  return /^[a-z][A-Za-z0-9]*$/.test(name) ? name : camelCase(name);
}

export function inUpperSnakeCase(name: string): string {
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name) ? name : upperSnakeCase(name);
}
