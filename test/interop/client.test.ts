/** A client in Python, written from docs/wire.md, calls a server of ours. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { memoryStore } from "../../runtime/idempotency/index.js";
import { serve } from "../../runtime/index.js";
import { describeUnless } from "../left-out.js";
import { NOTES_LINE, notesHandlers, notesService, type Seen } from "./notes.js";
import { missingPython, PYTHON_FOLDER } from "./python.js";

const noteOf = (name: string) => ({ text: name, data: "", labels: {}, at: "1970-01-01T00:00:00.000Z" });
const failure = (code: string, executed: string, reason = "") => ({ code, executed, reason, name: "", fields: null });
const noSuchNote = (id: string) => ({ ...failure("NOT_FOUND", "yes"), name: "interop.NoSuchNote", fields: { id } });

/** What the client sees in each scenario, and what the handlers have seen by then, counted from its beginning. */
const SCENARIOS: readonly (readonly [scenario: string, clientSaw: unknown, handlersSaw?: Partial<Seen>])[] = [
  [
    "unary",
    [
      noteOf("one"),
      noSuchNote("none"),
      { ...noteOf("漢字 é"), labels: { a: 1, b: 2 }, at: "2026-01-31T12:00:00.500Z" },
    ],
  ],
  ["pieces", { same: true, short: "one", pieces: true, taken: true, pong: 77 }],
  // An element of 1,007 bytes costs 1,071: the fourth leaves the window of 4,096 below 0.
  ["watch", { before: 4, count: 50, length: 1336 }],
  ["watch failing", { count: 3, failure: noSuchNote("watch") }],
  ["watch left", 50],
  ["upload", "960000"],
  ["chat", { texts: Array.from({ length: 30 }, (_, n) => `${n}`), over: true }],
  ["cancel", "one", { aborted: 1 }],
  ["deadline", failure("DEADLINE_EXCEEDED", "unknown"), { aborted: 1 }],
  ["wrong", [failure("UNIMPLEMENTED", "no"), failure("INVALID_ARGUMENT", "no"), failure("INVALID_ARGUMENT", "no")]],
  ["again", [5, 5, failure("INVALID_ARGUMENT", "no", "CALL_ID_REUSED")], { runs: 1 }],
  ["settle", [5, 5, failure("CANCELLED", "no"), failure("CANCELLED", "no")], { runs: 1 }],
  ["stale", [5, 11, failure("FAILED_PRECONDITION", "unknown", "STALE")], { runs: 2 }],
  ["keyed", ["7", "7", "7", failure("INVALID_ARGUMENT", "no", "CALL_ID_REUSED")], { runs: 1 }],
  ["declared", [noSuchNote("none"), noSuchNote("none")], { runs: 1 }],
  ["attempts", { runs: 1, attempt: 4 }, { runs: 1 }],
  [
    "session",
    {
      "in order": [0, 1, 2],
      "an old one": ["STALE"],
      "after that": [3],
      "a gap": [0, "SESSION_REVOKED", "SESSION_REVOKED"],
      "not from 0": ["SESSION_REVOKED"],
      another: [0],
    },
  ],
  ["session elsewhere", [[0], ["SESSION_REVOKED"], ["SESSION_REVOKED"]]],
  ["nearer", { scheme: "unix", mark: true, instance: true, proof: true }],
  ["version", { code: "FAILED_PRECONDITION", "names both": true, goodbye: true }],
  ["greetings", expect.toSatisfy((seen: object) => Object.values(seen).every((each) => each === "INVALID_ARGUMENT"))],
  ["breaches", expect.toSatisfy((seen: object) => Object.values(seen).every((each) => each === "INVALID_ARGUMENT"))],
  ["strays", 5],
  ["leave", { answer: true, goaways: 1, up_to: 1, lost: null }],
];

describeUnless(missingPython(), "a client in Python", () => {
  const seen: Seen = { runs: 0, sum: 0, aborted: 0, leave: () => {} };
  let play: (scenario: string) => Promise<unknown>;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "rpcgen-interop-"));
    const unix = `unix:${join(folder, "notes.sock")}`;
    let turn = 0;
    const services = [notesService(notesHandlers(seen))];
    const server = await serve({ listen: [unix, "tcp://127.0.0.1:0"], services, store: memoryStore({ id: "notes" }) });
    const tcp = server.addresses.find((each) => each.startsWith("tcp:")) ?? expect.fail();
    seen.leave = () => void server.close();

    const child = spawn("python3", ["-B", "client.py"], { cwd: PYTHON_FOLDER });
    child.stdin.write(NOTES_LINE);
    const errors = text(child.stderr);
    const ended = once(child, "close");
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    play = async (scenario) => {
      // By turns over TCP, and over the socket that a client there is offered.
      turn += 1;
      child.stdin.write(`${scenario === "nearer" ? tcp : [unix, tcp][turn % 2]} ${scenario}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error(await errors);
      return JSON.parse(line.value) as unknown;
    };
    close = async () => {
      child.stdin.end();
      await ended;
      await server.close();
      rmSync(folder, { recursive: true });
    };
  });
  afterAll(() => close());

  // Where a host has no mark, no server makes an offer.
  const possible = SCENARIOS.filter(([scenario]) => scenario !== "nearer" || process.platform === "linux");
  it.each(possible.map(([scenario, ...saw]) => ({ scenario, saw })))("$scenario", async ({ scenario, saw }) => {
    const [clientSaw, handlersSaw = {}] = saw;
    Object.assign(seen, { runs: 0, sum: 0, aborted: 0 });
    expect(await play(scenario)).toEqual(clientSaw);
    expect(seen).toMatchObject(handlersSaw);
  });
});
