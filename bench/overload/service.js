// The service that is brought down: a method of a known service time, at so many places at once.
const number = {
  encode: (value) => Uint8Array.of(value),
  decode: (bytes) => bytes[0],
};
const nothing = { encode: () => new Uint8Array(0), decode: () => undefined };

export const work = { name: 'work', path: 'bench.Overload/work', kind: 'unary', semantics: 'idempotent', request: nothing, response: number, errors: [] };
export const descriptor = { name: 'bench.Overload', fingerprint: '00', methods: { work } };

/** A call is of use when it is answered within this. */
export const DEADLINE_MS = 2000;
/**
 * Places and time of service: 2,000 calls a second. What the server waits for is a timer, so its processor has next to
 * nothing to do, and a timer that rings a few milliseconds late takes a few per cent off, no more.
 */
export const PLACES = 100;
export const SERVICE_MS = 50;
