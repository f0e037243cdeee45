/** `@failStop`: in order and once, or the session ends on both sides at the first doubt. */
import { describe, expect, it } from "vitest";
import { guards } from "../../runtime/idempotency/guards.js";
import type { Caller, CallOptions } from "../../runtime/rpc/call-options.js";
import { openChannel, type Channel } from "../../runtime/rpc/client/channel.js";
import { failStopSession } from "../../runtime/rpc/client/fail-stop-caller.js";
import type { Context } from "../../runtime/rpc/context.js";
import type { MethodDescriptor } from "../../runtime/rpc/descriptor.js";
import { FrameWriter } from "../../runtime/rpc/frame-writer.js";
import { Kind, writeGoaway } from "../../runtime/rpc/protocol/frame.js";
import type { Authenticate } from "../../runtime/rpc/server/server-host.js";
import type { ServerLimits } from "../../runtime/rpc/server/server-limits.js";
import { openServer } from "../../runtime/rpc/server/server.js";
import { deferred, ManualClock, settle } from "./manual-clock.js";
import { memoryTransport, type MemoryLink } from "./memory-transport.js";
import { failureOf, methods as others, OutOfStock } from "./test-service.js";

const step: MethodDescriptor<unknown, unknown> = {
  ...others.once,
  name: "step",
  path: "test.Rounds/step",
  semantics: "failStop",
};
const { echo } = others;
const rounds = { name: "test.Rounds", fingerprint: "", methods: { step, echo: { ...echo, path: "test.Rounds/echo" } } };

/** As a generated client. */
class Rounds {
  readonly #caller: Caller;

  constructor(channel: Caller) {
    this.#caller = failStopSession(channel);
  }

  step(request: unknown, options?: CallOptions): Promise<unknown> {
    return this.#caller.unary(step, request, options);
  }
}

interface World extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly channel: Channel;
  readonly rounds: Rounds;
  readonly link: { readonly client: MemoryLink; readonly server: MemoryLink };
  drive<T>(promise: Promise<T>): Promise<T>;
}

async function world(
  handler: (request: unknown, ctx: Context) => unknown,
  options: { readonly authenticate?: Authenticate; readonly limits?: Partial<ServerLimits> } = {},
): Promise<World> {
  const clock = new ManualClock();
  const transport = memoryTransport();
  const { authenticate, limits } = options;
  const server = await openServer(
    [transport],
    {
      listen: "memory:rounds",
      services: [{ descriptor: rounds, handlers: { step: handler, echo: (request: unknown) => request } }],
      limits: { maxRunning: 100, maxQueued: 0, ...limits },
      onError: () => {},
      authenticate,
      clock,
    },
    guards(),
  );
  const channel = await openChannel("memory:rounds", [transport], { clock });
  return {
    clock,
    channel,
    rounds: new Rounds(channel),
    link: transport.connections[0] ?? expect.fail(),
    async drive(promise) {
      let over = false;
      const done = (): void => void (over = true);
      promise.then(done, done);
      for (let turn = 0; turn < 400 && !over; turn += 1) await clock.pass(50);
      return promise;
    },
    async [Symbol.asyncDispose]() {
      await channel.close();
      await server.close({ graceMs: 0 });
    },
  };
}

const REVOKED = { code: "UNKNOWN", reason: "SESSION_REVOKED" };

