/** The lists and maps of a module: a pair of functions for each kind that it writes or reads, by name. */
import type { GeneratedFile } from "../generated-file.js";
import { declaredName, upperFirst, type Names } from "../names.js";
import { partName } from "./part-name.js";
import type { Layout, Slot } from "./payload.js";

export interface Collection {
  readonly slot: Slot;
  /** Such as `ItemList`. */
  readonly name: string;
  writes: boolean;
  reads: boolean;
}

export class Collections {
  readonly #layout: Layout;
  readonly #names: Names;
  /** By what tells two of them apart. */
  readonly #known = new Map<string, Collection>();
  readonly #taken = new Set<string>();

  /** The name of the function that writes a list or map, which is printed because it was asked for. */
  readonly writer: (slot: Slot) => string;
  readonly reader: (slot: Slot) => string;

  constructor(file: GeneratedFile, names: Names, layout: Layout) {
    this.#layout = layout;
    this.#names = names;
    this.writer = file.question((slot: Slot) => {
      const collection = this.#of(slot);
      collection.writes = true;
      return partName("write", collection.name);
    });
    this.reader = file.question((slot: Slot) => {
      const collection = this.#of(slot);
      collection.reads = true;
      return partName("read", collection.name);
    });
  }

  /** Names that a declaration's own functions have. */
  reserve(name: string): void {
    this.#taken.add(name);
  }

  /** In order of first use. What comes to it while it is walked is walked too. */
  get asked(): Iterable<Readonly<Collection>> {
    return this.#known.values();
  }

  #of(slot: Slot): Collection {
    const key = this.#describe(slot, (name) => `<${name}>`);
    let collection = this.#known.get(key);
    if (collection === undefined) {
      const base = this.#describe(slot, (name) => declaredName(this.#names.index.declaration(name)));
      let name = base;
      for (let number = 1; this.#taken.has(name); number++) name = `${base}$${number}`;
      this.#taken.add(name);
      collection = { slot, name, writes: false, reads: false };
      this.#known.set(key, collection);
    }
    return collection;
  }

  /** Such as `TextToItemListMap`. */
  #describe(slot: Slot, declared: (fullName: string) => string): string {
    const payload = this.#layout.payload(slot);
    const inner = (of: Slot): string => this.#describe(of, declared);
    switch (payload.kind) {
      case "number":
      case "flat":
        return upperFirst(payload.method);
      case "text":
      case "bytes":
        return upperFirst(payload.kind);
      case "typedArray":
        return payload.constructor;
      case "flatList":
      case "structList":
      case "list":
        return `${inner(payload.element)}List`;
      case "map":
        return `${inner(payload.key)}To${inner(payload.value)}Map`;
      default:
        return declared(payload.name);
    }
  }
}
