/** `@exactlyOnce`: the effect is committed once or not at all, whichever servers, stores and lines fail in between. */
import { describe, expect, it } from "vitest";
import { CommitRefused, CommitUnknown, StoreUnavailable, type CompletionStore, type StoreTransaction } from "../../runtime/idempotency/completion-store.js";
import { guards } from "../../runtime/idempotency/guards.js";
import { memoryStore, type MemoryStore } from "../../runtime/idempotency/memory-store.js";
import type { MemoryTransaction } from "../../runtime/idempotency/memory-transaction.js";
import type { Caller, CallOptions } from "../../runtime/rpc/call-options.js";
import { openChannel, type Channel } from "../../runtime/rpc/client/channel.js";
import { newIdempotencyKey } from "../../runtime/rpc/client/idempotency-key.js";
import type { MethodDescriptor } from "../../runtime/rpc/descriptor.js";
import type { RpcError } from "../../runtime/rpc/errors.js";
import type { ExactlyOnceContext, ReadonlyContext } from "../../runtime/rpc/handler-contexts.js";
import { Kind } from "../../runtime/rpc/protocol/frame.js";
import { openServer, type Server } from "../../runtime/rpc/server/server.js";
import { deferred, ManualClock, settle } from "./manual-clock.js";
import { memoryTransport, type MemoryLink, type MemoryTransport } from "./memory-transport.js";
import { failureOf, jsonCodec, methods as others, OutOfStock } from "./test-service.js";

type Tx = ExactlyOnceContext<MemoryTransaction>;
type Handler = (request: string, ctx: Tx) => unknown;

const place: MethodDescriptor<string, unknown> = {
  ...others.once,
  name: "place",
  path: "test.Shop/place",
  semantics: "exactlyOnce",
  request: jsonCodec<string>(),
};
const shop = { name: "test.Shop", fingerprint: "00", methods: { place } };

/** Counts under the request, in the transaction. */
const append: Handler = async (request, { tx }) => {
  const count = ((await tx.get<number>(request)) ?? 0) + 1;
  await tx.put(request, count);
  return count;
};

class World implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly transport: MemoryTransport = memoryTransport();
  readonly data: MemoryStore = memoryStore({ id: "shop" });
  readonly faults: unknown[] = [];
  store: CompletionStore = this.data;
  readonly #open: (() => Promise<void>)[] = [];

  async serve(handler: Handler = append, listen = "memory:shop"): Promise<Server> {
    const server = await openServer(
      [this.transport],
      {
        listen,
        services: [{ descriptor: shop, handlers: { place: handler } }],
        clock: this.clock,
        onError: ({ error }) => this.faults.push(error),
      },
      guards(this.store),
    );
    this.#open.push(() => server.close({ graceMs: 0 }));
    return server;
  }

  async connect(...addresses: string[]): Promise<Channel> {
    const list = addresses.length === 0 ? ["memory:shop"] : addresses;
    const channel = await openChannel(list, [this.transport], { clock: this.clock });
    this.#open.push(() => channel.close());
    return channel;
  }

  async drive<T>(promise: Promise<T>): Promise<T> {
    let over = false;
    const done = (): void => void (over = true);
    promise.then(done, done);
    for (let step = 0; step < 400 && !over; step += 1) await this.clock.pass(50);
    return promise;
  }

  /** Cuts the connection instead of delivering the next frame of the kind from the server, or from the client. */
  cutAt(kind: number, from: "server" | "client" = "server", connection = 0): void {
    const link: MemoryLink = this.transport.connections[connection]?.[from] ?? expect.fail();
    link.tamper = (frame) => {
      if (((frame[0] ?? 0) & 15) !== kind) return frame;
      link.abort();
      return undefined;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#open.reverse()) await close();
  }
}

/** A store in which something goes wrong, once. */
function faulty(store: MemoryStore, fault: (run: () => Promise<unknown>) => Promise<unknown>): CompletionStore {
  let armed = true;
  return {
    id: store.id,
    retentionMs: store.retentionMs,
    transact<T>(work: (transaction: StoreTransaction<MemoryTransaction>) => Promise<T>): Promise<T> {
      if (!armed) return store.transact(work);
      armed = false;
      return fault(() => store.transact(work)) as Promise<T>;
    },
    find: (key) => store.find(key),
    acknowledge: (principal, client, below) => store.acknowledge(principal, client, below),
    collect: (now) => store.collect(now),
    close: () => store.close(),
  };
}

