/** One simulated world from its seed to its end: builds it, lets faults rain, lets the sky clear, and closes everything. */
import { CommitUnknown, CompletionExists, StoreUnavailable } from "../../runtime/idempotency/completion-store.js";
import { DEFAULT_SERVER_LIMITS, newIdempotencyKey, RpcError, type Channel, type ConnectOptions, type ServeOptions } from "../../runtime/index.js";
import { EventQueue } from "./event-queue.js";
import { Ledger, type Op } from "./ledger.js";
import { SimClient } from "./sim-client.js";
import { SimNetwork } from "./sim-network.js";
import { optionsOf, type SimOptions } from "./sim-options.js";
import type { SimProcess } from "./sim-process.js";
import { SimRandom } from "./sim-random.js";
import { SimServer } from "./sim-server.js";
import type { MethodName } from "./sim-service.js";
import { SimStoreData } from "./sim-store.js";
import { SimWeather } from "./sim-weather.js";
import { Wiretap, type WiretapOwner } from "./wiretap.js";

export interface Violation {
  /** "I1" to "I13". */
  readonly invariant: string;
  readonly what: string;
}

/** The services of the chain, from the one that clients call to the last. */
export const TIERS = ["front", "middle", "back"] as const;
export type Tier = (typeof TIERS)[number];

const SERVED: ReadonlySet<MethodName> = new Set(["read", "put", "add", "place", "step"]);

export class SimWorld implements WiretapOwner {
  readonly options: SimOptions;
  readonly queue = new EventQueue();
  readonly ledger = new Ledger();
  readonly weather: SimWeather;
  readonly network: SimNetwork;
  readonly stores: Readonly<Record<Tier, SimStoreData>>;
  readonly wiretap: Wiretap;
  readonly violations: Violation[] = [];
  /** What happened, line by line; undefined where nobody reads it. */
  readonly events: string[] | undefined;
  readonly servers = new Map<string, SimServer>();
  readonly clients: SimClient[] = [];
  readonly tiers: readonly Tier[];
  readonly serverLimits: NonNullable<ServeOptions["limits"]>;
  readonly #random: SimRandom;
  readonly #deadlines = new Map<number, number>();
  readonly #abandoned: Op[] = [];
  readonly #clientProcesses = new Map<string, SimProcess>();
  #callsLeft: number;
  #starts = 0;
  #sessions = 0;

  constructor(seed: number, records: boolean, options: SimOptions = optionsOf(seed)) {
    this.options = options;
    this.events = records ? [] : undefined;
    this.#random = new SimRandom(seed, 2);
    const log = (text: string): void => this.log(text);
    this.weather = new SimWeather(options, this.fork(), log);
    this.network = new SimNetwork(options.scheme, this.queue, this.weather);
    this.tiers = options.chain ? TIERS : ["front"];
    const store = (tier: Tier): SimStoreData => new SimStoreData(tier, options.storeRetentionMs, this.weather, this.fork(), log);
    this.stores = { front: store("front"), middle: store("middle"), back: store("back") };
    this.wiretap = new Wiretap(this);
    this.network.observer = this.wiretap;
    this.#callsLeft = options.calls;
    const { maxRunning, maxQueued, keepaliveMs, recordRetentionMs, caps, pieceBytes } = options;
    this.serverLimits = {
      keepaliveMs,
      pieceBytes,
      recordRetentionMs,
      ...(maxRunning !== undefined && { maxRunning }),
      ...(maxQueued !== undefined && { maxQueued }),
      ...(caps !== undefined && { maxOutcomeBytes: caps.outcome, maxClientRecordBytes: caps.client, maxKeyedRecordBytes: caps.client, maxRecordBytes: caps.all }),
    };
  }

  fork(): SimRandom {
    return this.#random.fork();
  }

  get now(): number {
    return this.queue.now;
  }

  get duplicates(): boolean {
    return this.options.faults.twice > 0;
  }

  deadlineOf(op: number): number | undefined {
    return this.#deadlines.get(op);
  }

  log(text: string): void {
    this.events?.push(`${this.queue.now.toFixed(3)} ${text}`);
  }

  violate(invariant: string, what: string): void {
    this.log(`VIOLATION ${invariant}: ${what}`);
    this.violations.push({ invariant, what });
  }

