/** Walks a value field by field as the schema says, and leaves a node for each: docs/wire.md, 1.2 to 1.4. */
import type { Field, Struct, TypeRef, Union } from "../ir/schema.js";
import { plural } from "./byte-cursor.js";
import { wireTypeName, WireType } from "./layout.js";
import { isPlainPayload, readFlatScalar, readPayloadScalar, scalarTypeOf } from "./read-scalar.js";
import { slotOf, type Slot } from "./slot.js";
import { typeText } from "./type-text.js";
import type { Details } from "./tree-builder.js";
import { walkBlock, walkFlatList, walkList, walkMap, walkStructList } from "./walk-collections.js";
import { walkUnknownField } from "./walk-unknown.js";
import type { Walk } from "./walk.js";

/** What the unknown fields of a message, or the unknown member of a union, count together: docs/wire.md, 1.6. */
const UNKNOWN_NODES = 4;

export class ValueWalker {
  readonly #walk: Walk;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  /** The body of a whole value of a type that is not flat: as a payload, but without the header of a BLOCK. */
  body(slot: Slot): void {
    const concrete = this.#walk.layout.concrete(slot.type);
    if (this.#walk.layout.wireType(slot.type) !== WireType.BLOCK) this.#payload(slot, false);
    else if (concrete.kind === "list") this.#structList(concrete.element, undefined);
    else if (concrete.kind === "declared" && concrete.declaration.kind === "struct") this.#struct(concrete.declaration);
  }

  /** The payload of a type, for the node that is open. `isImplicit`: a zero would not be here. */
  #payload(slot: Slot, isImplicit: boolean): void {
    const { cursor, layout, tree } = this.#walk;
    const concrete = layout.concrete(slot.type);
    const wireType = layout.wireType(slot.type);
    const width = layout.flatWidth(slot.type);
    const start = cursor.position;
    const type = scalarTypeOf(concrete);
    if (type !== undefined && isPlainPayload(type)) {
      const value = readPayloadScalar(this.#walk, type, slot.safeIntegers, (kind) => tree.part(kind));
      this.#walk.refuseZero(isImplicit && value.isZero, start);
      tree.value(value.shown);
      tree.pooled(value.text?.pooled);
    } else if (width !== undefined) {
      const length = cursor.varint("a length");
      if (length !== width)
        this.#walk.fault(
          `the length is ${length}`,
          start,
          `${plural(width, "byte")}, for this is a ${typeText(slot.type)}`,
        );
      tree.part("length");
      const from = cursor.position;
      this.flat(slot);
      this.#walk.refuseZero(isImplicit && cursor.isZeroSince(from), start);
    } else if (concrete.kind === "list") {
      const { element } = concrete;
      if (wireType === WireType.BYTES) walkFlatList(this.#walk, element, slot, isImplicit, (inner) => this.flat(inner));
      else if (wireType === WireType.LIST)
        walkList(this.#walk, element, slot, isImplicit, (inner) => this.#payload(inner, false));
      else {
        walkBlock(this.#walk, (_, length) => {
          this.#walk.refuseZero(isImplicit && length === 0, start);
          this.#structList(element, length);
        });
      }
    } else if (concrete.kind === "map") {
      walkMap(this.#walk, concrete, slot, isImplicit, (inner) => this.#payload(inner, false));
    } else if (concrete.kind === "declared") {
      const { declaration } = concrete;
      if (declaration.kind === "message") {
        this.#walk.refuseZero(isImplicit && cursor.bytes[cursor.position] === 0, start);
        this.message(declaration.fields, declaration.name);
      } else if (declaration.kind === "union") this.#union(declaration);
      else if (declaration.kind === "struct") {
        walkBlock(this.#walk, (from) => {
          this.#struct(declaration);
          this.#walk.refuseZero(isImplicit && cursor.isZeroSince(from), start);
        });
      }
    }
  }

  #structList(element: TypeRef, length: number | undefined): void {
    const concrete = this.#walk.layout.concrete(element);
    if (concrete.kind !== "declared" || concrete.declaration.kind !== "struct")
      throw new Error("the elements are no structs");
    const { declaration } = concrete;
    walkStructList(this.#walk, length, () => this.#struct(declaration));
  }

  /** The flat bytes of a flat type, for the node that is open. */
  flat(slot: Slot): void {
    const { cursor, layout, tree } = this.#walk;
    const concrete = layout.concrete(slot.type);
    if (concrete.kind === "declared" && concrete.declaration.kind === "struct") {
      const { fields } = concrete.declaration;
      for (const field of fields) {
        tree.open({ ...this.#details(field), wireType: "flat" });
        this.flat(slotOf(field));
        tree.close();
      }
      if (fields.length > 0) return;
      const byte = cursor.byte("a struct without fields");
      if (byte !== 0)
        this.#walk.fault(`a struct without fields is not the byte ${byte}`, cursor.position - 1, "a byte 0");
      tree.part("value");
      tree.note("no fields");
      return;
    }
    const type = scalarTypeOf(concrete);
    if (type === undefined) throw new Error("the type is not flat");
    const { shown } = readFlatScalar(this.#walk, type, slot.safeIntegers);
    tree.part("value");
    tree.value(shown);
  }

  /** The fields of a message, error or parameter list, and the 0 behind them. */
  message(fields: readonly Field[], name: string): void {
    const { cursor, layout } = this.#walk;
    const byNumber = new Map(fields.map((field) => [field.number, field]));
    const seen = new Set<Field>();
    let hasUnknown = false;
    this.#walk.enter(layout.weights.ofRecord(fields));
    for (let tag = this.#walk.tag(0); tag !== 0; tag = this.#walk.tag(tag)) {
      const field = byNumber.get(tag >>> 3);
      if (field !== undefined) seen.add(field);
      if (field?.optional) this.#walk.count(layout.weights.ofPresent(field));
      if (field === undefined && !hasUnknown) this.#walk.count(UNKNOWN_NODES);
      hasUnknown ||= field === undefined;
      this.#tagged(field, tag, field !== undefined && !field.optional && field.default === undefined);
    }
    this.#end(name);
    this.#walk.leave();
    const missing = fields.find((field) => !field.optional && !seen.has(field) && !layout.hasZero(field.type));
    if (missing !== undefined) {
      this.#walk.fault(
        `the field \`${missing.name}\` is missing`,
        cursor.position - 1,
        `number ${missing.number}, a ${typeText(missing.type)}, which has no zero and so is always there`,
      );
    }
  }

  #union({ name, members }: Union): void {
    const { cursor, tree } = this.#walk;
    this.#walk.enter(1);
    const start = cursor.position;
    const tag = this.#walk.tag(0);
    if (tag === 0)
      this.#walk.fault(
        "a union has exactly one member",
        start,
        `one of ${members.map((member) => `${member.number} ${member.name}`).join(", ")}`,
      );
    const member = members.find(({ number }) => number === tag >>> 3);
    this.#walk.count(member === undefined ? UNKNOWN_NODES : this.#walk.layout.weights.ofPresent(member));
    tree.note(member?.name ?? "a member that the schema does not know");
    this.#tagged(member, tag, false);
    const at = cursor.position;
    const next = cursor.varint("the byte 0 behind a union's member");
    if (next !== 0) this.#walk.fault("a union has exactly one member", at, "the byte 0 that ends it");
    this.#end(name);
    this.#walk.leave();
  }

  /** The node of a field whose tag was read. */
  #tagged(field: Field | undefined, tag: number, isImplicit: boolean): void {
    const { layout, tree } = this.#walk;
    if (field === undefined) return walkUnknownField(this.#walk, tag);
    const wireType = layout.wireType(field.type);
    const { start } = tree.open({ ...this.#details(field), number: field.number, wireType: wireTypeName(wireType) });
    if ((tag & 7) !== wireType) {
      this.#walk.fault(
        `field ${field.number} has the wire type ${wireTypeName(tag & 7)}`,
        start,
        `${wireTypeName(wireType)}, for this is a ${typeText(field.type)}`,
      );
    }
    tree.part("tag");
    this.#payload(slotOf(field), isImplicit);
    tree.close();
  }

  #end(name: string): void {
    const { tree } = this.#walk;
    tree.open({ label: "end" });
    tree.part("end");
    tree.note(`of ${name}`);
    tree.close();
  }

  #details({ name, type, optional, sensitive }: Field): Details {
    return { label: name, step: `.${name}`, type: typeText(type), optional, sensitive };
  }

