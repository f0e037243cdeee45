/** Says of every byte of an encoded value which part of which field it is, up to the first that cannot be right. */
import { SchemaIndex } from "../ir/schema-index.js";
import type { Schema, TypeRef } from "../ir/schema.js";
import type { Inspection } from "./annotation.js";
import { ByteCursor, Malformed, plural } from "./byte-cursor.js";
import type { Subject } from "./find-subject.js";
import { Layout, wireTypeName, WireType } from "./layout.js";
import { plainSlot } from "./slot.js";
import { TextPool } from "./text-pool.js";
import { typeText } from "./type-text.js";
import { quote } from "./value-text.js";
import { ValueWalker } from "./walk-value.js";
import { Walk } from "./walk.js";

export interface InspectOptions {
  /** Keep every element and all of each text, instead of the first. */
  readonly all?: boolean | undefined;
  /** Show the values of `@sensitive` fields. */
  readonly showSensitive?: boolean | undefined;
}

const MOST_ITEMS = 8;
const MOST_UNITS = 60;

/** Never throws on account of the bytes: what is wrong with them is the `fault` of the result. */
export function inspect(schema: Schema, subject: Subject, bytes: Uint8Array, options: InspectOptions = {}): Inspection {
  const layout = new Layout(new SchemaIndex(schema));
  const walk = new Walk(new ByteCursor(bytes), layout, subject.name, {
    mostItems: options.all ? Number.POSITIVE_INFINITY : MOST_ITEMS,
    mostUnits: options.all ? Number.POSITIVE_INFINITY : MOST_UNITS,
    showSensitive: options.showSensitive === true,
    // Nobody can tell whose bytes stand behind a fault.
    masksRest: options.showSensitive !== true && mayBeSensitive(layout, subject),
  });
  const fault = walk.attempt(() => {
    if (subject.kind === "type" && layout.flatWidth(subject.type) !== undefined) walkFlat(walk, subject.type);
    else if (subject.kind !== "nothing") walkPooled(walk, subject);
    refuseRest(walk);
  });
  return { type: subject.name, length: bytes.length, root: walk.root, ...(fault !== undefined && { fault }) };
}

function mayBeSensitive(layout: Layout, subject: Subject): boolean {
  if (subject.kind === "type") return layout.reachesSensitive([subject.type]);
  return (
    subject.kind === "fields" &&
    (subject.fields.some((field) => field.sensitive) ||
      layout.reachesSensitive(subject.fields.map((field) => field.type)))
  );
}

function refuseRest(walk: Walk): void {
  const { bytes, position } = walk.cursor;
  const left = bytes.length - position;
  if (left > 0)
    walk.fault(
      `${plural(left, "byte")} ${left === 1 ? "is" : "are"} left after the value`,
      position,
      "the end of the input",
    );
}

function walkFlat(walk: Walk, type: TypeRef): void {
  walk.tree.open({ label: typeText(type), wireType: "flat" });
  new ValueWalker(walk).flat(plainSlot(type));
  walk.tree.close();
}

type PooledSubject = Exclude<Subject, { kind: "nothing" }>;

/** Header, body, pool: docs/wire.md, 1.5. */
function walkPooled(walk: Walk, subject: PooledSubject): void {
  const { cursor, tree } = walk;
  tree.open({ label: "header", wireType: wireTypeName(WireType.VARINT) });
  const head = cursor.varint("the header: units of the pool << 1 | its form");
  const units = head >>> 1;
  const form = head & 1;
  tree.part("value");
  if (units === 0 && form === 1) walk.fault("an empty pool has the form 0", 0, "a byte 0");
  tree.note(
    units === 0
      ? "no text in the pool"
      : `${plural(units, "unit")} of text in the pool, ${form === 0 ? "one byte each" : "in UTF-16"}`,
  );
  tree.close();
  tree.pool = new TextPool(cursor, { units, form, start: poolStart(walk, subject, units, form) });
  walkBody(walk, subject);
  if (units > 0) walkPool(walk, tree.pool);
}

function walkBody(walk: Walk, subject: PooledSubject): void {
  const wireType = subject.kind === "fields" ? WireType.MESSAGE : walk.layout.wireType(subject.type);
  const label = subject.kind === "fields" ? subject.label : typeText(subject.type);
  walk.tree.open({ label, wireType: wireType === WireType.BLOCK ? "body" : wireTypeName(wireType) });
  if (subject.kind === "type") new ValueWalker(walk).body(plainSlot(subject.type));
  else new ValueWalker(walk).message(subject.fields, subject.label);
  walk.tree.close();
}

/**
 * Where the body ends, found by walking it without its text. Counting back from the end of the input would be quicker, but
 * where that is cut off, as it often is where someone has to look, it gives bytes of the body for text.
 */
function poolStart(
  { cursor: { bytes, position }, layout, options }: Walk,
  subject: PooledSubject,
  units: number,
  form: number,
): number | undefined {
  const cursor = new ByteCursor(bytes);
  cursor.position = position;
  const trial = new Walk(cursor, layout, "", { ...options, mostItems: 0 });
  trial.tree.pool = new TextPool(cursor, { units, form });
  try {
    walkBody(trial, subject);
    return cursor.position;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const counted = bytes.length - units * (form === 1 ? 2 : 1);
    return error.isCutOff || counted < cursor.position ? undefined : counted;
  }
}

/** A node for each string that took a part of the pool. */
function walkPool(walk: Walk, pool: TextPool): void {
  const { cursor, tree } = walk;
  const start = cursor.position;
  const end = start + pool.units * pool.unitBytes;
  tree.open({ label: "pool" });
  for (const { path, sensitive, text, strings, ...range } of pool.uses) {
    if (range.start >= cursor.bytes.length) break;
    const label = strings > 1 ? `${path} …` : path || "the value";
    tree.leaf(
      { label, sensitive },
      range,
      strings > 1 ? plural(strings, "string") : quote(text, walk.options.mostUnits),
    );
  }
  if (end > cursor.bytes.length) {
    const expected = `${plural(end - start, "byte")} of text, of which ${cursor.bytes.length - start} are there`;
    throw new Malformed("the bytes end too soon", cursor.bytes.length, { expected, isCutOff: true });
  }
  const unused = pool.units - pool.taken;
  if (unused > 0)
    walk.fault(
      `${plural(unused, "unit")} of text ${unused === 1 ? "is" : "are"} left that no string refers to`,
      end - unused * pool.unitBytes,
      "the end of the pool",
    );
  if (pool.form === 1) walk.checkWide(pool.text, start);
  tree.close();
}
