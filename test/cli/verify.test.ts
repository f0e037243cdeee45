/** `rpcgen verify`: what holds, what does not and how to see it again, and modules that cannot be tested. */
import { symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Binary } from "./binary.js";
import { run } from "./memory-host.js";

const IDL = `package shop;
service Orders {
  @readonly count() -> u32;
  @idempotent put(id: string, sku: string);
}
`;

/** Orders in a list, to which `put` appends or not. */
function orders(isGood: boolean) {
  let state: string[] = [];
  return {
    reset: () => void (state = []),
    snapshot: () => state,
    handlers: {
      count: async () => state.length,
      put: async ({ id, sku }: { id: string; sku: string }) => {
        if (!isGood || !state.includes(`${id} ${sku}`)) state.push(`${id} ${sku}`);
      },
    },
  };
}

const world = (exports: unknown) => ({ files: { "orders.idl": IDL, "orders.verify.js": "" }, modules: { "orders.verify.js": exports } });
const ARGS = ["verify", "orders.idl", "--handlers", "orders.verify.js", "--seed", "1", "--runs", "30"];

test("claims that hold: exit code 0, a line each", async () => {
  const { exitCode, stdout, stderr } = await run(ARGS, world(orders(true)));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "4 of 4 claims hold\n" });
  expect(stdout.split("\n")).toContain("holds    Orders.count (@readonly) leaves the state as it was: 30 runs");
});

test("a claim that does not: exit code 1, its place in the IDL, and what showed it", async () => {
  const { exitCode, stdout, stderr } = await run(ARGS, world(orders(false)));
  expect(exitCode).toBe(1);
  expect(stderr).toContain("orders.idl:4:");
  expect(stderr).toContain('"put" is "@idempotent", but a second run changed the state.');
  expect(stdout).toMatch(/BROKEN   Orders\.put .*\n +called   put\(\{"id":".*","sku":".*"\}\)\n +differs  \[1\]: nothing, then/);
  const [, replay = ""] = /--replay (\S+)/.exec(stdout) ?? [];
  const again = await run(["verify", "orders.idl", "--handlers", "orders.verify.js", "--replay", replay], world(orders(false)));
  expect(again.exitCode).toBe(1);
  expect(again.stdout.match(/BROKEN/g)).toHaveLength(1);
});

test("as JSON", async () => {
  const { exitCode, stdout } = await run([...ARGS, "--json"], world({ Orders: orders(false) }));
  const document = JSON.parse(stdout) as { diagnostics: { code: string }[]; verified: { claim: string; holds: boolean }[] };
  expect(exitCode).toBe(1);
  expect(document).toMatchObject({ version: 1, seed: 1, notTested: [] });
  expect(document.diagnostics.map(({ code }) => code)).toContain("RPC7013");
  expect(document.verified).toContainEqual(
    expect.objectContaining({ service: "shop.Orders", method: "put", claim: "twice", holds: false, counterExample: expect.objectContaining({ what: "a second run changed the state" }) }),
  );
});

test("a child call whose outcome may be unknown is a warning", async () => {
  class Billing {
    static readonly readonlyMethods = [] as const;
    readonly channel;
    constructor(channel: { unary(method: object, params: object): unknown }) {
      this.channel = channel;
    }
    charge() {
      return this.channel.unary({ path: "shop.Billing/charge", semantics: "atMostOnce" }, {});
    }
  }
  const channel = { unary: () => Promise.resolve(1) };
  const put = async (_: object, ctx: { client(Client: typeof Billing, channel: object): Billing }) => void (await ctx.client(Billing, channel).charge());
  const good = orders(true);
  const { exitCode, stderr } = await run(ARGS, world({ ...good, handlers: { ...good.handlers, put } }));
  expect(exitCode).toBe(0);
  expect(stderr).toContain("RPC7015");
  expect(stderr).toContain('"put" is "@idempotent" and calls "shop.Billing/charge", which is "@atMostOnce".');
});

describe("what cannot be tested is RPC7014, with the module's name, the reason and a remedy:", () => {
  test.each<[string, unknown, string, string]>([
    ["a module that fails", new Error("no database"), "no database", "mend the module"],
    ["nothing to test", { hello: 1 }, 'orders.verify.js exports nothing to test for "Orders"', "export `reset`"],
    ["no snapshot", { handlers: {}, reset() {} }, 'has no function "snapshot"', "export `reset`"],
    ["no handlers", { reset() {}, snapshot() {} }, "there are no handlers of Orders", "return them from `reset`"],
    ["a handler that is missing", { handlers: { count: () => 0 }, reset() {}, snapshot() {} }, 'Orders has no handler "put"', "each method"],
    ["examples for no method", { ...orders(true), examples: { putt: [] } }, 'there are examples for "putt", which is no method', 'did you mean "put"?'],
    ["examples that are no list", { ...orders(true), examples: { put: { id: "a" } } }, 'the examples for "put" are not a list', "lists of requests"],
    ["a snapshot that is no data", { ...orders(true), snapshot: () => ({ f() {} }) }, "the snapshot of Orders cannot be copied", "plain data"],
  ])("%s", async (_, exports, reason, remedy) => {
    const { exitCode, stderr, stdout } = await run(ARGS, world(exports));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("RPC7014");
    expect(stderr).toContain("orders.verify.js");
    expect(stderr).toContain(reason);
    expect(stderr).toContain(remedy);
  });

  test("a module that is not there is exit code 2, and so is a replay that is none", async () => {
    expect(await run(["verify", "orders.idl", "--handlers", "."], world({}))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("it is a folder") });
    expect(await run(["verify", "orders.idl", "--handlers", "nowhere.js"], world({}))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("there is no such file") });
    expect(await run(["verify", "orders.idl", "--handlers", "orders.verify.js", "--replay", "x"], world(orders(true)))).toMatchObject({ exitCode: 2 });
    expect(await run(["verify", "orders.idl"], world({}))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--handlers") });
  });
});

describe("installed", () => {
  const binary = new Binary();
  beforeAll(() => binary.install(), 60_000);
  afterAll(() => binary.remove());

  const module = `type Params = { id: string };
let state: string[] = [];
export const reset = (): void => void (state = []);
export const snapshot = (): string[] => state;
export const handlers = { count: () => state.length, put: ({ id }: Params) => { state.push(id); void Promise.reject(new Error("lost")); } };
`;

  test("without fast-check it says what to install; with it and tsx, it tests a TypeScript module", () => {
    const cwd = binary.folderWith({ "orders.idl": IDL, "orders.verify.ts": module });
    const args = ["verify", "orders.idl", "--handlers", "orders.verify.ts", "--runs", "5", "--seed", "1"];
    const without = binary.run(cwd, args);
    expect(without.exitCode).toBe(1);
    expect(without.stderr).toMatch(/npm install --save-dev (tsx|fast-check)/);
    symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), path.join(binary.folder, "node_modules"));
    const { exitCode, stderr } = binary.run(cwd, args);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("a second run changed the state");
    expect(stderr).toContain("a promise was rejected and nobody waited for it");
  });

  test("a handler that ends the process does not pass for one that holds", () => {
    const ending = "export const reset = () => {}; export const snapshot = () => ({});\nexport const handlers = { count: () => 1, put: () => process.exit(0) };\n";
    const { exitCode, stdout, stderr } = binary.run(binary.folderWith({ "orders.idl": IDL, "end.mjs": ending }), ["verify", "orders.idl", "--handlers", "end.mjs", "--runs", "5", "--seed", "1"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^error: a handler ended the process while "Orders\.(count|put)" was tested, and nothing more was\n {2}help: /);
  });
});
