/** What a package runs: generated modules as JavaScript, their declarations with maps to the schema, and the entries that export them. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { OutputFile } from "../emit/emitter.js";
import { lineComment } from "../emit/typescript/doc-comment.js";
import { declareModules } from "../emit/typescript/declarations/modules.js";
import { printModules } from "../emit/typescript/index.js";
import { declaredName, derivedNames, schemaName } from "../emit/typescript/names.js";
import { nameFindings } from "../emit/typescript/name-clashes.js";
import { stripTypes } from "../emit/typescript/strip-types.js";
import type { SchemaIndex } from "../ir/schema-index.js";
import type { SchemaFile, Service } from "../ir/schema.js";
import type { SourceFile } from "../text/source-file.js";
import { declarationMap } from "./declaration-map.js";
import type { Entry } from "./entries.js";

/** The folders of generated modules and of entries: apart, for a source may be called as an entry. */
const MODULES = "dist/gen";
const ENTRIES = "dist/entries";
/** Of the schema's files as they are. */
export const SCHEMA_FOLDER = "idl";

export interface SourceModules {
  readonly outputs: readonly OutputFile[];
  readonly exports: readonly Exported[];
}

interface Exported {
  readonly name: string;
  /** Whether there is nothing of that name that runs. */
  readonly isType: boolean;
  /** From the folder of modules, less its extension. */
  readonly module: string;
}

/** What a source is generated to. `schema.path` is relative to the folder of schemas. */
export function modulesOf(index: SchemaIndex, schema: SchemaFile, source: SourceFile): SourceModules {
  const input = { index, file: schema, outputBase: baseOf };
  const printed = printModules(input);
  const scripts = printed.map(({ path, text }) => ({ path: `${MODULES}/${path.replace(/\.ts$/, ".js")}`, text: stripTypes(text) }));
  const declarations = declareModules(input).flatMap(({ path, text }) => {
    const file = path.replace(/^.*\//, "");
    const up = "../".repeat(`${MODULES}/${path}`.split("/").length - 1);
    const map = declarationMap(text, schema, source, { file, source: `${up}${SCHEMA_FOLDER}/${schema.path}` });
    return [
      { path: `${MODULES}/${path}`, text: `${text}//# sourceMappingURL=${file}.map\n` },
      { path: `${MODULES}/${path}.map`, text: map },
    ];
  });
  return { outputs: [...scripts, ...declarations], exports: printed.flatMap(exportsIn) };
}

/** What keeps sources from being generated at all. */
export function clashesIn(index: SchemaIndex): readonly Diagnostic[] {
  return index.schema.files.flatMap((file) => nameFindings(index, file));
}

/** The statements of the emitter begin their line. A name may be that of a type and of a value, as enums are. */
function exportsIn({ path, text }: OutputFile): Exported[] {
  const isType = new Map<string, boolean>();
  for (const [, keyword, name = ""] of text.matchAll(/^export (?:declare )?(interface|type|class|const|function) ([\p{ID_Continue}$]+)/gmu)) {
    isType.set(name, (isType.get(name) ?? true) && (keyword === "interface" || keyword === "type"));
  }
  const module = path.replace(/\.ts$/, "");
  return Array.from(isType, ([name, its]) => ({ name, isType: its, module }));
}

/** "orders" for `orders.idl`, and "billing/orders" below a folder. */
function baseOf(sourcePath: string): string {
  return sourcePath.replace(/\.idl$/, "");
}

/** Where an entry stands, less its extension. */
export function entryPath({ subpath }: Pick<Entry, "subpath">): string {
  return subpath === "." ? "dist/index" : `${ENTRIES}/${subpath.slice(2)}`;
}

const FINGERPRINT = "SCHEMA_FINGERPRINT";
const FINGERPRINT_DOC = "/** Of all schemas of the package: the same for what means the same on the wire, and promises the same. */";

export interface PackageModules {
  readonly index: SchemaIndex;
  /** Of every file of the schema. */
  readonly modules: ReadonlyMap<SchemaFile, SourceModules>;
  readonly name: string;
  readonly fingerprint: string;
}

/** An entry as JavaScript and as declarations. */
export function entryModules(entry: Entry, { index, modules, name: packageName, fingerprint }: PackageModules): OutputFile[] {
  const path = entryPath(entry);
  const up = "../".repeat(path.split("/").length - 2) || "./";
  const values = new Map<string, string[]>();
  const all = new Map<string, string[]>();
  for (const [name, file] of entry.names) {
    const found = modules.get(file)?.exports.find((each) => each.name === name);
    if (found === undefined) throw new Error(`nothing of "${file.path}" exports "${name}"`);
    push(all, found.module, found.isType ? `type ${name}` : name);
    if (!found.isType) push(values, found.module, name);
  }
  if (entry.service !== undefined) {
    const file = index.fileOf(entry.service.fullName);
    const [own, name] = [schemaName(file), serviceSchemaName(entry.service)];
    const found = modules.get(file)?.exports.find((each) => each.name === own);
    // Called after the service, so that it does not matter how the file is called.
    const specifier = own === name ? name : `${own} as ${name}`;
    if (found !== undefined && !entry.names.has(name)) for (const names of [all, values]) push(names, found.module, specifier);
  }
  const title = lineComment(`Generated by rpcgen: ${entry.subpath === "." ? packageName : `${packageName}/${entry.subpath.slice(2)}`}. Do not edit.`);
  const namespaces = entry.namespaces.map((name) => `export * as ${name} from "${up}entries/${name}.js";`);
  const hasFingerprint = entry.subpath === "." && !entry.names.has(FINGERPRINT);
  const text = (names: ReadonlyMap<string, readonly string[]>, fingerprintStatement: string): string => {
    const statements = Array.from(names, ([module, its]) => `export {\n${its.map((name) => `  ${name},\n`).join("")}} from "${up}gen/${module}.js";`);
    const lines = [...(hasFingerprint ? [FINGERPRINT_DOC, fingerprintStatement, ""] : []), ...namespaces, ...statements];
    // Without an export, the file would be a script and not a module.
    return `${title}\n\n${(lines.length > 0 ? lines : ["export {};"]).join("\n").trimEnd()}\n`;
  };
  return [
    { path: `${path}.js`, text: text(values, `export const ${FINGERPRINT} = "${fingerprint}";`) },
    { path: `${path}.d.ts`, text: text(all, `export declare const ${FINGERPRINT}: string;`) },
  ];
}

/** What `reflectionService` is given to tell of a service. */
function serviceSchemaName(service: Service): string {
  return derivedNames.binding(declaredName(service)).replace(/Service$/, "Schema");
}

function push(names: Map<string, string[]>, module: string, name: string): void {
  const list = names.get(module);
  if (list === undefined) names.set(module, [name]);
  else list.push(name);
}
