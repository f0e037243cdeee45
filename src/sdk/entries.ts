/** The entries of a package: which subpaths it has, and which names each of them exports. */
import { Collector } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { namesUsedBy } from "../ir/names-in.js";
import type { SchemaIndex } from "../ir/schema-index.js";
import type { Declaration, SchemaFile, Service } from "../ir/schema.js";
import { inputDiffers } from "../emit/typescript/input-forms.js";
import { declaredName, derivedNames, exportedNames, parameterNames } from "../emit/typescript/names.js";

export interface Entry {
  /** As a key of `exports`: "." or "./orders". */
  readonly subpath: string;
  /** Each name that it exports, with the file of the schema that it comes from; in the order of the schema. */
  readonly names: ReadonlyMap<string, SchemaFile>;
  /** Entries that it exports as a namespace, by what that is called. */
  readonly namespaces: readonly string[];
  /** The service that it is for. */
  readonly service?: Service;
  /** The service whose callers wait instead of awaiting: the entry has that client alone. */
  readonly waitsFor?: Service;
}

export interface Entries {
  /** The main one first. */
  readonly entries: readonly Entry[];
  /** Two entries of one subpath are an error, and a name that an entry leaves out is a warning. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * - `.` has all that is declared, but what stands in a package with a version, such as `orders.v2`: that is in `./v2`, which the main
 *   entry exports as `v2`.
 * - Each service has an entry with what it takes to call it and to serve it, wherever that is declared: `./orders`, or `./v2/orders`.
 *   Its blocking client has one below that, `./orders/sync`: few need it, and those import little else.
 *
 * What an entry has thus depends on itself alone, so that a service or a version that is added takes nothing away. A name with two
 * meanings is left out; in the entry of a service, the service's own package comes first.
 */
export function entriesOf(index: SchemaIndex): Entries {
  const found = new Collector();
  const all = index.schema.files.flatMap((file) => file.declarations.map((declaration) => ({ file, declaration })));
  const versions = [...new Set(index.schema.files.map(versionOf))].filter((version) => version !== undefined).sort();
  const of = (version: string | undefined) => all.filter(({ file }) => versionOf(file) === version);
  const namesFor = (subpath: string, declarations: readonly Placed[], preferred?: string) => namesOf({ subpath, declarations, preferred }, index, found);
  const names = namesFor(".", of(undefined));
  const entries: Entry[] = [{ subpath: ".", names, namespaces: versions.filter((version) => !names.has(version)) }];
  for (const version of versions) entries.push({ subpath: `./${version}`, names: namesFor(`./${version}`, of(version)), namespaces: [] });
  for (const { file, declaration } of all) {
    if (declaration.kind !== "service") continue;
    const subpath = subpathOf(declaration, file);
    const sync = `${subpath}/sync`;
    const other = entries.find((entry) => entry.subpath === subpath || entry.subpath === sync);
    if (other !== undefined) {
      const its = other.service ?? other.waitsFor;
      const related = its === undefined ? [] : [{ message: `so has "${its.fullName}"`, span: its.span }];
      found.report("RPC7062", declaration.span, { service: declaration.fullName, subpath }, { related });
      continue;
    }
    const reached = reachedFrom(declaration, index);
    const needed = all.filter((each) => reached.has(each.declaration) || (each.file === file && each.declaration.kind !== "service"));
    entries.push({ subpath, names: namesFor(subpath, needed, file.package), namespaces: [], service: declaration });
    entries.push({ subpath: sync, names: new Map([[derivedNames.syncClient(declaredName(declaration)), file]]), namespaces: [], waitsFor: declaration });
  }
  return { entries, diagnostics: found.sorted() };
}

interface Placed {
  readonly file: SchemaFile;
  readonly declaration: Declaration;
}

interface Wanted {
  readonly subpath: string;
  readonly declarations: readonly Placed[];
  /** The package whose names win. */
  readonly preferred: string | undefined;
}

function namesOf({ subpath, declarations, preferred }: Wanted, index: SchemaIndex, found: Collector): ReadonlyMap<string, SchemaFile> {
  const owners = new Map<string, Placed[]>();
  for (const placed of declarations) for (const name of allNames(placed.declaration, index)) owners.set(name, [...(owners.get(name) ?? []), placed]);
  const names = new Map<string, SchemaFile>();
  const told = new Set<Declaration>();
  for (const [name, its] of owners) {
    const own = its.filter(({ file }) => file.package === preferred);
    const [first, second] = own.length === 1 ? own : its;
    if (first === undefined) continue;
    if (second === undefined) names.set(name, first.file);
    else if (!told.has(second.declaration)) {
      // Of `Order`, `OrderInit` and `OrderCodec` the first is told.
      told.add(second.declaration);
      const related = [{ message: "the other one", span: first.declaration.span }];
      found.report("RPC7063", second.declaration.span, { name, subpath, first: first.declaration.fullName, second: second.declaration.fullName }, { related });
    }
  }
  return names;
}

function allNames(declaration: Declaration, index: SchemaIndex): readonly string[] {
  const names = exportedNames(declaration);
  if (declaration.kind === "alias" && !inputDiffers(index, declaration.type)) return names.slice(0, 1);
  if (declaration.kind !== "service") return names;
  return [...names, ...declaration.methods.flatMap((method) => parameterNames(declaration, method))];
}

function reachedFrom(service: Service, index: SchemaIndex): ReadonlySet<Declaration> {
  const reached = new Set<Declaration>([service]);
  // A set is walked in order of insertion, so that what is added on the way is visited too.
  for (const declaration of reached) for (const name of namesUsedBy(declaration)) reached.add(index.declaration(name));
  return reached;
}

/** "v2" for the package `city.orders.v2`. */
function versionOf(file: SchemaFile): string | undefined {
  return /(?:^|\.)(v\d+(?:(?:alpha|beta|rc)\d*)?)$/.exec(file.package)?.[1];
}

/** "./v2/order-books" for the service `OrderBooks` of `city.orders.v2`. */
function subpathOf(service: Service, file: SchemaFile): string {
  const kebab = declaredName(service)
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .replaceAll(/[_$]+/g, "-")
    .toLowerCase();
  const version = versionOf(file);
  return version === undefined ? `./${kebab}` : `./${version}/${kebab}`;
}

/** What users of the older entries find no more: a whole entry, or names of one that is still there. */
export function lostExports(before: readonly Entry[], after: readonly Entry[]): readonly { readonly subpath: string; readonly names?: readonly string[] }[] {
  return before.flatMap(({ subpath, names, namespaces }) => {
    const now = after.find((entry) => entry.subpath === subpath);
    if (now === undefined) return [{ subpath }];
    const lost = [...names.keys(), ...namespaces].filter((name) => !now.names.has(name) && !now.namespaces.includes(name));
    return lost.length === 0 ? [] : [{ subpath, names: lost }];
  });
}
