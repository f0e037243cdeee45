/** Where one cell of the table is played: a client, a proxy that breaks the path, servers that come and go, and a witness of every effect. */
import { failStopSession } from "../../runtime/generated.js";
import { guards } from "../../runtime/idempotency/guards.js";
import { connect, RpcError, type Caller, type CallOptions, type Channel, type Context, type ServeOptions } from "../../runtime/index.js";
import type { MakeGuards } from "../../runtime/rpc/server/guard.js";
import { openServer, type Server } from "../../runtime/rpc/server/server.js";
import type { PromiseName } from "../../src/semantics/promises.js";
import type { TransportRow } from "../transport/all.js";
import { descriptor, methodOf, streams, type Answer, type Question } from "./cell-service.js";
import type { CellStore, CellTx } from "./cell-store.js";
import { FrameProxy, type FrameKind, type ProxiedFrame, type Verdict } from "./frame-proxy.js";
import { arriveAgain, wordsFor, type Twin } from "./twin.js";

/** What a handler is to do beside its effect. */
export interface Behaviour {
  /** Before the effect; what it throws is thrown by the handler. */
  before?(ctx: Context, run: number): unknown;
  /** After the effect. */
  after?(ctx: Context, run: number): unknown;
  readonly replyBytes?: number;
}

export interface StageServer {
  readonly server: Server;
  readonly address: string;
}

export class Stage {
  readonly row: TransportRow;
  readonly semantics: PromiseName;
  readonly store: CellStore;
  /** By run: those of the call under test. */
  behaviour: Behaviour = {};
  runs = 0;
  proxy!: FrameProxy;
  channel!: Channel;
  /** Of the methods with streams. */
  stopped = 0;
  readonly #effects: number[] = [];
  readonly #sessions = new Map<Channel, Caller>();
  readonly #proxies: FrameProxy[] = [];
  readonly #closing: (() => Promise<unknown>)[] = [];
  #address = "";

  constructor(row: TransportRow, semantics: PromiseName, store: CellStore) {
    this.row = row;
    this.store = store;
    this.semantics = semantics;
  }

  /** A server behind a proxy, and a client of it. */
  async set(options: Partial<ServeOptions> = {}, makeGuards?: MakeGuards): Promise<void> {
    const { address } = await this.serve(options, makeGuards);
    this.#address = address;
    this.proxy = await this.proxyTo(address);
    this.channel = await this.connect(this.proxy.address);
  }

  /** A server instance of its own: with an empty memory, and the store of the stage unless another is given. */
  async serve(options: Partial<ServeOptions> = {}, makeGuards?: MakeGuards): Promise<StageServer> {
    const { row } = this;
    const serveOptions = {
      listen: row.freshAddress(),
      services: [{ descriptor, handlers: this.#handlers() }],
      onError: () => {},
      ...options,
    };
    const server = await openServer([row.transport], serveOptions, makeGuards ?? guards(options.store ?? this.store));
    this.#closing.push(() => server.close({ graceMs: 0 }));
    return { server, address: server.addresses[0] ?? "" };
  }

  async proxyTo(target: string): Promise<FrameProxy> {
    const proxy = await FrameProxy.open(this.row.transport, this.row.freshAddress(), target);
    this.#closing.push(() => proxy.close());
    this.#proxies.push(proxy);
    return proxy;
  }

  async connect(address: string | readonly string[]): Promise<Channel> {
    const channel = await connect(address, { transports: [this.row.transport] });
    this.#closing.push(() => channel.close());
    return channel;
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).toReversed()) await close();
    await this.store.close();
  }

  /** The server process is gone without a word, and another one has taken its place. */
  async replaceServer(options: Partial<ServeOptions> = {}): Promise<void> {
    const { address } = await this.serve(options);
    this.#address = address;
    this.proxy.target = address;
    this.proxy.cut();
    this.store.processGone();
  }

  /** What becomes of the first frame of a kind, or of one of several. */
  once(kinds: FrameKind | readonly FrameKind[], from: "client" | "server", verdict: Verdict, then: () => void = () => {}): void {
    let left = 1;
    this.proxy.rule = (frame: ProxiedFrame): Verdict => {
      if (![kinds].flat().includes(frame.kind) || frame.from !== from || left === 0) return "pass";
      left -= 1;
      then();
      return verdict;
    };
  }

  /** The call under test, and what its caller sees of it in the words of the table. */
  async call(question: Partial<Question> = {}, options: CallOptions = {}, channel = this.channel): Promise<string> {
    return this.seen(this.#sessionOf(channel).unary(methodOf(this.semantics), { op: 1, text: "a", ...question }, options));
  }

  /** Generated clients of services with @failStop methods have a session each. */
  #sessionOf(channel: Channel): Caller {
    if (this.semantics !== "failStop") return channel;
    const session = this.#sessions.get(channel) ?? failStopSession(channel);
    this.#sessions.set(channel, session);
    return session;
  }

  async seen(promise: Promise<unknown>): Promise<string> {
    try {
      const answer = (await promise) as Answer | undefined;
      if (answer !== undefined) this.answers.push(answer);
      return "OK";
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.errors.push(error);
      return wordsFor(error.errorName === undefined ? error.code : "DECLARED", error.reason, error.executed);
    }
  }

  /** Everything that callers got. */
  readonly answers: Answer[] = [];
  readonly errors: RpcError[] = [];

  /** The recorded call arrives once more, over another connection. */
  async arriveAgain(edit: (call: Uint8Array) => Uint8Array = (call) => call): Promise<Twin> {
    const twin = await arriveAgain(this.row.transport, this.#address, this.proxy.first("GREETING"), edit(this.proxy.first("CALL")));
    this.#closing.push(async () => twin.close());
    return twin;
  }

  /** Another caller's call that takes the place of a handler until it is let go. */
  async occupy(channel: Channel): Promise<void> {
    await channel.unary(methodOf("readonly"), { op: 1, text: "occupant" });
    this.#effects.length = 0;
  }

  /** How often the call under test left its client. */
  get sent(): number {
    const frames = this.#proxies.flatMap(({ seen }) => seen);
    const calls = frames.filter(({ kind, from }) => from === "client" && kind === "CALL");
    return calls.filter(({ bytes }) => !Buffer.from(bytes).includes('"op":2')).length;
  }

  /** How often the effect of the call under test happened. */
  async effectsOf(op: number): Promise<number> {
    return this.#effects.filter((each) => each === op).length + (await this.store.counted(`effects/${op}`));
  }

  async effect(op: number, ctx: Context): Promise<void> {
    const { tx } = ctx as { readonly tx?: CellTx };
    if (tx === undefined) return void this.#effects.push(op);
    await tx.count(`effects/${op}`);
  }

  #handlers(): object {
    const run = async ({ op }: Question, ctx: Context): Promise<Answer> => {
      this.runs += 1;
      const own = this.runs;
      const { behaviour } = this;
      if (op === 1) await behaviour.before?.(ctx, own);
      await this.effect(op, ctx);
      if (op === 1) await behaviour.after?.(ctx, own);
      return { op, run: own, pad: "x".repeat((op === 1 ? behaviour.replyBytes : undefined) ?? 0) };
    };
    const unary = { readonly: run, idempotent: run, atMostOnce: run, exactlyOnce: run, failStop: run };
    return { ...unary, ...streams(this) };
  }
}