describe("an @exactlyOnce call", () => {
  it("commits its effect with its record, and replays after a restart", async () => {
    await using world = new World();
    const first = await world.serve();
    const channel = await world.connect();
    world.cutAt(Kind.REPLY);
    world.transport.broken = true;
    const call = channel.unary(place, "tea");
    await settle();
    expect(world.data.contents.get("tea")).toBe(1);
    await first.close({ graceMs: 0 });
    world.transport.broken = false;
    await world.serve(() => expect.fail("it ran again"));
    expect(await world.drive(call)).toBe(1);
    expect(world.data.contents.get("tea")).toBe(1);
  });

  it("goes to another replica of the same store, and to none of another", async () => {
    await using world = new World();
    const first = await world.serve();
    const channel = await world.connect("memory:shop", "memory:other");
    world.cutAt(Kind.REPLY);
    world.transport.broken = true;
    const call = channel.unary(place, "tea");
    await settle();
    await first.close({ graceMs: 0 });
    world.transport.broken = false;
    await world.serve(append, "memory:other");
    expect(await world.drive(call)).toBe(1);

    await using strangers = new World();
    const one = await strangers.serve();
    const lost = await strangers.connect();
    strangers.cutAt(Kind.REPLY);
    strangers.transport.broken = true;
    const fenced = failureOf(lost.unary(place, "tea"));
    await settle();
    await one.close({ graceMs: 0 });
    strangers.transport.broken = false;
    strangers.store = memoryStore({ id: "another" });
    await strangers.serve();
    expect(await strangers.drive(fenced)).toMatchObject({ reason: "FENCED", executed: "unknown" });
  });

  it("is refused by a server without a store, before it is sent; and serve refuses the service", async () => {
    const transport = memoryTransport();
    const options = { listen: "memory:shop", services: [{ descriptor: shop, handlers: { place: append } }] };
    await expect(openServer([transport], options, guards())).rejects.toThrow("give serve a store");
    const short = { ...shop, methods: { place: { ...place, retainMs: 1_000_000 } } };
    const services = [{ descriptor: short, handlers: { place: append } }];
    const keeping = guards(memoryStore({ retentionMs: 999_999 }));
    await expect(openServer([transport], { ...options, services }, keeping)).rejects.toThrow("1000000 ms");
    const plain = await openServer([transport], options);
    const channel = await openChannel("memory:shop", [transport]);
    expect(await failureOf(channel.unary(place, "tea"))).toMatchObject({
      code: "FAILED_PRECONDITION",
      executed: "no",
      attempts: 0,
    });
    await channel.close();
    await plain.close({ graceMs: 0 });
  });

  it("keeps a declared error and takes its effect back; of any other failure nothing stays, and it is tried again", async () => {
    await using world = new World();
    let runs = 0;
    await world.serve(async (request, { tx }) => {
      runs += 1;
      await tx.put(request, runs);
      if (request === "sold out") throw new OutOfStock({ sku: "x" });
      if (runs < 3) throw new Error("a bug");
      return runs;
    });
    const channel = await world.connect();
    world.cutAt(Kind.ERROR);
    const failure = await world.drive(failureOf(channel.unary(place, "sold out")));
    expect(failure).toBeInstanceOf(OutOfStock);
    expect(failure).toMatchObject({ executed: "yes", attempts: 2 });
    expect([runs, world.data.contents.size, world.data.size]).toEqual([1, 0, 1]);
    expect(await world.drive(channel.unary(place, "tea"))).toBe(3);
    expect(world.data.contents.get("tea")).toBe(3);
    const broken = await world.drive(failureOf(channel.unary({ ...place, attempts: 1 }, "sold out")));
    expect(broken).toBeInstanceOf(OutOfStock);
  });

  it("that runs again begins with the request as it came, whatever the run before made of it", async () => {
    await using world = new World();
    const seen: unknown[] = [];
    await world.serve(async (request, { tx }) => {
      const order = request as unknown as { lines: string[]; fee?: number };
      seen.push(structuredClone(order));
      await tx.get("order");
      order.lines.push("fee");
      order.fee = 1;
      // What the first run has read is changed by another.
      if (seen.length === 1) await world.data.transact(async (other) => other.tx.put("order", "changed"));
      await tx.put("order", order);
    });
    const channel = await world.connect();
    await world.drive(channel.unary(place, { lines: ["tea"] } as unknown as string));
    expect(seen).toEqual([{ lines: ["tea"] }, { lines: ["tea"] }]);
    expect(world.data.contents.get("order")).toEqual({ lines: ["tea", "fee"], fee: 1 });
  });

  it("that fails by a bug for good did not execute", async () => {
    await using world = new World();
    await world.serve(() => {
      throw new Error("a bug");
    });
    const channel = await world.connect();
    expect(await world.drive(failureOf(channel.unary(place, "x")))).toMatchObject({
      code: "INTERNAL",
      executed: "no",
      attempts: 3,
    });
    expect([world.data.size, world.faults.length]).toEqual([0, 3]);
  });

  it("whose transaction the store refuses at its end did not execute, and the operator is told why", async () => {
    for (const refusal of ["while it runs", "at the commit"]) {
      await using world = new World();
      world.store = {
        ...faulty(world.data, async () => {}),
        find: (key) => world.data.find(key),
        transact: (work) =>
          world.data.transact(async (transaction) => {
            const spoilt = { ...transaction, put: () => Promise.reject(new Error("current transaction is aborted")) };
            const result = await work((refusal === "while it runs" ? spoilt : transaction) as never);
            throw new CommitRefused("a constraint is broken", { cause: result });
          }),
      } as CompletionStore;
      await world.serve();
      const channel = await world.connect();
      expect(await world.drive(failureOf(channel.unary({ ...place, attempts: 1 }, "tea")))).toMatchObject({ code: "INTERNAL", executed: "no" });
      expect(world.data.contents.size).toBe(0);
      expect(world.faults.map(String)).toEqual([refusal === "at the commit" ? "CommitRefused: a constraint is broken" : "Error: current transaction is aborted"]);
    }
  });

  it("waits out a store that is down, and a commit that nobody saw", async () => {
    await using world = new World();
    let runs = 0;
    world.store = faulty(world.data, async () => {
      throw new StoreUnavailable("down");
    });
    const counting: Handler = (request, ctx) => {
      runs += 1;
      return append(request, ctx);
    };
    const first = await world.serve(counting);
    const channel = await world.connect();
    expect(await world.drive(channel.unary(place, "a"))).toBe(1);
    expect(runs).toBe(1);
    await first.close();

    // The commit went through, and its confirmation was lost: the record tells.
    world.store = faulty(world.data, async (run) => {
      await run();
      throw new CommitUnknown("lost");
    });
    const second = await world.serve(counting);
    expect(await world.drive(channel.unary(place, "b"))).toBe(1);
    expect(runs).toBe(2);
    await second.close();

    // It did not, or not yet: the next attempt runs, and at most one of the two can commit.
    world.store = faulty(world.data, async () => {
      throw new CommitUnknown("lost");
    });
    await world.serve(counting);
    expect(await world.drive(channel.unary(place, "c"))).toBe(1);
    expect(world.data.contents.get("c")).toBe(1);
  });

  it("whose store is down tells the operator why, once until it works again", async () => {
    await using world = new World();
    let down = true;
    world.store = {
      ...faulty(world.data, async () => {}),
      transact: (work) => (down ? Promise.reject(new StoreUnavailable("the disk is full. Make room.")) : world.data.transact(work as never)),
    } as CompletionStore;
    await world.serve();
    const channel = await world.connect();
    const call = (request: string): Promise<unknown> => world.drive(channel.unary(place, request, { timeoutMs: 1_000 }).catch((error: RpcError) => error.code));
    expect([await call("a"), await call("b")]).toEqual(["UNAVAILABLE", "UNAVAILABLE"]);
    expect(world.faults.map(String)).toEqual(["StoreUnavailable: the disk is full. Make room."]);
    down = false;
    expect(await call("c")).toBe(1);
    down = true;
    expect(await call("d")).toBe("UNAVAILABLE");
    expect(world.faults).toHaveLength(2);
  });

  it("twice at once, on two replicas: one effect, one answer", async () => {
    await using world = new World();
    const both = [deferred(), deferred()];
    let runs = 0;
    const meeting: Handler = async (request, ctx) => {
      const answer = await append(request, ctx);
      both[runs]?.resolve();
      runs += 1;
      if (runs <= 2) await Promise.all(both.map(({ promise }) => promise));
      return answer;
    };
    await world.serve(meeting, "memory:one");
    await world.serve(meeting, "memory:two");
    const [one, two] = [await world.connect("memory:one"), await world.connect("memory:two")];
    const options = { idempotencyKey: newIdempotencyKey(world.clock.wall()) };
    const answers = await world.drive(Promise.all([one.unary(place, "tea", options), two.unary(place, "tea", options)]));
    expect(answers).toEqual([1, 1]);
    expect(world.data.contents.get("tea")).toBe(1);
  });

  it("twice at once, on one server: the second waits", async () => {
    await using world = new World();
    const release = deferred();
    let runs = 0;
    await world.serve(async (request, ctx) => {
      runs += 1;
      await release.promise;
      return append(request, ctx);
    });
    const [one, two] = [await world.connect(), await world.connect()];
    const options = { idempotencyKey: newIdempotencyKey(world.clock.wall()) };
    const calls = [one.unary(place, "tea", options), two.unary(place, "tea", options)];
    await settle();
    release.resolve();
    expect(await world.drive(Promise.all(calls))).toEqual([1, 1]);
    expect(runs).toBe(1);
    expect(await failureOf(two.unary(place, "coffee", options))).toMatchObject({ reason: "CALL_ID_REUSED" });
  });

  it("is settled for good while it runs elsewhere: it can then not commit any more", async () => {
    await using world = new World();
    const release = deferred();
    await world.serve(async (request, ctx) => {
      await release.promise;
      return append(request, ctx);
    });
    const replica = await world.serve(append, "memory:two");
    const channel = await world.connect("memory:shop", "memory:two");
    const call = failureOf(channel.unary({ ...place, attempts: 1 }, "tea"));
    await settle();
    // The way to the first server breaks; the question goes to the second one.
    world.transport.connections[0]?.client.abort();
    const failure = await world.drive(call);
    expect(failure).toMatchObject({ reason: "OUTCOME_UNKNOWN", executed: "unknown" });
    const dial = world.transport.dial.bind(world.transport);
    world.transport.dial = (address, options) =>
      address === "memory:shop" ? Promise.reject(new Error("no way")) : dial(address, options);
    for (const { client } of world.transport.connections) client.abort();
    await settle();
    expect(await world.drive(failure.settle())).toMatchObject({ executed: "no" });
    release.resolve();
    await settle();
    expect(world.data.contents.has("tea")).toBe(false);
    expect(await failure.settle()).toMatchObject({ executed: "no" });
    await replica.close({ graceMs: 0 });
  });

  it("too old for its records is not run", async () => {
    await using world = new World();
    await world.serve(() => expect.fail("it ran"));
    const channel = await world.connect();
    const idempotencyKey = newIdempotencyKey(world.clock.wall() - 86_400_000);
    expect(await failureOf(channel.unary(place, "tea", { idempotencyKey }))).toMatchObject({ reason: "STALE" });
  });
});

