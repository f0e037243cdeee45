/**
 * Bytes made to fill the heap: no value of 4 MiB, which is what a frame holds by default, takes more than a bound, whatever its schema.
 * `node --expose-gc --import tsx test/fuzz/measure-heap.ts` prints what each takes.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import type { Measured } from "./measure-heap.js";
import { CASES } from "./memory-cases.js";

const MOST_BYTES = 256 << 20;
const MOST_NODES = 1_048_576;
const FRAME = 4 << 20;

const program = fileURLToPath(new URL("measure-heap.ts", import.meta.url));
const measured = new Map<string, Measured>();

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "--import", "tsx", program]);
  for (const line of stdout.trim().split("\n")) {
    const each = JSON.parse(line) as Measured;
    measured.set(each.name, each);
  }
}, 900_000);

it("each case has a name of its own", () => expect(measured.size).toBe(CASES.length));

it.each(CASES.map(({ name }) => name))("%s", (name) => {
  const { bytes, nodes, heap, elements } = measured.get(name) ?? expect.fail("it was not measured");
  expect(heap).toBeLessThan(MOST_BYTES);
  // It is the most that there can be: a limit is reached, but for less than an element.
  expect(Math.max((bytes / FRAME) * (1 + 1 / elements), (nodes / MOST_NODES) * (1 + 1 / elements))).toBeGreaterThan(0.999);
});
