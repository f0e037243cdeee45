/** The handlers of the simulated world: they do what the errand says, may die at any point of it, and write down what they did. */
import type { Caller, Channel, Context } from "../../runtime/index.js";
import { streamsRequests } from "../../runtime/rpc/server/service-table.js";
import type { SimProcess } from "./sim-process.js";
import { Refused, methods, type Errand, type Item, type MethodName, type Report } from "./sim-service.js";
import type { SimTx } from "./sim-store.js";
import type { SimWorld, Tier } from "./sim-world.js";

/** What a handler calls below itself for one of these. */
const CHILD_OF: Readonly<Partial<Record<MethodName, MethodName>>> = { read: "read", put: "place", add: "add", place: "place" };

/** Where a handler is. */
export interface Post {
  readonly tier: Tier;
  readonly process: SimProcess;
  /** The way to the next service of the chain, once there is one. */
  readonly below: Channel | undefined;
}

/** What generated clients look like. */
class Below {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  call(name: MethodName, errand: Errand, authorization: string): Promise<Report> {
    return this.#caller.unary(methods[name] as typeof methods.read, errand, { headers: { authorization } });
  }
}

export class SimHandlers {
  readonly #world: SimWorld;
  readonly #post: Post;

  constructor(world: SimWorld, post: Post) {
    this.#world = world;
    this.#post = post;
  }

  read(errand: Errand, ctx: Context): Promise<Report> {
    return this.#run("read", errand, ctx);
  }

  put(errand: Errand, ctx: Context): Promise<Report> {
    return this.#run("put", errand, ctx);
  }

  add(errand: Errand, ctx: Context): Promise<Report> {
    return this.#run("add", errand, ctx);
  }

  place(errand: Errand, ctx: Context): Promise<Report> {
    return this.#run("place", errand, ctx);
  }

  step(errand: Errand, ctx: Context): Promise<Report> {
    return this.#run("step", errand, ctx);
  }

  async *list(errand: Errand, ctx: Context): AsyncGenerator<Item> {
    this.#begin("list", errand.op, ctx);
    yield* this.#items(errand);
  }

  async *follow(errand: Errand, ctx: Context): AsyncGenerator<Item> {
    const { process, tier } = this.#post;
    this.#begin("follow", errand.op, ctx);
    await this.#world.weather.point(process, "after admit");
    this.#world.ledger.effect(tier, errand.op);
    yield* this.#items(errand);
  }

  async upload(items: AsyncIterable<Item>, ctx: Context): Promise<Report> {
    const { process, tier } = this.#post;
    let run = 0;
    let last: Item | undefined;
    for await (const item of items) {
      await process.whileAlive();
      if (last === undefined) {
        run = this.#begin("upload", item.op, ctx);
        this.#world.ledger.effect(tier, item.op);
      } else if (item.n !== last.n + 1) this.#world.violate("I5", `upload ${item.op}: ${item.n} came after ${last.n}`);
      last = item;
      await this.#world.weather.point(process, "mid-handler");
    }
    await process.whileAlive();
    return { op: last?.op ?? 0, run, principal: String(ctx.principal), pad: "" };
  }

  async *chat(items: AsyncIterable<Item>, ctx: Context): AsyncGenerator<Item> {
    const { process, tier } = this.#post;
    let begun = false;
    for await (const item of items) {
      await process.whileAlive();
      if (!begun) {
        this.#begin("chat", item.op, ctx);
        this.#world.ledger.effect(tier, item.op);
      }
      begun = true;
      yield item;
    }
  }

  /** The handler has begun, or of a stream of requests the first has come. None begins after its deadline. */
  #begin(name: MethodName, op: number, ctx: Context): number {
    const { process, tier } = this.#post;
    const { queue, ledger, wiretap } = this.#world;
    const beginsBy = wiretap.beginsBy(process, ctx.callId, ctx.attempt) ?? -Infinity;
    const lateMs = queue.now - beginsBy;
    // Sums of fractions: clocks begin at any number.
    if (!streamsRequests(methods[name].kind) && lateMs > 1e-6) this.#world.violate("I8", `${name} ${op} began at ${tier} ${lateMs.toFixed(3)} ms after its deadline`);
    return ledger.ran({ op, tier, method: name, instance: process.name, startedAt: queue.now });
  }

  async #run(name: MethodName, errand: Errand, ctx: Context): Promise<Report> {
    const { process, tier } = this.#post;
    const { weather } = this.#world;
    await process.whileAlive();
    const run = this.#begin(name, errand.op, ctx);
    await weather.point(process, "after admit");
    const effectFirst = errand.op % 2 === 0;
    if (effectFirst) await this.#effect(name, errand.op, run, ctx);
    await process.sleep(errand.handlerMs / 2);
    await weather.point(process, "mid-handler");
    if (errand.depth > 0) await this.#callBelow(name, errand, ctx);
    await process.sleep(errand.handlerMs / 2);
    if (!effectFirst) await this.#effect(name, errand.op, run, ctx);
    if (tier === "front" && errand.fails === "declared") throw new Refused({ run });
    if (tier === "front" && errand.fails === "exception") throw new Error("as it was told");
    return { op: errand.op, run, principal: String(ctx.principal), pad: "x".repeat(errand.replyBytes) };
  }

  /** What must not happen twice; within the transaction where there is one. */
  async #effect(name: MethodName, op: number, run: number, ctx: Context): Promise<void> {
    const { process, tier } = this.#post;
    await process.whileAlive();
    if (name === "read") return;
    const { tx } = ctx as { readonly tx?: SimTx };
    if (name !== "place" || tx === undefined) return this.#world.ledger.effect(tier, op);
    const key = `${tier}/${op}`;
    const before = await tx.get(key);
    await tx.put(key, before === undefined ? String(run) : `${before} ${run}`);
  }

  async #callBelow(name: MethodName, errand: Errand, ctx: Context): Promise<void> {
    const child = CHILD_OF[name];
    if (child === undefined || !this.#world.isServed(child)) return;
    let below = this.#post.below;
    for (; below === undefined; below = this.#post.below) await this.#post.process.sleep(50);
    const report = await ctx.client(Below, below).call(child, { ...errand, depth: errand.depth - 1 }, this.#post.tier);
    await this.#post.process.whileAlive();
    if (report.op !== errand.op) this.#world.violate("I5", `the child of ${errand.op} got the reply of ${report.op}`);
  }

  async *#items(errand: Errand): AsyncGenerator<Item> {
    const { process } = this.#post;
    for (let n = 1; n <= errand.items; n += 1) {
      await process.sleep(errand.handlerMs / 4);
      await this.#world.weather.point(process, "mid-handler");
      yield { op: errand.op, n };
    }
    if (errand.fails !== "not") throw new Refused({ run: 0 });
  }
}