describe("an idempotency key", () => {
  it("survives its client", async () => {
    await using world = new World();
    await world.serve();
    const options = { idempotencyKey: newIdempotencyKey(world.clock.wall()) };
    const first = await world.connect();
    expect(await first.unary(place, "tea", options)).toBe(1);
    await first.close();
    const second = await world.connect();
    expect(await second.unary(place, "tea", options)).toBe(1);
  });

  it("settles a call of a client that is gone", async () => {
    await using world = new World();
    await world.serve();
    const [made, never] = [newIdempotencyKey(world.clock.wall()), newIdempotencyKey(world.clock.wall())];
    const first = await world.connect();
    await first.unary(place, "tea", { idempotencyKey: made });
    await first.close();
    const second = await world.connect();
    expect(await second.settle(made, place)).toEqual({ executed: "yes", value: 1 });
    expect(await second.settle(never, place)).toMatchObject({ executed: "no" });
    const failure = await failureOf(second.unary(place, "tea", { idempotencyKey: never }));
    expect(failure).toMatchObject({ code: "CANCELLED", executed: "no" });
    expect(await second.settle(failure.callId, place)).toMatchObject({ executed: "no" });
    expect(await second.settle("nonsense", place)).toMatchObject({ executed: "unknown" });
    expect(world.data.contents.get("tea")).toBe(1);
  });

  it.each([
    ["no UUID", "order-1"],
    ["a UUID of version 4", "7c0c0c5e-9a6f-4b6e-8a55-0d5c3c1a7f10"],
    ["from the future", newIdempotencyKey(Date.UTC(2031, 0, 1))],
  ])("is refused: %s", async (_name, idempotencyKey) => {
    await using world = new World();
    await world.serve();
    const channel = await world.connect();
    expect(await failureOf(channel.unary(place, "tea", { idempotencyKey }))).toMatchObject({
      code: "INVALID_ARGUMENT",
      executed: "no",
    });
  });

  it("may come of a clock that is up to five minutes ahead", async () => {
    await using world = new World();
    await world.serve();
    const channel = await world.connect();
    const idempotencyKey = newIdempotencyKey(world.clock.wall() + 290_000);
    expect(await channel.unary(place, "tea", { idempotencyKey })).toBe(1);
    expect(await channel.unary(place, "tea", { idempotencyKey })).toBe(1);
    const far = { idempotencyKey: newIdempotencyKey(world.clock.wall() + 310_000) };
    expect((await failureOf(channel.unary(place, "tea", far))).message).toContain("from the future");
  });

  it("is refused where nothing could keep it", async () => {
    await using world = new World();
    await world.serve();
    const channel = await world.connect();
    const options: CallOptions = { idempotencyKey: newIdempotencyKey(world.clock.wall()) };
    const failure = await failureOf(channel.unary({ ...place, semantics: "atMostOnce" }, "tea", options));
    expect(failure).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(failure.message).toContain("does not outlive the server");
  });
});

