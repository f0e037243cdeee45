/** A client of ours calls a server in Python, written from docs/wire.md. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { memoryStore } from "../../runtime/idempotency/index.js";
import { type Channel, connect, type Context, newIdempotencyKey, type RpcError, serve } from "../../runtime/index.js";
import { describeUnless } from "../left-out.js";
import { NoSuchNote, note, NOTES_LINE, NotesClient, notesHandlers, notesService, type Notes } from "./notes.js";
import { missingPython, PYTHON_FOLDER } from "./python.js";

interface Served {
  readonly notes: Notes;
  readonly channel: Channel;
  /** What the server has seen. */
  seen(): Promise<Record<string, unknown>>;
}

async function served(): Promise<Served> {
  const child = spawn("python3", ["-B", "server.py", "tcp:"], { cwd: PYTHON_FOLDER });
  child.stdin.write(NOTES_LINE);
  const errors = text(child.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error(await errors);
    return value;
  };
  const channel = await connect(await line());
  onTestFinished(async () => {
    await channel.close();
    child.stdin.end();
    await once(child, "close");
    expect(await errors).toBe("");
  });
  return {
    notes: new NotesClient(channel),
    channel,
    seen: async () => {
      child.stdin.write("\n");
      return JSON.parse(await line()) as Record<string, unknown>;
    },
  };
}

const failureOf = (call: Promise<unknown>): Promise<RpcError> =>
  call.then(
    () => expect.fail("it did not fail"),
    (error: RpcError) => error,
  );

describeUnless(missingPython(), "a server in Python", () => {
  it("answers, and declares its errors", async () => {
    const { notes } = await served();
    expect(await notes.get({ id: "one" })).toEqual(note("one"));
    expect(await failureOf(notes.get({ id: "none" }))).toBeInstanceOf(NoSuchNote);
    const sent = {
      ...note("漢字 é"),
      labels: new Map([
        ["b", 2],
        ["a", 1],
      ]),
      at: new Date("2026-01-31T12:00:00.500Z"),
    };
    expect(await notes.echo({ note: sent })).toEqual({
      ...sent,
      labels: new Map([
        ["a", 1],
        ["b", 2],
      ]),
    });
  });

  it("takes long frames in pieces, and sends them so", async () => {
    const { notes, seen } = await served();
    const long = note("long", new Uint8Array(300_000).fill(7));
    const [echoed, short] = await Promise.all([notes.echo({ note: long }), notes.get({ id: "short" })]);
    expect(echoed.data).toEqual(long.data);
    expect(short.text).toBe("short");
    // The reply has pieces of 10,000 bytes, each of which is taken.
    const { pieces, taken, pongs } = await seen();
    expect(pieces).toBeGreaterThan(1);
    expect(taken).toBeGreaterThan(0);
    expect(pongs).toEqual([3]);
  });

  it("is asked again for what may run again, with the number of the attempt", async () => {
    const { notes, seen } = await served();
    expect(await notes.put({ id: "x", failures: 2 })).toEqual({ runs: 3, attempt: 3 });
    expect(await seen()).toMatchObject({ attempts: [1, 2, 3] });
  });

  it("answers a guarded call from its record when the first answer was lost", async () => {
    const { notes, seen } = await served();
    expect(await notes.add({ count: 5 })).toBe(5);
    expect(await notes.pay({ order: "o", cents: 7n })).toBe(7n);
    expect(await failureOf(notes.pay({ order: "none", cents: 7n }))).toBeInstanceOf(NoSuchNote);
    expect(await seen()).toMatchObject({ add: 1, pay: 2 });
  });

  it("runs what has a key once", async () => {
    const { notes, seen } = await served();
    const idempotencyKey = newIdempotencyKey();
    for (let n = 0; n < 3; n++) expect(await notes.pay({ order: "o", cents: 7n }, { idempotencyKey })).toBe(7n);
    const other = failureOf(notes.pay({ order: "o", cents: 8n }, { idempotencyKey }));
    expect(await other).toMatchObject({ reason: "CALL_ID_REUSED", executed: "no" });
    expect(await seen()).toMatchObject({ pay: 1 });
  });

  it("sees the keys of calls within a call", async () => {
    const { channel, seen } = await served();
    const handlers = {
      ...notesHandlers({ runs: 0, sum: 0, aborted: 0, leave: () => {} }),
      async put(_: unknown, ctx: Context) {
        const child = ctx.client(NotesClient, channel);
        for (const step of [undefined, undefined, "charge", undefined])
          await child.pay({ order: ctx.callId, cents: 1n }, { step });
        return { runs: 0, attempt: 0 };
      },
    };
    await using server = await serve({
      listen: "inproc:interop-parent",
      services: [notesService(handlers)],
      store: memoryStore(),
    });
    const parent = await connect(server.addresses);
    await new NotesClient(parent).put({ id: "", failures: 0 });
    await parent.close();
    expect(await seen()).toMatchObject({ derived: [0, 1, "charge", 2] });
  });

  it("hears of a caller that leaves, and of a deadline", async () => {
    const { notes, seen } = await served();
    const leaving = new AbortController();
    const left = failureOf(notes.hang({}, { signal: leaving.signal }));
    while ((await seen())["hang"] !== 1);
    leaving.abort();
    expect(await left).toMatchObject({ code: "CANCELLED", executed: "unknown" });
    expect(await failureOf(notes.hang({}, { timeoutMs: 50 }))).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    while ((await seen())["cancelled"] !== 2);
  });

  it("sends no more than the reader has credit for", async () => {
    const { notes, seen } = await served();
    const elements = notes.watch({ count: 100, bytes: 30_000 })[Symbol.asyncIterator]();
    await elements.next();
    // Our window is 256 KiB: some ten elements, and those that were read.
    await seen();
    expect((await seen())["watched"]).toBeLessThan(30);
    let count = 1;
    while ((await elements.next()).done !== true) count += 1;
    expect(count).toBe(100);
  });

  it("ends a stream with an error, and takes it that its reader leaves", async () => {
    const { notes } = await served();
    let count = 0;
    const failing = async (): Promise<void> => {
      for await (const _ of notes.watch({ count: 3, bytes: 0 })) count += 1;
    };
    expect(await failureOf(failing())).toBeInstanceOf(NoSuchNote);
    expect(count).toBe(3);
    for (let n = 0; n < 20; n++) for await (const _ of notes.watch({ count: 100, bytes: 30_000 })) break;
    expect((await notes.get({ id: "one" })).text).toBe("one");
  });

  it("takes streams of requests, within its credit", async () => {
    const { notes, seen } = await served();
    const items = Array.from({ length: 50 }, (_, n) => note(`${n}`, new Uint8Array(3000)));
    expect(await notes.upload(items)).toBe(150_000n);
    async function* asked(): AsyncGenerator<ReturnType<typeof note>> {
      yield* items;
    }
    const texts = [];
    for await (const { text: it } of notes.chat(asked())) texts.push(it);
    expect(texts).toEqual(items.map(({ text: it }) => it));
    expect(await seen()).toMatchObject({ ends: 2, lost: [] });
  });

  it("leaves in order: its last call is answered, and later ones go to a new connection", async () => {
    const { notes, seen } = await served();
    expect(await notes.leave({})).toBe(true);
    expect((await notes.get({ id: "one" })).text).toBe("one");
    expect(await seen()).toMatchObject({ lost: [null] });
  });
});
