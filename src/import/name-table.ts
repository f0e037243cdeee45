/** Every type of a set of .proto files by its full name, with the name that it gets in our language. */
import type { Collector } from "../diagnostics/collector.js";
import { pascalCase } from "../text/protobuf-names.js";
import type { Span } from "../text/span.js";
import { Taken, typeName } from "./naming.js";
import type { ProtoEnum, ProtoFile, ProtoMessage, ProtoService } from "./proto-file.js";

export interface NamedType {
  readonly file: ProtoFile;
  readonly declaration: ProtoMessage | ProtoEnum;
  /** "google.pubsub.v1.Topic". */
  readonly fullName: string;
  readonly idlName: string;
}

type Declared = ProtoMessage | ProtoEnum | ProtoService;

export class NameTable {
  readonly #types = new Map<string, NamedType>();
  readonly #names = new Map<string, string>();

  /** Reports what two files declare. */
  constructor(files: readonly ProtoFile[], collector: Collector) {
    const packages = new Map<string, Taken>();
    const takenIn = (file: ProtoFile): Taken => {
      const name = packageOf(file);
      const taken = packages.get(name) ?? new Taken();
      packages.set(name, taken);
      return taken;
    };
    reportTwice(files, collector);
    // Names at the top come first, in all files, so that no nested one takes theirs.
    for (const file of files) for (const each of file.declarations) this.#add(file, each, takenIn(file).claim(typeName(each.path)));
    for (const file of files) for (const each of file.declarations) if (each.kind === "message") this.#addNested(file, each, takenIn(file));
  }

  /** What a declaration, or the union of a oneof, is called. */
  idlName(file: ProtoFile, path: string): string {
    return this.#names.get(fullName(file, path)) ?? path;
  }

  /** The type that a reference means in a scope: the innermost scope that has it wins. */
  find(reference: string, file: ProtoFile, scope: string): NamedType | undefined {
    if (reference.startsWith(".")) return this.#types.get(reference.slice(1));
    for (let around = fullName(file, scope); around !== ""; around = around.includes(".") ? around.slice(0, around.lastIndexOf(".")) : "") {
      const found = this.#types.get(`${around}.${reference}`);
      if (found !== undefined) return found;
    }
    return this.#types.get(reference);
  }

  #addNested(file: ProtoFile, message: ProtoMessage, taken: Taken): void {
    for (const each of message.nested) {
      this.#add(file, each, taken.claim(typeName(each.path), each.path.replaceAll(".", "_")));
      if (each.kind === "message") this.#addNested(file, each, taken);
    }
    for (const { path, name } of message.oneofs) {
      const outer = this.idlName(file, message.path);
      this.#names.set(fullName(file, path), taken.claim(`${outer}${pascalCase(name)}`, `${outer}_${name}`, `${outer}${pascalCase(name)}Oneof`));
    }
  }

  #add(file: ProtoFile, declaration: Declared, idlName: string): void {
    const name = fullName(file, declaration.path);
    this.#names.set(name, idlName);
    if (declaration.kind !== "service") this.#types.set(name, { file, declaration, fullName: name, idlName });
  }
}

function reportTwice(files: readonly ProtoFile[], collector: Collector): void {
  const first = new Map<string, Span>();
  for (const file of files) {
    for (const { path, offset, name } of file.declarations) {
      const declared = fullName(file, path);
      const span = file.source.span(offset, offset + name.length);
      const before = first.get(declared);
      if (before === undefined) first.set(declared, span);
      else collector.report("RPC8012", span, { name: declared }, { related: [{ message: "first declared here", span: before }] });
    }
  }
}

function fullName(file: ProtoFile, path: string): string {
  return [file.package, path].filter((part) => part !== "").join(".");
}

/** Ours needs a package: a file without one is a package of its own, named after it. */
export function packageOf(file: ProtoFile): string {
  if (file.package !== "") return file.package;
  return file.name.replace(/\.proto$/, "").split("/").map((part) => part.replace(/\W/g, "_").replace(/^(?=\d)/, "_")).join(".");
}