describe("a @failStop session", () => {
  it("runs its calls one after another, in order, however long who calls is looked for", async () => {
    const events: string[] = [];
    let asked = 0;
    await using it = await world(
      async (request) => {
        events.push(`begin ${String(request)}`);
        await settle(5 - (request as number));
        events.push(`end ${String(request)}`);
        return request;
      },
      { authenticate: () => settle(10 - 3 * (asked += 1)) },
    );
    expect(await it.drive(Promise.all([0, 1, 2].map((n) => it.rounds.step(n))))).toEqual([0, 1, 2]);
    expect(events).toEqual([0, 1, 2].flatMap((n) => [`begin ${n}`, `end ${n}`]));
  });

  it("does not wait for one whose caller is never found out, once nobody waits for that one any more", async () => {
    await using it = await world((request) => request, { authenticate: ({ lost }) => (lost === undefined ? "known" : new Promise(() => {})) });
    const lost = failureOf(it.rounds.step(1, { headers: { lost: "1" }, timeoutMs: 1_000 }));
    const other = new Rounds(it.channel).step(2, { timeoutMs: 60_000 });
    expect(await it.drive(lost)).toMatchObject({ reason: "SESSION_REVOKED" });
    expect(await it.drive(other)).toBe(2);
  });

  it("runs thousands of calls that are done at once behind a slow one", async () => {
    const release = deferred();
    await using it = await world((request) => (request === 0 ? release.promise : request));
    const calls = Array.from({ length: 4_000 }, (_, n) => it.rounds.step(n));
    await settle();
    release.resolve();
    expect(await Promise.all(calls)).toEqual(calls.map((_, n) => (n === 0 ? undefined : n)));
  });

  it("is not run where its server takes no more calls, and says so at once", async () => {
    const release = deferred();
    const ran: unknown[] = [];
    await using it = await world((request) => (ran.push(request), release.promise));
    const first = failureOf(it.rounds.step(1));
    await settle();
    // The word that no more calls are taken crosses the second call.
    it.link.server.pause();
    const second = failureOf(it.rounds.step(2));
    await settle();
    it.link.server.send(writeGoaway(new FrameWriter(), { lastStream: 1, code: "UNAVAILABLE", message: "the server is closing" }));
    await settle();
    expect(await it.drive(second)).toMatchObject({ ...REVOKED, executed: "no" });
    expect(await it.drive(first)).toMatchObject({ ...REVOKED, executed: "unknown" });
    expect(ran).toEqual([1]);
  });

  it("is over on both sides when its connection breaks, and never asks again", async () => {
    let ran = 0;
    let aborted: unknown;
    await using it = await world((_request, ctx) => {
      ran += 1;
      ctx.signal.addEventListener("abort", () => (aborted = ctx.signal.reason));
      return new Promise(() => {});
    });
    const calls = [failureOf(it.rounds.step(1)), failureOf(it.rounds.step(2))];
    await settle();
    it.link.client.abort();
    for (const call of calls) expect(await it.drive(call)).toMatchObject({ ...REVOKED, executed: "unknown", attempts: 1 });
    await settle();
    expect(aborted).toMatchObject({ reason: "SESSION_REVOKED" });
    expect(await it.drive(failureOf(it.rounds.step(3)))).toMatchObject({ ...REVOKED, executed: "no", attempts: 0 });
    expect(ran).toBe(1);
    const again = failureOf(new Rounds(it.channel).step(4, { timeoutMs: 300 }));
    await settle();
    expect(ran).toBe(2);
    expect(await it.drive(again)).toMatchObject(REVOKED);
  });

  it("notices a broken connection although no call was under way", async () => {
    await using it = await world((request) => request);
    expect(await it.rounds.step(1)).toBe(1);
    it.link.client.abort();
    await settle();
    expect(await it.drive(failureOf(it.rounds.step(2)))).toMatchObject({ ...REVOKED, executed: "no" });
    expect(await it.drive(new Rounds(it.channel).step(3))).toBe(3);
  });

  it.each(["request", "answer"] as const)("ends when a single %s is lost", async (what) => {
    const ran: unknown[] = [];
    await using it = await world((request) => (ran.push(request), request));
    expect(await it.rounds.step(0)).toBe(0);
    const [link, kind] = what === "request" ? [it.link.client, Kind.CALL] : [it.link.server, Kind.REPLY];
    let armed = true;
    link.tamper = (frame) => {
      if (!armed || ((frame[0] ?? 0) & 15) !== kind) return frame;
      armed = false;
      return undefined;
    };
    const calls = [1, 2, 3].map((n) => failureOf(it.rounds.step(n, { timeoutMs: 500 })).catch((error: unknown) => error));
    await it.drive(Promise.all(calls));
    expect(await it.drive(failureOf(it.rounds.step(4)))).toMatchObject({ ...REVOKED, executed: "no" });
    expect(ran).not.toContain(4);
    if (what === "request") expect(ran).toEqual([0]);
  });

  it("ends with a deadline or a cancel, and the calls behind it never begin", async () => {
    for (const how of ["deadline", "cancel"]) {
      const ran: unknown[] = [];
      await using it = await world((request) => (ran.push(request), new Promise(() => {})));
      const controller = new AbortController();
      const options = how === "deadline" ? { timeoutMs: 200 } : { signal: controller.signal };
      const first = failureOf(it.rounds.step(1, options));
      const second = failureOf(it.rounds.step(2, { timeoutMs: 5_000 }));
      await settle();
      controller.abort();
      expect(await it.drive(first)).toMatchObject({ ...REVOKED, executed: "unknown" });
      expect(await it.drive(second)).toMatchObject({ ...REVOKED, executed: "no" });
      expect(ran).toEqual([1]);
    }
  });

  it("lives on after a declared error, and ends with any other failure of a handler", async () => {
    await using it = await world((request) => {
      if (request === "sold out") throw new OutOfStock({ sku: "x" });
      if (request === "bug") throw new Error("a bug");
      return request;
    });
    expect(await failureOf(it.rounds.step("sold out"))).toMatchObject({ sku: "x", executed: "yes" });
    expect(await it.rounds.step("next")).toBe("next");
    expect(await failureOf(it.rounds.step("bug"))).toMatchObject({ code: "INTERNAL", executed: "yes" });
    expect(await failureOf(it.rounds.step("after"))).toMatchObject({ ...REVOKED, executed: "no" });
  });

  it("gives back the place of a call that was refused before it began", async () => {
    const release = deferred();
    await using it = await world(() => release.promise.then(() => "done"), { limits: { maxRunning: 1 } });
    const blocking = new Rounds(it.channel).step("other");
    await settle();
    expect(await failureOf(it.rounds.step(1))).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "no", attempts: 1 });
    release.resolve();
    expect(await it.drive(blocking)).toBe("done");
    expect(await it.drive(it.rounds.step(2))).toBe("done");
  });

  it("begins no call whose deadline passed while its process was stopped", async () => {
    const release = deferred();
    const ran: unknown[] = [];
    await using it = await world(async (request) => {
      ran.push(request);
      await release.promise;
      return request;
    });
    const first = it.rounds.step("first", { timeoutMs: 5_000 });
    const second = failureOf(it.rounds.step("second", { timeoutMs: 100 }));
    await settle();
    it.clock.jump(200);
    release.resolve();
    expect(await it.drive(first)).toBe("first");
    expect(await it.drive(second)).toMatchObject({ code: "DEADLINE_EXCEEDED", executed: "no" });
    expect(ran).toEqual(["first"]);
  });

  it("ends when nothing is heard within the lease, and lives as long as the ends hear each other", async () => {
    let aborted: unknown;
    await using it = await world((request, ctx) => {
      if (request !== "hang") return request;
      ctx.signal.addEventListener("abort", () => (aborted = ctx.signal.reason));
      return new Promise(() => {});
    });
    expect(await it.rounds.step(1)).toBe(1);
    await it.clock.pass(120_000);
    expect(await it.rounds.step(2)).toBe(2);
    // Less than the lease of 15 s: what is lost of it are two signs of life of each end.
    it.link.client.tamper = () => undefined;
    it.link.server.tamper = () => undefined;
    await it.clock.pass(12_000);
    it.link.client.tamper = (frame) => frame;
    it.link.server.tamper = (frame) => frame;
    expect(await it.rounds.step(3)).toBe(3);
    await it.clock.pass(30_000);
    expect(await it.rounds.step(4)).toBe(4);
    const call = failureOf(it.rounds.step("hang", { timeoutMs: 60_000 }));
    await settle();
    // One way only: the server hears nothing more, and the client neither.
    it.link.client.tamper = () => undefined;
    it.link.server.tamper = () => undefined;
    await it.clock.pass(21_000);
    expect(aborted).toMatchObject({ reason: "SESSION_REVOKED" });
    expect(await call).toMatchObject({ ...REVOKED, executed: "unknown" });
  });

  it("is one for each client object, and none of another call's", async () => {
    await using it = await world((request) => request);
    const other = new Rounds(it.channel);
    expect(await Promise.all([it.rounds.step(1), other.step(2), it.rounds.step(3)])).toEqual([1, 2, 3]);
    expect(await failureOf(it.channel.unary(step, 1))).toMatchObject({ code: "FAILED_PRECONDITION", executed: "no" });
    const mistaken = failureOf(it.rounds.step(Symbol("no bytes")));
    expect(await mistaken).toMatchObject({ code: "INVALID_ARGUMENT", executed: "no" });
    expect(await it.rounds.step(4)).toBe(4);
  });

  it("that rests makes room for those of other client objects, and none that is at work does", async () => {
    const release = deferred();
    const ran: unknown[] = [];
    await using it = await world(
      async (request) => {
        ran.push(request);
        if (request === "long") await release.promise;
        return request;
      },
      { limits: { maxSessionsPerConnection: 3 } },
    );
    const long = it.rounds.step("long");
    const [rests, used] = [new Rounds(it.channel), new Rounds(it.channel)];
    for (const session of [rests, used]) expect(await session.step(0)).toBe(0);
    for (let n = 1; n <= 20; n += 1) {
      expect(await new Rounds(it.channel).step(n)).toBe(n);
      expect(await used.step(n)).toBe(n);
    }
    expect(await failureOf(rests.step("late"))).toMatchObject({ ...REVOKED, executed: "no" });
    release.resolve();
    expect(await long).toBe("long");
    expect(await it.rounds.step("after")).toBe("after");
    expect(ran).not.toContain("late");
  });

  it("is refused where all others are at work", async () => {
    const release = deferred();
    await using it = await world(() => release.promise.then(() => "done"), { limits: { maxSessionsPerConnection: 1 } });
    const other = new Rounds(it.channel);
    const working = other.step(1);
    await settle();
    expect(await failureOf(it.rounds.step(2))).toMatchObject({ code: "RESOURCE_EXHAUSTED", executed: "no" });
    release.resolve();
    expect(await working).toBe("done");
    expect(await it.rounds.step(3)).toBe("done");
  });

  it("takes no room that another guarded call needs, however many client objects there were", async () => {
    await using it = await world((request) => request, { limits: { maxRecordBytes: 1_024 } });
    for (let n = 0; n < 100; n += 1) expect(await new Rounds(it.channel).step(n)).toBe(n);
  });

  it("cannot be a stream", async () => {
    const stream = { ...step, kind: "duplex" as const };
    const services = [{ descriptor: { ...rounds, methods: { step: stream } }, handlers: { step: () => {} } }];
    const serving = openServer([memoryTransport()], { listen: "memory:x", services }, guards());
    await expect(serving).rejects.toThrow("a stream cannot be");
  });
});