class ShopClient {
  static readonly readonlyMethods = ["look"] as const;
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  place(request: string, options?: CallOptions): Promise<unknown> {
    return this.#caller.unary(place, request, options);
  }

  look(request: string): Promise<unknown> {
    return this.#caller.unary({ ...place, semantics: "readonly" }, request);
  }
}

describe("calls within a call", () => {
  it("are the same when the parent runs again, over a chain of three services with a crash in each", async () => {
    await using world = new World();
    const runs = { front: 0, middle: 0, back: 0 };
    const data = { front: memoryStore({ id: "f" }), middle: memoryStore({ id: "m" }), back: memoryStore({ id: "b" }) };
    const listen = async (name: keyof typeof data, handler: Handler): Promise<Server> => {
      world.store = data[name];
      return world.serve(handler, `memory:${name}`);
    };
    const handlers: Record<keyof typeof data, Handler> = {
      back: async (request, ctx) => {
        runs.back += 1;
        return append(request, ctx);
      },
      middle: async (request, ctx) => {
        runs.middle += 1;
        await append(request, ctx);
        return ctx.client(ShopClient, toBack).place(request);
      },
      front: async (request, ctx) => {
        runs.front += 1;
        await append(request, ctx);
        const client = ctx.client(ShopClient, toMiddle);
        return [await client.place(request), await client.place(request, { step: "second" })];
      },
    };
    const servers = {
      back: await listen("back", handlers.back),
      middle: await listen("middle", handlers.middle),
      front: await listen("front", handlers.front),
    };
    const toBack = await world.connect("memory:back");
    const toMiddle = await world.connect("memory:middle");
    const channel = await world.connect("memory:front");
    for (const connection of [0, 1, 2]) world.cutAt(Kind.REPLY, "server", connection);
    const call = channel.unary(place, "tea");
    for (let step = 0; step < 20; step += 1) await world.clock.pass(50);
    for (const name of ["front", "middle", "back"] as const) {
      await servers[name].close({ graceMs: 0 });
      servers[name] = await listen(name, handlers[name]);
    }
    expect(await world.drive(call)).toEqual([1, 2]);
    expect([data.front, data.middle, data.back].map((store) => store.contents.get("tea"))).toEqual([1, 2, 2]);
  });

  it("keep their ids when the store runs the handler again", async () => {
    await using world = new World();
    const ids: string[] = [];
    await world.serve((_request, ctx) => void ids.push(ctx.callId), "memory:inner");
    const inner = await world.connect("memory:inner");
    const conflict: { on: boolean } = { on: true };
    await world.serve(async (request, ctx) => {
      await ctx.tx.get(request);
      await ctx.client(ShopClient, inner).place("child");
      if (conflict.on) {
        conflict.on = false;
        await world.data.transact(async ({ tx }) => tx.put(request, "changed"));
      }
      await ctx.tx.put(request, "mine");
      return "done";
    });
    const channel = await world.connect();
    expect(await world.drive(channel.unary(place, "tea"))).toBe("done");
    expect(ids).toHaveLength(1);
  });

  it("of a @readonly handler are @readonly, by their types and when they are made", async () => {
    await using world = new World();
    const look: MethodDescriptor<string, unknown> = { ...place, name: "look", path: "test.Front/look", semantics: "readonly" };
    await world.serve();
    const inner = await world.connect();
    const handler = async (_request: unknown, ctx: ReadonlyContext): Promise<unknown> => {
      const client = ctx.client(ShopClient, inner);
      // @ts-expect-error place is not @readonly
      return client.place("tea");
    };
    const services = [{ descriptor: { name: "test.Front", fingerprint: "", methods: { look } }, handlers: { look: handler } }];
    const front = await openServer([world.transport], { listen: "memory:front", services, clock: world.clock });
    const channel = await world.connect("memory:front");
    const failure = await failureOf(channel.unary(look, "x"));
    expect(failure).toMatchObject({ code: "FAILED_PRECONDITION" });
    expect(failure.message).toContain("@readonly");
    expect(world.data.contents.size).toBe(0);
    await front.close({ graceMs: 0 });
  });
});