  /** A struct that is not flat, without the header of a BLOCK. */
  #struct({ fields }: Struct): void {
    const { layout, tree } = this.#walk;
    this.#walk.enter(layout.weights.ofRecord(fields));
    for (const field of fields) {
      const concrete = layout.concrete(field.type);
      const isFlat = layout.flatWidth(field.type) !== undefined;
      const struct =
        !isFlat && concrete.kind === "declared" && concrete.declaration.kind === "struct"
          ? concrete.declaration
          : undefined;
      const wireType = isFlat ? "flat" : struct !== undefined ? "body" : wireTypeName(layout.wireType(field.type));
      tree.open({ ...this.#details(field), wireType });
      const isThere = this.#isThere(field);
      if (field.optional && isThere) this.#walk.count(layout.weights.ofPresent(field));
      if (!isThere) tree.note("absent");
      else if (isFlat) this.flat(slotOf(field));
      else if (struct !== undefined) this.#struct(struct);
      else this.#payload(slotOf(field), false);
      tree.close();
    }
    this.#walk.leave();
  }

  /** Reads the byte before an optional field of a struct. */
  #isThere(field: Field): boolean {
    if (!field.optional) return true;
    const { cursor, tree } = this.#walk;
    const present = cursor.byte("whether the field is there");
    if (present > 1)
      this.#walk.fault(`a field is there or not, and ${present} says neither`, cursor.position - 1, "0 or 1");
    tree.part("presence");
    return present === 1;
  }
}