  /** Handlers' own failures are planned; any other that a server reports is a fault of the runtime's. */
  fault(server: SimServer, error: unknown): void {
    if (!server.process.alive || isExpected(error)) return;
    this.violate("I13", `${server.process.name} reports ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  addressOf(tier: Tier, replica: number): string {
    return this.options.scheme === "sim" ? `sim:${tier}-${replica}` : `inproc:${tier}-${replica}`;
  }

  addressesOf(tier: Tier): string[] {
    return Array.from({ length: this.options.replicas }, (_, replica) => this.addressOf(tier, replica));
  }

  channelOptions(process: SimProcess): ConnectOptions {
    const { keepaliveMs, pieceBytes } = this.options;
    return { transports: [this.network.transportOf(process)], clock: process.clock, random: process.random, limits: { keepaliveMs, pieceBytes } };
  }

  isServed(name: MethodName): boolean {
    return SERVED.has(name);
  }

  nextSession(): number {
    this.#sessions += 1;
    return this.#sessions;
  }

  takeCall(): boolean {
    this.#callsLeft -= 1;
    return this.#callsLeft >= 0;
  }

  takeAbandoned(principal: string): Op | undefined {
    const index = this.#abandoned.findIndex(({ client }) => client.startsWith(`${principal}#`));
    return index < 0 ? undefined : this.#abandoned.splice(index, 1)[0];
  }

  /** A key that the application has written down before the call. */
  newKey({ clock, random }: SimProcess): string {
    return newIdempotencyKey(clock.wall(), random);
  }

  /** No server keeps more of calls than it was allowed to. */
  watchMemory(): void {
    const most = this.serverLimits.maxRecordBytes ?? DEFAULT_SERVER_LIMITS.maxRecordBytes;
    for (const { process, recordBytes } of this.servers.values()) {
      if (process.alive && recordBytes > most) this.violate("I9", `${process.name} keeps records of ${recordBytes} bytes, and may keep ${most}`);
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.queue.schedule(ms, resolve));
  }

  isClientAlive(client: string): boolean {
    return this.#clientProcesses.get(client)?.alive === true;
  }

  /** By the id that the instance has on the wire. */
  isInstanceAlive(instance: string | undefined): boolean {
    return instance !== undefined && this.wiretap.instances.get(instance)?.alive === true;
  }

  /** How long the client's process was stopped, in all. */
  frozenMs(client: string): number {
    return this.#clientProcesses.get(client)?.frozenMs ?? 0;
  }

  begun(op: Op): void {
    this.#deadlines.set(op.id, op.deadlineAt);
  }

  startServer(tier: Tier, replica: number): void {
    this.#starts += 1;
    const server = new SimServer(this, tier, replica, this.#starts);
    this.servers.set(server.address, server);
    this.log(`${server.process.name} starts`);
    server.process.onDeath(() => this.#restart(server, tier, replica));
    void server.start();
  }

  startClient(slot: number): void {
    this.#starts += 1;
    const client = new SimClient(this, slot, this.#starts);
    this.clients[slot] = client;
    this.#clientProcesses.set(client.process.name, client.process);
    client.process.onDeath(() => {
      this.#abandoned.push(...this.ledger.ops.filter((op) => op.client === client.process.name && op.seen === undefined && op.key !== undefined));
      this.queue.schedule(this.options.restartMs, () => {
        if (this.clients[slot] === client) this.startClient(slot);
      });
    });
    void client.start();
  }

  /** The world is whole from here on. */
  heal(): void {
    this.log("the sky clears");
    this.weather.clear();
    for (const { process } of [...this.servers.values(), ...this.clients]) process.thaw();
    for (const { process, tier, address } of [...this.servers.values()]) {
      if (!process.alive) this.startServer(tier, this.addressesOf(tier).indexOf(address));
    }
    for (const slot of this.options.clientSlots) if (this.clients[slot]?.process.alive === false) this.startClient(slot);
    this.network.heal(this.fork());
  }

  get liveChannels(): Channel[] {
    return this.clients.flatMap(({ channel, process }) => (channel !== undefined && process.alive ? [channel] : []));
  }

  /** Calls whose client lives and that have not come to an end. */
  get unsettled(): Op[] {
    return this.ledger.ops.filter((op) => op.seen === undefined && !op.abandoned);
  }

  get workLeft(): boolean {
    return this.#callsLeft > 0 || this.unsettled.length > 0;
  }

  #restart(server: SimServer, tier: Tier, replica: number): void {
    this.log(`${server.process.name} is dead`);
    this.queue.schedule(this.options.restartMs, () => {
      if (this.servers.get(server.address) === server) this.startServer(tier, replica);
    });
  }
}

/** What handlers were told to throw, what their children failed with, and what the store was told to do. */
function isExpected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof RpcError || error.message === "as it was told" || error instanceof StoreUnavailable || error instanceof CommitUnknown || error instanceof CompletionExists;
}
