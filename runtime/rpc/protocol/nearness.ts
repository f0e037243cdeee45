/**
 * How a server leads a client on its own host to a nearer address, and how the client knows that it is the same host
 * and the same server (docs/wire.md, 2.2).
 */
import { schemeOf } from "../address.js";
import { ID_BYTES } from "../call-id.js";
import type { FrameReader } from "../frame-reader.js";
import { FrameError } from "../frame-reader.js";
import { FrameWriter, utf8 } from "../frame-writer.js";
import { sha256 } from "../sha256.js";

/** What a server says to a client that seems to be on its host. */
export interface Offer {
  /** Of the host and the server instance: who is on another host cannot tell which, and nobody can follow it. */
  readonly mark: Uint8Array;
  /** Known to the server instance and to those to whom it was offered. */
  readonly secret: Uint8Array;
  /** Where the instance listens as well, and is nearer. */
  readonly addresses: readonly string[];
}

/**
 * Ways within the host that others can take who have their name; a port is an object, and a child's pipes are its parent's. A client follows
 * no others: to connect to `stdio:COMMAND` is to run it.
 */
const OFFERED: readonly string[] = ["inproc", "unix", "shm"];

/** Of an offer: each may be tried, one after the other. */
export const MOST_ADDRESSES = 64;

export function isOffered(address: string): boolean {
  return OFFERED.includes(schemeOf(address));
}

export function markOf(host: Uint8Array, instanceId: Uint8Array): Uint8Array {
  return digest(host, instanceId);
}

/** What only who has the secret can answer to a challenge. */
export function proofOf(secret: Uint8Array, challenge: Uint8Array): Uint8Array {
  return digest(secret, challenge);
}

export function writeOffer({ mark, secret, addresses }: Offer): Uint8Array {
  const texts = addresses.map(utf8);
  const bound = 2 * ID_BYTES + texts.reduce((sum, text) => sum + text.length + 8, 16);
  const writer = new FrameWriter(bound).begin(bound).bytes(mark).bytes(secret).varint(texts.length);
  for (const text of texts) writer.block(text);
  return writer.finish();
}

/** @throws FrameError if it is none. */
export function readOffer(reader: FrameReader): Offer {
  const [mark, secret] = [reader.copy(ID_BYTES), reader.copy(ID_BYTES)];
  const addresses: string[] = [];
  const count = reader.varint();
  if (count > MOST_ADDRESSES) throw new FrameError(`an offer of ${count} addresses exceeds ${MOST_ADDRESSES}`);
  for (let left = count; left > 0; left -= 1) addresses.push(reader.text());
  reader.end();
  return { mark, secret, addresses };
}

function digest(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return sha256(both).slice(0, ID_BYTES);
}
