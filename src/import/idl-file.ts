/** One .idl file in the making: its imports come from the types that were referred to. */
import type { Collector } from "../diagnostics/collector.js";
import type { Span } from "../text/span.js";
import { ANNOTATIONS_FILE } from "./annotations-idl.js";
import { packageOf, type NameTable } from "./name-table.js";
import { Taken, typeName } from "./naming.js";
import type { ProtoFile, ProtoOption } from "./proto-file.js";
import { scalars } from "../text/protobuf-scalars.js";
import { wellKnownTypes } from "./well-known.js";

export class IdlFile {
  readonly file: ProtoFile;
  readonly names: NameTable;
  readonly collector: Collector;
  readonly #aliases = new Taken();
  readonly #imports = new Map<string, string | undefined>();
  readonly #optionCounts = new Map<string, { count: number; readonly span: Span }>();
  readonly #isComplete: boolean;
  readonly #needed: (name: string) => void;

  /** `failed` are import names that could not be read; `needed` hears that of each other .proto file that this one refers to. */
  constructor(file: ProtoFile, names: NameTable, failed: ReadonlySet<string>, collector: Collector, needed: (name: string) => void) {
    this.file = file;
    this.names = names;
    this.collector = collector;
    this.#needed = needed;
    this.#isComplete = !file.imports.some(({ name }) => failed.has(name));
    for (const { path } of file.declarations) this.#aliases.claim(typeName(path));
  }

  span({ offset, name }: { readonly offset: number; readonly name: string }): Span {
    return this.file.source.span(offset, offset + name.length);
  }

  /** The type as it is written here. `scope` is the path of the message around the reference. */
  type(reference: string, scope: string, at: Span): string {
    const scalar = scalars[reference];
    if (scalar !== undefined) return scalar;
    const found = this.names.find(reference, this.file, scope);
    const wellKnown = wellKnownTypes.get(found?.fullName ?? reference.replace(/^\./, ""));
    if (wellKnown !== undefined) return wellKnown;
    if (found === undefined) {
      // It may stand in an import that failed, and that was said.
      if (this.#isComplete) this.collector.report("RPC8003", at, { type: reference });
      return "bytes";
    }
    if (found.file === this.file) return found.idlName;
    this.#needed(found.file.name);
    const alias = this.import(idlPath(found.file.name), packageOf(found.file) === packageOf(this.file));
    return alias === undefined ? found.idlName : `${alias}.${found.idlName}`;
  }

  isMessage(reference: string, scope: string): boolean {
    return this.names.find(reference, this.file, scope)?.declaration.kind === "message";
  }

  /** Whether a reference means a wrapper, which becomes the scalar in it. */
  isWrapper(reference: string, scope: string): boolean {
    const found = this.names.find(reference, this.file, scope)?.fullName ?? "";
    return wellKnownTypes.has(found) && found.endsWith("Value");
  }

  /** What an import is known by here: nothing, where its names are in scope. */
  import(path: string, plain = false): string | undefined {
    if (!this.#imports.has(path)) {
      const stem = path.slice(path.lastIndexOf("/") + 1).replace(/\.idl$/, "").replace(/\W/g, "_").replace(/^(?=\d)/, "_");
      this.#imports.set(path, plain ? undefined : this.#aliases.claim(stem));
    }
    return this.#imports.get(path);
  }

  /** An annotation of those that remember. */
  remember(annotation: "name" | "type" | "key", text: string): string {
    return `@${this.import(ANNOTATIONS_FILE)}.${annotation}(${JSON.stringify(text)}) `;
  }

  /** Notes an option that has no meaning here. Each is reported once a file, with their number. */
  leave(options: readonly ProtoOption[], owner: { readonly offset: number; readonly name: string }): void {
    for (const name of options.flatMap(namesLeft)) {
      const before = this.#optionCounts.get(name);
      if (before === undefined) this.#optionCounts.set(name, { count: 1, span: this.span(owner) });
      else before.count += 1;
    }
  }

  reportOptions(): void {
    for (const [option, { count, span }] of this.#optionCounts) this.collector.report("RPC8004", span, { option, count });
  }

  importLines(): string[] {
    const here = idlPath(this.file.name).split("/").slice(0, -1);
    return [...this.#imports]
      .map(([path, alias]) => `import ${JSON.stringify(relative(here, path.split("/")))}${alias === undefined ? "" : ` as ${alias}`};`)
      .sort();
  }
}

/** Features of an edition come one by one or as one value, which protobufjs hands down. That of presence is carried over. */
function namesLeft({ name, value }: ProtoOption): string[] {
  const names = name === "features" && isRecord(value) ? Object.entries(value).map(([key, own]) => `${name}.${whole(key, own)}`) : [name];
  return names.filter((each) => each !== "features.field_presence");
}

/** protobufjs takes the dots of "(pb.cpp)" for its own. */
function whole(key: string, value: unknown): string {
  const [rest] = key.startsWith("(") && !key.endsWith(")") && isRecord(value) ? Object.entries(value) : [];
  return rest === undefined ? key : `${key}.${whole(...rest)}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export function idlPath(protoName: string): string {
  return protoName.replace(/\.proto$/, "") + ".idl";
}

function relative(from: readonly string[], to: readonly string[]): string {
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared += 1;
  const up = from.length - shared;
  return `${up === 0 ? "./" : "../".repeat(up)}${to.slice(shared).join("/")}`;
}
