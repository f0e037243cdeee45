/** Writes back what a decoder did not know: fields among the known ones by number, and members of unions. */
import { DecodeError, EncodeError, show } from "./errors.js";
import type { FieldWriter } from "./field-writer.js";
import { UNKNOWN_NODES } from "./limits.js";
import { Reader } from "./reader.js";
import type { UnknownFields, UnknownMember } from "./unknown-fields.js";

/** A writer that keeps count of what it writes. */
interface NodeWriter extends FieldWriter {
  readonly depth: number;
  countNodes(nodes: number, place: string): void;
}

/** Unknown fields of a message that is being written, and where the message began. */
export interface PendingUnknown {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly poolStart: number;
}

/** One field, tag and payload, and its share of the pool. */
interface Piece {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** The unknown fields that a message carries, if they are of its own type. */
export function openUnknown(writer: NodeWriter, unknown: UnknownFields, name: string): PendingUnknown | undefined {
  if (unknown.type !== name) return undefined;
  return { name, bytes: unknown.bytes, start: writer.offset(), poolStart: writer.pool.length };
}

/** Takes the fields written so far apart, and writes them again with the unknown ones in their places. */
export function mergeUnknown(writer: NodeWriter, { name, bytes, start, poolStart }: PendingUnknown): void {
  const end = writer.position;
  writer.rewind(start);
  const written = writer.bytes.slice(writer.position, end);
  const known = refusing("what is beside unknown fields is too large", name, () =>
    fieldsUntil(new Reader().openPart(written, writer.pool.slice(poolStart)), written.length),
  );
  const knownNumbers = new Set(known.map((field) => field.number));
  const unknown = keptIn(writer, bytes, name).filter((field) => !knownNumbers.has(field.number));
  writer.pool = writer.pool.slice(0, poolStart);
  for (const field of [...known, ...unknown].sort((a, b) => a.number - b.number)) append(writer, field);
}

/** Writes the union's one field. */
export function writeUnknownMember(writer: NodeWriter, member: UnknownMember, name: string): void {
  const [field, ...others] = keptIn(writer, member.bytes, name);
  if (field === undefined || others.length > 0 || field.number !== member.number) {
    throw new EncodeError(`the bytes of an unknown member do not hold just the member ${show(member.number)}`, name);
  }
  append(writer, field);
}

/** The member that the bytes of an unknown one hold; undefined if they are damaged. */
export function unknownMemberOf(bytes: Uint8Array): UnknownMember | undefined {
  try {
    const [field, ...others] = fieldsOfWhole(new Reader().open(bytes));
    return field === undefined || others.length > 0 ? undefined : { kind: "$unknown", number: field.number, bytes };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The fields that a decoder kept, which count as much as they did when it read them. */
function keptIn(writer: NodeWriter, bytes: Uint8Array, name: string): Piece[] {
  const reader = new Reader();
  const fields = refusing("what was kept of unknown content is damaged, or too large here", name, () =>
    fieldsOfWhole(reader.openWithin(bytes, writer.depth)),
  );
  if (fields.length > 0) writer.countNodes(UNKNOWN_NODES + reader.nodes, name);
  return fields;
}

function refusing<T>(problem: string, name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) throw new EncodeError(`${problem}: ${error.message}`, name);
    throw error;
  }
}

function append(writer: NodeWriter, field: Piece): void {
  writer.append(field.bytes);
  writer.pool += field.text;
}

/** The fields of a message or union that is a whole value. @throws DecodeError if it is damaged. */
function fieldsOfWhole(reader: Reader): Piece[] {
  const fields = fieldsUntil(reader, reader.end - 1);
  if (reader.varint() !== 0) reader.fail("more fields are due");
  reader.close();
  return fields;
}

function fieldsUntil(reader: Reader, end: number): Piece[] {
  const fields: Piece[] = [];
  for (let tag = 0; reader.position < end;) {
    const { position, poolPosition } = reader;
    tag = reader.tag(tag);
    reader.skip(tag & 7);
    fields.push({
      number: tag >>> 3,
      bytes: reader.bytes.slice(position, reader.position),
      text: reader.pool.slice(poolPosition, reader.poolPosition),
    });
  }
  return fields;
}
