/** What it takes to encode a large value: memory for it once. */
import { expect, test } from "vitest";
import { loadGenerated } from "../load-generated.js";

const IDL = `package large; message Blob { data: bytes = 1; name: string = 2; numbers: f64[] = 3; }`;

test("a large byte string is written once, wherever in its message it stands: what follows does not move it", async () => {
  const codec = (await loadGenerated({ "large.idl": IDL })).subjects[0]?.codec ?? expect.fail();
  for (const size of [300_000, 1_000_000, 4_194_304]) {
    for (const [name, numbers] of [["", []], ["a name", [1, 2, 3]]] as const) {
      const { buffer, length } = codec.encode({ data: new Uint8Array(size).fill(7), name, numbers });
      // Had it been moved, it would have been to twice as much, or been copied out of that into memory of just its length.
      expect(buffer.byteLength).toBeGreaterThan(length);
      expect(buffer.byteLength).toBeLessThan(Math.max(length + 8192, 1.1 * (1 << 20)));
    }
  }
});
