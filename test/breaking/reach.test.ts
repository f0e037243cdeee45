/** Whom a change reaches by the way that its values take, in which order to deploy it, and the order of what is found. */
import { expect, test } from "vitest";
import { breaking } from "../../src/breaking.js";
import { breakingRules } from "../../src/breaking/rules.js";

const SENT = "service S { @idempotent put(m: M); }";
const ANSWERED = "service S { @readonly get() -> M; }";
const BOTH = `${SENT.slice(0, -1)} @readonly get() -> M; }`;

const SERVERS_FIRST = "deploy servers first, then clients";
const CLIENTS_FIRST = "deploy clients first, then servers";

function found(before: string, after: string) {
  const text = (body: string) => ({ sources: { "a.idl": `package shop;\n${body}` } });
  return breaking({ before: text(before), after: text(after) }).diagnostics;
}

test.each([
  ["u16", "u32", SENT, ["old server"], SERVERS_FIRST],
  ["u16", "u32", ANSWERED, ["old client"], CLIENTS_FIRST],
  ["u16", "u32", BOTH, ["old client", "old server"], undefined],
  ["u32", "u16", SENT, ["old client", "stored data"], undefined],
  ["u32", "u16", ANSWERED, ["old server", "stored data"], undefined],
  ["u32", "string", SENT, ["old client", "old server", "stored data"], undefined],
])("a field of %s that is %s now, in %s", (old, fresh, service, affects, order) => {
  const [change] = found(`message M { a: ${old} = 1; } ${service}`, `message M { a: ${fresh} = 1; } ${service}`);
  expect(change?.properties).toMatchObject({ affects });
  expect(change?.properties?.["order"]).toBe(order);
});

test.each([
  [10, 5, SENT, ["old client"], CLIENTS_FIRST],
  [10, 5, ANSWERED, ["old server"], SERVERS_FIRST],
  [10, 20, SENT, ["old server"], SERVERS_FIRST],
  [10, 20, ANSWERED, ["old client"], CLIENTS_FIRST],
  [10, 20, BOTH, ["old client", "old server"], undefined],
])("a greatest value of %i that is %i now, in %s", (old, fresh, service, affects, order) => {
  const [change] = found(`message M { @max(${old}) a: u32 = 1; } ${service}`, `message M { @max(${fresh}) a: u32 = 1; } ${service}`);
  expect([...((change?.properties?.["affects"] as string[] | undefined) ?? [])].sort()).toEqual(affects);
  expect(change?.properties?.["order"]).toBe(order);
});

test("what is found on one line stands in the order of its columns, whichever rules find it", () => {
  const changes = found("message M { a: u32 = 1; b: string = 2; c: u32 = 3; }", "message M { @max(5) a: u32 = 1; b: u8 = 2; @max(5) c: u32 = 3; }");
  const columns = changes.map(({ column }) => column);
  expect(changes.length).toBeGreaterThanOrEqual(3);
  expect(columns).toEqual(columns.toSorted((a, b) => a - b));
});

test("a number of attempts that nobody had said is not raised, and one that is not said any more not lowered", () => {
  const service = (retry: string) => `service S { @readonly ${retry} get() -> u32; }`;
  const slugs = (before: string, after: string) => found(service(before), service(after)).map(({ code }) => breakingRules[code]?.slug);
  expect(slugs("", "@retry(attempts: 5)")).not.toContain("attempts-raised");
  expect(slugs("@retry(attempts: 5)", "")).not.toContain("attempts-lowered");
  expect(slugs("@retry(attempts: 4)", "@retry(attempts: 5)")).toContain("attempts-raised");
});
