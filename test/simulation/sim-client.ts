/** A client process of the simulated world: makes calls of every kind, leaves some, dies at times, and writes down what it saw. */
import { connect, RpcError, type Caller, type CallOptions, type Channel } from "../../runtime/index.js";
import { failStopSession } from "../../runtime/generated.js";
import type { Op, Seen } from "./ledger.js";
import { settle } from "./settling.js";
import { methods, type Errand, type Item, type MethodName, type Report } from "./sim-service.js";
import { SimProcess } from "./sim-process.js";
import type { SimRandom } from "./sim-random.js";
import type { SimWorld } from "./sim-world.js";

const UNARY: readonly MethodName[] = ["read", "put", "add", "place", "step"];
const STREAMS: readonly MethodName[] = ["list", "follow", "upload", "chat"];

interface CallChoices {
  readonly key?: string | undefined;
  readonly timeoutMs?: number;
  /** Another process of the same application began it. */
  readonly resumed?: boolean;
}

export class SimClient {
  /** What servers know it by, over all its incarnations. */
  readonly principal: string;
  readonly process: SimProcess;
  readonly #world: SimWorld;
  readonly #random: SimRandom;
  readonly #mine = new Set<Op>();
  channel: Channel | undefined;
  /** Of @failStop calls: another one after each that ended. */
  #session: { readonly id: number; readonly caller: Caller } | undefined;

