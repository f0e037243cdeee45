/**
 * Makes a declaration of what the emitter printed: bodies and initial values are taken off. It knows the shapes that the emitter prints, which are few
 * and laid out alike, and no others; a test holds what it makes against what TypeScript makes of the same modules.
 */

/** The declaration of one section of a module, or undefined where it exports nothing. */
export function declare(section: string): string | undefined {
  const lines = section.split("\n");
  const start = lines.findIndex((line) => !isComment(line));
  // The comment of the file.
  if (start === -1) return section;
  const doc = lines.slice(0, start).map((line) => `${line}\n`).join("");
  const statement = lines.slice(start);
  const [head = ""] = statement;
  if (/^export (?:interface|type) /.test(head)) return section;
  if (head.startsWith("export const ")) return `${doc}${declareConst(statement.join("\n"))}`;
  if (head.startsWith("export function ")) return `${doc}export declare ${signatureOf(statement).replace(/^export /, "")}`;
  if (head.startsWith("export class ")) return `${doc}${declareClass(statement)}`;
  return undefined;
}

/** That the class has private members: no other object is one of it. */
const PRIVATE = "  #private;";

function isComment(line: string): boolean {
  return /^\s*(?:\/\*\*|\*|\/\/)/.test(line);
}

function declareConst(statement: string): string {
  const ambient = statement.replace(/^export /, "export declare ");
  const entries = /^(export declare const [^\s:]+) =\s+\{(.*)\} as const;$/s.exec(ambient);
  if (entries !== null) return `${entries[1] ?? ""}: {${readonlyMembers(entries[2] ?? "")}};`;
  return withoutValue(ambient);
}

/** `A: 0, B: 1` as the members of a type, each on its line where it has one. */
function readonlyMembers(entries: string): string {
  const member = (entry: string): string => `readonly ${entry};`;
  if (!entries.includes("\n")) return entries.trim() === "" ? "" : ` ${entries.trim().split(", ").map(member).join(" ")} `;
  return entries.replace(/^( +)(?!\/\*|\*| )(.+?),?$/gm, (_, indent: string, entry: string) => `${indent}${member(entry)}`);
}

/** `name: T = value;` as `name: T;`, and `name = [ … ] as const;` as the type of that. A plain literal stays: it is its own type. */
function withoutValue(property: string): string {
  const at = assignmentIn(property);
  if (at === undefined) return property;
  const name = property.slice(0, at).trimEnd();
  const value = property.slice(at + 1).trim();
  if (value.endsWith(" as const;")) return `${name}: readonly ${value.slice(0, -" as const;".length)};`;
  return hasType(name) ? `${name};` : property;
}

function hasType(name: string): boolean {
  return /^[^"'({[<]*:/.test(name);
}

function declareClass(statement: readonly string[]): string {
  const opening = statement.findIndex((line) => line.endsWith("{") && !line.startsWith(" "));
  const head = statement.slice(0, opening + 1).join("\n").replace(/^export /, "export declare ");
  const members: string[] = [];
  for (let at = opening + 1; at < statement.length - 1; ) {
    const end = memberEnd(statement, at);
    members.push(declareMember(statement.slice(at, end)));
    at = end;
  }
  // First, as TypeScript has it.
  const [hidden, shown] = [members.filter((member) => member === PRIVATE), members.filter((member) => member !== PRIVATE)];
  return [head, ...hidden, ...shown, "}"].join("\n");
}

/** Where the member ends that begins at a line of the class: a comment and an empty line are one each. */
function memberEnd(lines: readonly string[], at: number): number {
  const first = lines[at] ?? "";
  if (first === "" || isComment(first)) return at + 1;
  for (let end = at; end < lines.length; end++) {
    const line = lines[end] ?? "";
    const isOwn = /^ {2}\S/.test(line);
    if (line === "  }" || (isOwn && line.endsWith("{}"))) return end + 1;
    if (line.endsWith(";") && (isOwn || isStatement(lines.slice(at, end + 1)))) return end + 1;
  }
  throw new Error(`a member of a generated class has no end: ${first}`);
}

/** A property that was broken behind its `=` or `:` ends deeper than it begins; what stands in a body does not count. */
function isStatement(lines: readonly string[]): boolean {
  return !lines.some((line) => /^ {2}\S.*\{$/.test(line));
}

function declareMember(member: readonly string[]): string {
  const [first = ""] = member;
  if (first === "" || isComment(first)) return first;
  if (first.startsWith("  readonly #")) return PRIVATE;
  if (member.at(-1) === "  }" || first.endsWith("{}")) return signatureOf(member);
  return withoutValue(member.join("\n").replace(/^ {2}declare /, "  "));
}

/** Of a function or method: a parameter that has a value may be left out. */
function signatureOf(lines: readonly string[]): string {
  const indent = /^ */.exec(lines[0] ?? "")?.[0].length ?? 0;
  const end = lines.findIndex((line) => /\{\}?$/.test(line) && line.search(/\S/) === indent);
  const signature = lines.slice(0, end + 1).join("\n").replace(/ \{\}?$/, ";");
  return signature.replace(/([\w$]+)(: [\p{ID_Continue}$.]+) = \{\}/gu, "$1?$2");
}

/** Where the first `=` stands that is no part of a type. */
function assignmentIn(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === '"') at = endOfString(text, at);
    else if ("([{<".includes(char)) depth++;
    else if (")]}".includes(char) || (char === ">" && text[at - 1] !== "=")) depth--;
    else if (char === "=" && depth === 0 && text[at + 1] !== ">") return at;
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
