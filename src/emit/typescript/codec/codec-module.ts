/** What the printers of one codec module share: its file, the layout of types, and the names of its functions. */
import type { Doc } from "../code-writer/document.js";
import type { GeneratedFile } from "../generated-file.js";
import { NodeWeights } from "../../../ir/node-weights.js";
import type { SchemaFile } from "../../../ir/schema.js";
import { declaredName, type Names } from "../names.js";
import { Collections } from "./collections.js";
import { partName, type Part } from "./part-name.js";
import { Patterns } from "./patterns.js";
import { Layout } from "./payload.js";
import { Zeros } from "./zeros.js";

export class CodecModule {
  readonly file: GeneratedFile;
  readonly names: Names;
  readonly layout: Layout;
  readonly weights: NodeWeights;
  readonly collections: Collections;
  readonly zeros: Zeros;
  readonly patterns: Patterns;
  readonly #source: SchemaFile;

  constructor(file: GeneratedFile, names: Names, source: SchemaFile) {
    this.file = file;
    this.names = names;
    this.layout = new Layout(names);
    this.weights = new NodeWeights(names.index, (type) => this.layout.flatWidth(type));
    this.collections = new Collections(file, names, this.layout);
    this.zeros = new Zeros(file, names, this.layout);
    this.patterns = new Patterns(file);
    this.#source = source;
  }

  /** `writeOrder` of this module, or `OrderCodec.write` of another. */
  part(part: Part, fullName: string): Doc {
    if (!this.has(fullName)) return [this.names.codec(fullName), `.${part}`];
    return partName(part, declaredName(this.names.index.declaration(fullName)));
  }

  /** Whether a declared type stands in this module. */
  has(fullName: string): boolean {
    return this.names.index.fileOf(fullName) === this.#source;
  }

  /** The JSON form of a declared type that has a codec. */
  json(fullName: string): Doc {
    return [this.names.codec(fullName), ".json"];
  }
}
