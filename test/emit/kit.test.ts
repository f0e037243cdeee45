/** The kit draws values that its types hold, within their constraints; and verify draws what the kit draws. */
import { posix } from "node:path";
import { readFileSync } from "node:fs";
import { compileFunction } from "node:vm";
import { transform } from "esbuild";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import type { SchemaIndex } from "../../src/ir/schema-index.js";
import type { Method } from "../../src/ir/schema.js";
import { Arbitraries } from "../../src/verify/arbitraries.js";
import { loadGenerated, type AnyCodec } from "../load-generated.js";

const FOLDER = new URL("../e2e/idl/", import.meta.url);
const zoo = Object.fromEntries(
  ["zoo.idl", "plain.idl", "shared/money.idl"].map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]),
);
const BOUNDED = `package bounds;
enum Level { LOW = 0; HIGH = 7; }
message Item { @min(1) @max(9) n: u8 = 1; @length(2, 3) s: string = 2; @pattern("^[a-c]{2,5}$") p: string = 3; @min(-0.5) @max(0.1) f: f32 = 4; @min(0.25) d: f64 = 5;
  @length(max: 2) list: u32[] = 6; @length(1, 2) map: map<string, Level> = 7; @min(5) @max(6) big: i64 = 8; @number @min(5) safe: u64 = 9; @min(1ms) @max(3ms) wait: duration = 10;
  @nanos @min(1us) @max(2us) exact: duration = 11; @length(3) three: bytes = 12; @typedArray @length(min: 1) typed: f32[] = 13; @pattern("x") @length(4, 8) both: string = 14; @nanos at: timestamp = 15; when: timestamp = 16; @min(70d) far: duration = 17; level: Level = 18; @min(1e-50) @max(1) tiny: f32 = 19; @min(-1) @max(-1e-50) below: f32 = 20; }
union Tree { leaf: string = 1; node: Node = 2; }
message Node { left: Tree = 1; right?: Node = 2; all: map<u8, Node> = 3; }
service Bounds { @readonly get(item: Item, tree?: Tree, @max(3) n: u32) -> Item; }`.replace("@length(3) three", "@length(3, 3) three");
/** Each union ends by way of its circle alone, and of some, lists may not be empty. */
const ENDS = `package ends;
union Expression { not: Not = 1; all: All = 2; }
message Not { operand: Expression = 1; }
message All { terms: Expression[] = 1; }
union Filter { none: Except = 1; any: Any = 2; equal: string = 3; }
message Except { filter: Filter = 1; }
message Any { @length(2, 3) filters: Filter[] = 1; @length(1, 2) named: map<string, Filter> = 2; }
union Step { last: Last = 1; loop: Loop = 2; }
message Last { steps: StepMap = 1; }
alias StepMap = map<u8, Step>;
message Loop { @length(1, 2) body: Step[] = 1; next: Step = 2; }
service Ends { @readonly get(expression: Expression, filter: Filter, step: Step) -> u32; }`;

test("a type whose values cannot keep the lengths of its lists ends all the same", async () => {
  const text = `package tail;
union Tail { one: One = 1; many: Many = 2; }
message One { tail: Tail = 1; }
message Many { @length(1, 2) tails: Tail[] = 1; }`;
  const { arbitraryTail } = await loadKit({ "tail.idl": text }, "tail.kit.js");
  expect(draw(arbitraryTail as fc.Arbitrary<unknown>)).toHaveLength(10);
});

test("a name that the kit would have twice is told, and what is advised cures it", () => {
  const text = `package shop;
message OrdersUploadRequests { a: u32 = 1; }
message BKit { a: u32 = 1; }
service Orders { @atMostOnce upload(stream OrdersUploadRequests) -> u32; }
service ArbitraryB { @readonly get() -> BKit; }
`;
  const found = compile({ sources: { "shop.idl": text }, targets: ["ts", "kit"] });
  expect(found.diagnostics.map(({ message, help }) => [message, help])).toEqual([
    [
      '"arbitraryOrdersUploadRequests" is generated twice: for the requests of "Orders.upload" and for the message "OrdersUploadRequests".',
      'put `@tsName("OrdersUploadRequestsMessage")` before the message "OrdersUploadRequests", or rename one of them',
    ],
    ['"arbitraryBKit" is generated twice: for the service "ArbitraryB" and for the message "BKit".', 'put `@tsName("BKitMessage")` before the message "BKit", or rename one of them'],
  ]);
  const cured = text.replace("message Orders", '@tsName("OrdersUploadRequestsMessage") message Orders').replace("message BKit", '@tsName("BKitMessage") message BKit');
  expect(compile({ sources: { "shop.idl": cured }, targets: ["ts", "kit"] }).diagnostics).toEqual([]);
});

