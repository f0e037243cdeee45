// Opens an adapter for a shape, and sees whether what it encodes is what it decodes. Runs in Node and in browsers.
import { SHAPES } from './shapes.js';

/** A text in which equal values are equal and nothing else is: keys sorted, bytes, bigints and -0 told apart from what they resemble. */
const text = (v) =>
  v instanceof Uint8Array ? `b[${v.join()}]` :
  Array.isArray(v) ? `[${v.map(text).join()}]` :
  v && typeof v === 'object' ? `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${text(v[k])}`).join()}}` :
  typeof v === 'bigint' ? `${v}n` : Object.is(v, -0) ? '-0' : typeof v === 'number' ? String(v) : JSON.stringify(v) ?? String(v);

/**
 * What to measure, or undefined for a shape that the adapter does not have. `asInput` puts a stable copy of the bytes into what
 * a program would have read from a socket.
 * @throws if the round trip differs.
 */
export function open(peer, shape, asInput = (bytes) => bytes) {
  const p = peer.make(shape);
  if (p === undefined) return undefined;
  const data = SHAPES[shape].data();
  const native = p.prepare(data);
  const bytes = Uint8Array.prototype.slice.call(p.encode(native));
  const input = asInput(bytes);
  if (text(p.canon(p.decode(input))) !== text(data)) throw new Error('round trip differs');
  // An encoder that hands out a view of the buffer it will write next looks faster than one whose result is yours to keep.
  const one = p.encode(native), two = p.encode(native);
  const aliased = one.buffer === two.buffer && one.byteOffset < two.byteOffset + two.byteLength && two.byteOffset < one.byteOffset + one.byteLength;
  return { peer: peer.name, shape, size: bytes.length, aliased, p, native, input };
}
