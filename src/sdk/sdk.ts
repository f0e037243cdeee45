/** Makes a package of a schema: every file that is published, as text. Equal input gives equal bytes. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { declaredName } from "../emit/typescript/names.js";
import { canonicalJson } from "../ir/canonical-json.js";
import { fingerprint } from "../ir/fingerprint.js";
import { SchemaIndex } from "../ir/schema-index.js";
import type { Schema, SchemaFile } from "../ir/schema.js";
import type { SourceFile } from "../text/source-file.js";
import { changelog, type Release } from "./changelog.js";
import { entriesOf, type Entry } from "./entries.js";
import { firstSentence } from "./markdown.js";
import { clashesIn, entryModules, modulesOf, SCHEMA_FOLDER } from "./modules.js";
import { packageJson, type PackageFacts } from "./package-json.js";
import { readme } from "./readme.js";
import { textsOf } from "./texts.js";

export interface SdkInput {
  /** Paths are relative to the folder of schemas. */
  readonly schema: Schema;
  /** The source of each file, by those paths. */
  readonly source: (path: string) => SourceFile;
  readonly facts: Omit<PackageFacts, "description" | "fingerprint" | "version"> & { readonly description?: string | undefined };
  readonly licenseText: string;
  readonly release: Release;
}

/** What is published, with the file of the schema that it follows from; all of them where there is none. */
export interface SdkFile {
  readonly path: string;
  readonly text: string;
  readonly from?: string;
}

/** What schemas cannot be made into a package for, and what it leaves out. */
export function problemsIn(schema: Schema): readonly Diagnostic[] {
  const index = new SchemaIndex(inOneOrder(schema));
  return [...clashesIn(index), ...entriesOf(index).diagnostics];
}

/** The entries that a package of the schema has. */
export function entriesIn(schema: Schema): readonly Entry[] {
  return entriesOf(new SchemaIndex(inOneOrder(schema))).entries;
}

/** Of a schema without errors among its problems. The files are in the order of their paths. */
export async function sdk({ schema: given, source, facts, licenseText, release }: SdkInput): Promise<SdkFile[]> {
  const schema = inOneOrder(given);
  const index = new SchemaIndex(schema);
  const { entries } = entriesOf(index);
  const modules = new Map(schema.files.map((file) => [file, modulesOf(index, file, source(file.path))]));
  const { name, license } = facts;
  const description = facts.description ?? descriptionOf(schema);
  const known = { ...facts, version: release.version, description, fingerprint: fingerprint(index) };
  const files: SdkFile[] = [
    ...Array.from(modules, ([file, { outputs }]) => outputs.map((output) => ({ ...output, from: file.path }))).flat(),
    ...schema.files.map(({ path }) => ({ path: `${SCHEMA_FOLDER}/${path}`, text: source(path).text, from: path })),
    ...entries.flatMap((entry) => entryModules(entry, { ...known, index, modules })),
    { path: "schema.json", text: canonicalJson(schema) },
    { path: "package.json", text: packageJson(known, entries) },
    { path: "README.md", text: readme({ index, entries, name, description, license, fingerprint: known.fingerprint, textsOf: await textsOf(index) }) },
    { path: "CHANGELOG.md", text: changelog(release) },
    { path: "LICENSE", text: licenseText },
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whatever order the files were named in. */
function inOneOrder(schema: Schema): Schema {
  return { ...schema, files: [...schema.files].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function descriptionOf({ files }: Schema): string {
  const services = files.flatMap((file: SchemaFile) => file.declarations.filter((each) => each.kind === "service"));
  const [only] = services;
  const said = services.length === 1 ? firstSentence(only?.doc ?? files[0]?.doc ?? "") : "";
  if (said !== "") return said;
  if (services.length === 0) return `Types and codecs of ${[...new Set(files.map((file) => file.package))].join(", ")}.`;
  return `Clients and servers of ${[...new Set(services.map(declaredName))].join(", ")}.`;
}