type Checked = AnyCodec & { readonly check?: (value: unknown) => string | undefined };
type Module = Record<string, unknown>;

/** What a printed kit exports, types taken off. */
async function loadKit(sources: Record<string, string>, path: string): Promise<Module> {
  const { outputs, diagnostics } = compile({ sources, targets: ["kit"] });
  expect(diagnostics).toEqual([]);
  const texts = new Map(
    await Promise.all(
      outputs.map(async (output) => {
        const { code } = await transform(output.text, { loader: "ts", format: "cjs", target: "node20" });
        return [output.path.replace(/\.ts$/, ".js"), code] as const;
      }),
    ),
  );
  const load = (name: string): Module => {
    const module = { exports: {} as Module };
    const require = (wanted: string) => (wanted === "fast-check" ? fc : load(posix.join(posix.dirname(name), wanted)));
    compileFunction(texts.get(name) ?? "", ["module", "exports", "require"])(module, module.exports, require);
    return module.exports;
  };
  return load(path);
}

const draw = (arbitrary: fc.Arbitrary<unknown>): unknown[] => fc.sample(arbitrary, { numRuns: 10, seed: 3 });

describe.each([
  ["zoo", zoo, "zoo"],
  ["bounds", { "bounds.idl": BOUNDED }, "bounds"],
  ["ends", { "ends.idl": ENDS }, "ends"],
])("%s", (_, sources: Record<string, string>, name) => {
  let kit: Module;
  let codecs: ReadonlyMap<string, Checked>;
  let index: SchemaIndex;
  beforeAll(async () => {
    const generated = await loadGenerated(sources);
    index = generated.index;
    codecs = new Map(generated.subjects.map((subject) => [subject.name, subject.codec]));
    kit = await loadKit(sources, `${name}.kit.js`);
  });

  test("every value fits its type and its constraints, and comes back from its bytes", () => {
    const declared = [...index.schema.files.flatMap(({ declarations }) => declarations)];
    const checked = declared.flatMap((declaration) => {
      const codec = codecs.get(declaration.fullName);
      const arbitrary = kit[`arbitrary${declaration.name}`] as fc.Arbitrary<unknown> | undefined;
      if (codec === undefined || arbitrary === undefined) return [];
      for (const value of draw(arbitrary)) {
        expect(codec.check?.(value)).toBeUndefined();
        expect(codec.encode(codec.decode(codec.encode(value)))).toEqual(codec.encode(value));
      }
      return [declaration.name];
    });
    expect(checked.length).toBeGreaterThan(2);
  });

  test("every request may be sent", () => {
    const services = index.schema.files.flatMap(({ declarations }) => declarations.filter((each) => each.kind === "service"));
    for (const { name: service, methods } of services) {
      const printed = kit[`${service.charAt(0).toLowerCase()}${service.slice(1)}Kit`] as Record<string, { semantics: string; request: fc.Arbitrary<unknown> }>;
      expect(Object.keys(printed)).toEqual(methods.map((method) => method.name));
      for (const method of methods) {
        expect(printed[method.name]?.semantics).toBe(method.semantics);
        const codec = codecs.get(`${method.path} request`) as Checked;
        for (const value of draw(printed[method.name]?.request as fc.Arbitrary<unknown>)) {
          for (const each of method.parameters.kind === "stream" ? (value as unknown[]) : [value]) {
            expect(codec.check?.(each)).toBeUndefined();
            codec.encode(each);
          }
        }
      }
    }
  });

  test("verify draws what the kit draws", () => {
    const arbitraries = new Arbitraries(fc, index);
    for (const { declarations } of index.schema.files) {
      for (const declaration of declarations) {
        if (declaration.kind !== "service") continue;
        const printed = kit[`${declaration.name.charAt(0).toLowerCase()}${declaration.name.slice(1)}Kit`] as Record<string, { request: fc.Arbitrary<unknown> }>;
        for (const method of declaration.methods as readonly Method[]) {
          expect(draw(arbitraries.request(method))).toEqual(draw(printed[method.name]?.request as fc.Arbitrary<unknown>));
        }
      }
    }
  });
});

test("numbers that an enum does not know come too, for it is open", async () => {
  const { arbitraryLevel } = await loadKit({ "bounds.idl": BOUNDED }, "bounds.kit.js");
  const drawn = new Set(fc.sample(arbitraryLevel as fc.Arbitrary<number>, { numRuns: 200, seed: 1 }));
  expect(drawn).toContain(0);
  expect(drawn).toContain(7);
  expect(drawn.size).toBeGreaterThan(3);
});
