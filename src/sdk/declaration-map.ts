/** Maps the names in a declaration file to where they stand in the schema, so that an editor that goes to a definition ends there. */
import { addMapping, GenMapping, toEncodedMap } from "@jridgewell/gen-mapping";
import { fieldsIn } from "../ir/names-in.js";
import type { Declaration, SchemaFile } from "../ir/schema.js";
import { claimedNames, memberName, parameterNames, schemaName } from "../emit/typescript/names.js";
import { SourceFile } from "../text/source-file.js";
import type { Span } from "../text/span.js";

/** An exported name of a source: where it is declared, and its members by their names in TypeScript. */
interface Mapped {
  readonly span: Span;
  readonly members: ReadonlyMap<string, Span>;
}

export interface MapPlaces {
  /** The name of the declaration file. */
  readonly file: string;
  /** The schema's file, as seen from the map. */
  readonly source: string;
}

/** The text of the map of one declaration file, which was printed from `schema`, whose text is `source`. */
export function declarationMap(text: string, schema: SchemaFile, source: SourceFile, places: MapPlaces): string {
  const map = new GenMapping({ file: places.file });
  const generated = new SourceFile(places.file, text);
  const offsets = [...offsetsIn(text, mappedNames(schema))].sort(([a], [b]) => a - b);
  for (const [offset, original] of offsets) {
    const [from, to] = [generated.position(offset), source.position(original)];
    addMapping(map, { source: places.source, generated: { line: from.line, column: from.column - 1 }, original: { line: to.line, column: to.column - 1 } });
  }
  return `${JSON.stringify(toEncodedMap(map))}\n`;
}

/**
 * Where offsets of the declaration file stand in the schema. TypeScript takes the mapping of an offset or else the next one behind it, so
 * statements and members have one where they begin and where they end, beside those of their names.
 */
function offsetsIn(text: string, names: ReadonlyMap<string, Mapped>): ReadonlyMap<number, number> {
  const offsets = new Map<number, number>();
  const add = (start: number, length: number, { start: from, end: to }: Span): void => void offsets.set(start, from).set(start + length, to);
  for (const { 0: matched, index, groups } of text.matchAll(STATEMENT)) {
    const { head = "", name = "" } = groups ?? {};
    const found = names.get(name);
    if (found === undefined) continue;
    const statement = matched.trimEnd();
    add(index, statement.length, found.span);
    add(index + head.length, name.length, found.span);
    for (const part of statement.matchAll(head.endsWith("type ") ? UNION_MEMBER : MEMBER)) {
      const { before = "", modifiers = "", member = "", between = "", value = "" } = part.groups ?? {};
      const span = found.members.get(member) ?? found.span;
      const start = index + part.index + before.length;
      add(start, part[0].length - before.length, span);
      add(start + modifiers.length, member.length, span);
      if (value !== "") add(start + modifiers.length + member.length + between.length, value.length, span);
    }
  }
  return offsets;
}

/** From an `export` to the next one, or to the comment before that. */
const STATEMENT = /^(?<head>export (?:declare )?(?:interface|type|class|const|function) )(?<name>[\p{ID_Continue}$]+)(?:.|\n(?!export |\/\*\*|\/\/))*/gmu;
/** Up to its semicolon. An enum that fits on a line has its members there. */
const MEMBER = /(?<before>^ {2}|[{;] )(?<modifiers>(?:static )?(?:readonly )?"?)(?<member>[\p{ID_Continue}$]+)"?\??[:(<](?:[^;"]|"[^"\n]*")*/gmu;
const UNION_MEMBER = /(?<before>)(?<modifiers>kind: ")(?<member>[^"\n]+)(?<between>";\s+)(?<value>value)\b/g;

function mappedNames(file: SchemaFile): ReadonlyMap<string, Mapped> {
  const names = new Map<string, Mapped>([[schemaName(file), { span: { file: file.path, start: 0, end: 0 }, members: new Map() }]]);
  for (const declaration of file.declarations) {
    const mapped = { span: declaration.span, members: byName(membersOf(declaration)) };
    for (const name of claimedNames(declaration)) names.set(name, mapped);
    if (declaration.kind !== "service") continue;
    for (const method of declaration.methods) {
      const fields = method.parameters.kind === "fields" ? method.parameters.fields : [];
      for (const name of parameterNames(declaration, method)) names.set(name, { span: method.span, members: byName(fields) });
    }
  }
  return names;
}

type Member = Parameters<typeof memberName>[0] & { readonly span: Span };

function byName(members: readonly Member[]): ReadonlyMap<string, Span> {
  return new Map(members.map((member) => [memberName(member), member.span]));
}

function membersOf(declaration: Declaration): readonly Member[] {
  if (declaration.kind === "enum") return declaration.members;
  return declaration.kind === "service" ? declaration.methods : fieldsIn(declaration);
}
