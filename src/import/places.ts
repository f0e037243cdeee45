/** Where the names of a .proto file stand, which protobufjs does not keep. */

export interface Places {
  /** The offset of a declaration, field, value, oneof or method by its path, such as "Outer.Inner.field"; 0 if it was not found. */
  readonly of: (path: string) => number;
  /** What the file says that it is written in, "proto3" or an edition, with the offset of its first quote. */
  readonly syntax?: { readonly keyword: string; readonly name: string; readonly offset: number };
  /** Each with the offset of its name's first quote. */
  readonly imports: readonly { readonly name: string; readonly isPublic: boolean; readonly offset: number }[];
  /** The lines of the comment at the top of the file. */
  readonly head: readonly string[];
}

/** Comments, and strings with both quotes. Each is blanked out with its length kept. */
const OPAQUE = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const SCOPE = /\b(message|enum|service|group|extend|oneof|rpc)\s+([\w.]+)[^{};]*$/;
const MEMBER = /\b(\w+)\s*=\s*-?\w+/;

export function placesOf(text: string): Places {
  const blank = blanked(text);
  const places = new Map<string, number>();
  const scopes: (string | undefined)[] = [];
  const note = (name: string, offset: number) => {
    const path = [...scopes, name].filter((each) => each !== undefined && each !== "").join(".");
    if (!places.has(path)) places.set(path, offset);
  };
  let from = 0;
  for (const { 0: mark, index } of blank.matchAll(/[{};]/g)) {
    const statement = blank.slice(from, index);
    const isOption = scopes.at(-1) === undefined && scopes.length > 0;
    const scope = isOption ? null : SCOPE.exec(statement);
    if (scope !== null && mark !== "}" && scope[2] !== undefined) {
      const offset = from + scope.index + scope[0].indexOf(scope[2], (scope[1] ?? "").length);
      if (scope[1] !== "extend") note(scope[2], offset);
    } else if (!isOption && mark !== "}" && !/^\s*(option|import|package|syntax|edition)\b/.test(statement)) {
      const member = MEMBER.exec(statement);
      if (member !== null) note(member[1] ?? "", from + member.index);
    }
    if (mark === "{") scopes.push(scopeName(scope));
    if (mark === "}") scopes.pop();
    from = index + 1;
  }
  return { of: (path) => places.get(path) ?? 0, ...syntaxOf(text), imports: importsOf(text), head: headOf(text) };
}

/** Where names stand that protobufjs steps over without a word, for it keeps names as keys of objects. */
export function unreadNames(text: string): number[] {
  return [...blanked(text).matchAll(/\b__proto__\b/g)].map(({ index }) => index);
}

function blanked(text: string): string {
  return text.replace(OPAQUE, (found) => found.replace(/[^\n]/g, " "));
}

/** Undefined for what is no scope of names, such as the braces of an option; "" for one that adds no name of its own. */
function scopeName(scope: RegExpExecArray | null): string | undefined {
  if (scope === null) return undefined;
  return scope[1] === "oneof" || scope[1] === "rpc" || scope[1] === "extend" ? "" : scope[2];
}

function withoutComments(text: string): string {
  return text.replace(OPAQUE, (found) => (found.startsWith("/") ? found.replace(/[^\n]/g, " ") : found));
}

function syntaxOf(text: string): Pick<Places, "syntax"> {
  const found = /^\s*(syntax|edition)\s*=\s*(["'])(.*?)\2/.exec(withoutComments(text));
  if (found === null) return {};
  return { syntax: { keyword: found[1] ?? "", name: found[3] ?? "", offset: found[0].search(/["']/) } };
}

function importsOf(text: string): Places["imports"] {
  return [...withoutComments(text).matchAll(/(?<=^|[;}\s])import\s+(?:(public|weak|option)\s+)?(["'])(.*?)\2\s*;/g)]
    .filter((found) => found[1] !== "option")
    .map((found) => ({ name: found[3] ?? "", isPublic: found[1] === "public", offset: found.index + found[0].search(/["']/) }));
}

function headOf(text: string): string[] {
  const block = /^\s*\/\*([\s\S]*?)\*\//.exec(text);
  if (block !== null) return (block[1] ?? "").split(/\r\n|[\n\r]/).map((line) => line.replace(/^\s*\*? ?/, "").trimEnd());
  const lines = /^\s*((?:\/\/[^\n]*\n)+)/.exec(text);
  return lines === null ? [] : (lines[1] ?? "").trimEnd().split(/\r\n|[\n\r]/).map((line) => line.replace(/^\/\/+ ?/, "").trimEnd());
}
