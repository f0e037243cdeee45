/** Constants and defaults are in TypeScript what the schema says, to the last digit. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadModules } from "../load-generated.js";

test("durations are as many milliseconds, and nanoseconds where they are asked for", async () => {
  const unit = fc.constantFrom(...([["ns", 1], ["us", 1_000], ["ms", 1_000_000], ["s", 1_000_000_000]] as const));
  const durations = fc.sample(fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), unit), { numRuns: 200, seed: 1 });
  durations.push([50, ["us", 1_000]], [7, ["ns", 1]], [-1_050, ["us", 1_000]]);
  const lines = durations.map(([count, [name]], at) => `const C${at}: duration = ${count}${name};`);
  const fields = durations.map(([count, [name]], at) => `@nanos @default(${count}${name}) f${at}: duration = ${at + 1};`);
  const modules = await loadModules({ "d.idl": `package d;\n${lines.join("\n")}\nmessage M { ${fields.join(" ")} }\n` });
  const constants = modules.load("d.js") as Record<string, unknown>;
  const { MCodec } = modules.load("d.codec.js") as { MCodec: { decode(bytes: Uint8Array): Record<string, bigint>; encode(value: object): Uint8Array } };
  const message = MCodec.decode(MCodec.encode({}));
  for (const [at, [count, [, nanos]]] of durations.entries()) {
    expect(constants[`C${at}`]).toBe(Number(`${count * nanos}e-6`));
    expect(message[`f${at}`]).toBe(BigInt(count) * BigInt(nanos));
  }
});