  constructor(world: SimWorld, slot: number, incarnation: number) {
    this.#world = world;
    this.principal = `client-${slot}`;
    this.process = new SimProcess(`${this.principal}#${incarnation}`, world.queue, world.fork());
    this.#random = world.fork();
    this.process.onDeath(() => {
      for (const op of this.#mine) if (op.seen === undefined) op.abandoned = true;
    });
  }

  /** Opens the channel, however often it takes, and then calls until nothing is left to do. */
  async start(): Promise<void> {
    await this.#open();
    const { concurrency } = this.#world.options;
    await Promise.all(Array.from({ length: concurrency }, () => this.#work()));
  }

  async close(): Promise<void> {
    if (this.process.alive) await this.channel?.close();
  }

  async #open(): Promise<void> {
    for (;;) {
      try {
        this.channel = await connect(this.#world.addressesOf("front"), this.#world.channelOptions(this.process));
        return;
      } catch (error) {
        if (!(error instanceof RpcError) || error.executed !== "no") this.#world.violate("I3", `connect failed with ${String(error)}`);
        await this.process.sleep(100);
      }
    }
  }

  async #work(): Promise<void> {
    while (this.#world.takeCall()) {
      await this.process.sleep(this.#world.options.pace * this.#random.skewed(0.5, 200));
      const resumed = this.#world.takeAbandoned(this.principal);
      if (resumed === undefined) await this.#callAnything();
      else await this.call(resumed.method, resumed.errand, { key: resumed.key, resumed: true });
    }
  }

  async #callAnything(): Promise<void> {
    const random = this.#random;
    const { options, weather } = this.#world;
    const unary = UNARY.filter((name) => this.#world.isServed(name));
    const name = random.chance(0.8) ? random.pick(unary) : random.pick(STREAMS);
    const errand: Errand = {
      op: this.#world.ledger.nextOp(),
      handlerMs: weather.has("slowHandler") ? random.skewed(100, 3_000) : options.handlerMs * random.fraction(),
      fails: weather.has("throws") ? random.pick(["declared", "exception"]) : "not",
      replyBytes: weather.has("largeReply") ? random.pick([300, 5_000, 70_000]) : 0,
      depth: options.chain && UNARY.includes(name) && name !== "step" ? random.int(0, 2) : 0,
      items: random.int(0, 6),
    };
    const key = options.keys && name === "place" && random.chance(0.5) ? this.#world.newKey(this.process) : undefined;
    await this.call(name, errand, { key });
  }

  /** One call to its end, and after an unknown end what `settle` makes of it. */
  async call(name: MethodName, errand: Errand, { key, timeoutMs, resumed = false }: CallChoices = {}): Promise<Op> {
    const random = this.#random;
    const world = this.#world;
    const ms = timeoutMs ?? random.pick([random.skewed(20, 500), random.skewed(500, 5_000), undefined]);
    const now = world.queue.now;
    const session = name === "step" ? this.#openSession() : undefined;
    const isUnary = methods[name].kind === "unary";
    const deadlineAt = ms === undefined ? (isUnary ? now + 10_000 : Infinity) : now + ms;
    const op = world.ledger.begin({ id: errand.op, method: name, client: this.process.name, errand, startedAt: now, deadlineAt, key, resumed, session: session?.id });
    this.#mine.add(op);
    world.begun(op);
    const controller = timeoutMs === undefined && (world.weather.has("cancel") || deadlineAt === Infinity) ? new AbortController() : undefined;
    if (controller !== undefined) {
      const patience = deadlineAt === Infinity ? random.skewed(500, 5_000) : random.skewed(1, 2_000);
      void this.process.sleep(patience).then(() => controller.abort());
    }
    const options = {
      headers: { authorization: this.principal },
      ...(ms !== undefined && { timeoutMs: ms }),
      ...(controller !== undefined && { signal: controller.signal }),
      ...(key !== undefined && { idempotencyKey: key }),
    };
    const seen = await this.#see(name, errand, options, session?.caller);
    if (seen.kind === "error" && seen.error.reason === "SESSION_REVOKED" && this.#session === session) this.#session = undefined;
    if (!this.process.alive) return op;
    op.seen = seen;
    op.settledAt = world.queue.now;
    world.log(`${op.client} ${name} ${errand.op}: ${describeSeen(seen)}`);
    if (seen.kind === "error" && seen.error.executed === "unknown" && random.chance(0.5)) await settle(world, op);
    return op;
  }

  /** The next @failStop call is the first of another client object. */
  leaveSession(): void {
    this.#session = undefined;
  }

  #openSession(): { readonly id: number; readonly caller: Caller } {
    this.#session ??= { id: this.#world.nextSession(), caller: failStopSession(this.channel as Channel) };
    return this.#session;
  }

  async #see(name: MethodName, errand: Errand, options: CallOptions, session?: Caller): Promise<Seen> {
    const channel = session ?? (this.channel as Channel);
    try {
      switch (methods[name].kind) {
        case "unary": {
          const report = await channel.unary(methods[name] as typeof methods.read, errand, options);
          return this.#reported(errand, report);
        }
        case "clientStream":
          return this.#reported(errand, await channel.clientStream(methods.upload, this.#send(errand), options));
        case "serverStream":
          return await this.#receive(errand, channel.serverStream(methods[name] as typeof methods.list, errand, options));
        case "duplex":
          return await this.#receive(errand, channel.duplex(methods.chat, this.#send(errand), options));
      }
    } catch (error) {
      if (error instanceof RpcError) return { kind: "error", error };
      throw error;
    }
  }

  #reported(errand: Errand, report: Report): Seen {
    const expected = this.#world.options.authenticates ? this.principal : "undefined";
    const empty = report.op === 0 && errand.items === 0;
    if (!empty && (report.op !== errand.op || report.principal !== expected || (report.pad !== "" && report.pad.length !== errand.replyBytes))) {
      this.#world.violate("I5", `call ${errand.op} of ${this.principal} got the reply of ${report.op} for ${report.principal}`);
    }
    return { kind: "ok", run: report.run };
  }

  async *#send(errand: Errand): AsyncGenerator<Item> {
    for (let n = 1; n <= errand.items; n += 1) {
      await this.process.sleep(errand.handlerMs / 4);
      yield { op: errand.op, n };
    }
  }

  async #receive(errand: Errand, items: AsyncIterable<Item>): Promise<Seen> {
    let count = 0;
    for await (const item of items) {
      count += 1;
      if (item.op !== errand.op || item.n !== count) this.#world.violate("I5", `stream ${errand.op}: element ${count} is ${JSON.stringify(item)}`);
    }
    if (count !== errand.items) this.#world.violate("I2", `stream ${errand.op} ended in order after ${count} of ${errand.items} elements`);
    return { kind: "ok", run: 0, items: count };
  }
}

export function describeSeen(seen: Seen): string {
  if (seen.kind === "ok") return `ok, run ${seen.run}`;
  const { code, reason, executed, attempts, message } = seen.error;
  return `${code}${reason === undefined ? "" : ` ${reason}`}, executed ${executed}, ${attempts} attempts: ${message}`;
}
