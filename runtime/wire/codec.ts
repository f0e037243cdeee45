/** What a generated codec is, and how one is made of the functions that write and read its type. */
import type { JsonType, JsonValue } from "./json/json-type.js";
import { JsonPath, ROOT } from "./json/json-path.js";
import { Reader } from "./reader.js";
import { takeWriter, type Writer } from "./writer.js";

/** Turns values of one type into bytes or JSON, and back. `Init` is what a caller may write, `T` what is read. */
export interface Codec<T, Init = T> {
  /** @throws EncodeError if the value does not fit its type. */
  readonly encode: (value: Init) => Uint8Array<ArrayBuffer>;
  /** @throws DecodeError if the bytes are not exactly one value. */
  readonly decode: (bytes: Uint8Array) => T;
  /** @throws EncodeError if the value does not fit its type. */
  readonly toJson: (value: Init) => JsonValue;
  /** @throws DecodeError if the JSON does not fit the type; its place is a path such as "$.items[3]". */
  readonly fromJson: (json: unknown) => T;
}

type Write<Init> = (writer: Writer, value: Init) => void;
type Read<T> = (reader: Reader) => T;
type Put<Init> = (writer: Writer, at: number, value: Init) => void;
type Get<T> = (reader: Reader, at: number) => T;
type Check<Init> = (value: Init) => string | undefined;

/** Bytes alone, as a call needs them. */
export interface BytesCodec<T, Init = T> extends Pick<Codec<T, Init>, "encode" | "decode"> {
  /** The first breach of the schema's constraints. Absent where the type reaches none. */
  readonly check?: Check<Init>;
}

/** JSON alone, as a call has it whose other end has no codec. */
export type JsonCodec<T, Init = T> = Pick<Codec<T, Init>, "toJson" | "fromJson">;

/** With what other generated code needs to hold the type within its own. */
export interface BodyCodec<T, Init = T> extends Codec<T, Init>, BytesCodec<T, Init> {
  readonly write: Write<Init>;
  readonly read: Read<T>;
  readonly json: JsonType<T, Init>;
}

/** As `BodyCodec`, for a struct of fixed width. */
export interface FlatCodec<T, Init = T> extends Codec<T, Init>, BytesCodec<T, Init> {
  readonly put: Put<Init>;
  readonly get: Get<T>;
  readonly json: JsonType<T, Init>;
}

/** Decoding runs no code but generated code, so one reader serves all. */
const reader = new Reader();

/** Of a message, a union, a struct that is not flat, or the fields of an error. */
export function bodyCodec<T, Init>(
  write: Write<Init>,
  read: Read<T>,
  json: JsonType<T, Init>,
  check?: Check<Init>,
): BodyCodec<T, Init> {
  const bytes = payloadCodec(write, read, check);
  const whole = json.decodingBy?.(bytes.decode) ?? json;
  return { ...bytes, ...jsonCodec(whole), write, read, json: whole };
}

/** Of a struct whose bytes are always `width` many. */
export function flatCodec<T, Init>(
  width: number,
  put: Put<Init>,
  get: Get<T>,
  json: JsonType<T, Init>,
  check?: Check<Init>,
): FlatCodec<T, Init> {
  return { ...flatPayloadCodec(width, put, get, check), ...jsonCodec(json), put, get, json };
}

/** Of any type. */
export function jsonCodec<T, Init = T>(json: JsonType<T, Init>): JsonCodec<T, Init> {
  return { toJson: (value) => json.toJson(value, ROOT), fromJson: (value) => json.fromJson(value, new JsonPath()) };
}

/** Of any type that is not flat. */
export function payloadCodec<T, Init = T>(write: Write<Init>, read: Read<T>, check?: Check<Init>): BytesCodec<T, Init> {
  return {
    encode: (value) => {
      const writer = takeWriter();
      write(writer, value);
      return writer.finish();
    },
    decode: (bytes) => {
      reader.open(bytes);
      const value = read(reader);
      reader.close();
      return value;
    },
    ...(check !== undefined && { check }),
  };
}

/** Of any flat type. */
export function flatPayloadCodec<T, Init = T>(
  width: number,
  put: Put<Init>,
  get: Get<T>,
  check?: Check<Init>,
): BytesCodec<T, Init> {
  return {
    encode: (value) => {
      const writer = takeWriter();
      put(writer, writer.take(width), value);
      return writer.finishFlat();
    },
    decode: (bytes) => {
      reader.openFlat(bytes);
      const value = get(reader, reader.take(width));
      reader.close();
      return value;
    },
    ...(check !== undefined && { check }),
  };
}

/** Of a method that answers nothing but the acknowledgement: no bytes. */
export const nothing: BytesCodec<void> = {
  encode: () => new Uint8Array(0),
  decode: (bytes) => reader.openFlat(bytes).close(),
};
