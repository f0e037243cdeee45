/** Harm to what numbers mean and to JSON, while the bytes themselves go through. */
import { splitSample } from "../checker/program.js";
import { loadGenerated } from "../load-generated.js";
import { agree, misunderstandings, readsBytes, unlessRefused, type Harm, type Reads } from "./harm.js";

/** The bytes are read; the names that the reader has for them are the writer's. */
export const meansTheSame: Reads = (value, writer, reader) => {
  const { toJson: wrote } = writer.codec;
  const { toJson: has } = reader.codec;
  if (wrote === undefined || has === undefined) return true;
  return unlessRefused(() => agree(wrote(value), has(reader.codec.decode(writer.codec.encode(value)))));
};

/** The reader takes the writer's JSON, and makes the writer's bytes of it. */
export const readsJson: Reads = (value, writer, reader) => {
  const { toJson } = writer.codec;
  const { fromJson } = reader.codec;
  if (toJson === undefined || fromJson === undefined) return true;
  return unlessRefused(() => agree(value, writer.codec.decode(reader.codec.encode(fromJson(toJson(value))))));
};

const meaning: Harm = async (before, after) => {
  const [old, fresh] = [await loadGenerated(splitSample(before)), await loadGenerated(splitSample(after))];
  // What is wrong is not that the bytes were refused: nobody notices.
  const refused = misunderstandings(old, fresh, readsBytes);
  if (refused.length > 0) throw new Error(`the bytes do not go through: ${refused.join("; ")}`);
  return misunderstandings(old, fresh, meansTheSame);
};

const json: Harm = async (before, after) => {
  const [old, fresh] = [await loadGenerated(splitSample(before)), await loadGenerated(splitSample(after))];
  return misunderstandings(old, fresh, readsJson);
};

/** By rule. */
export const harmToNames: Readonly<Record<string, Harm>> = {
  "enum-member-number": meaning,
  "enum-number-reused": meaning,
  "enum-zero-changed": meaning,
  "enum-member-added": meaning,
  "enum-member-json-name": json,
  "field-json-name": json,
  "bytes-spelling": json,
};
