/** A server process of the simulated world: listens, and knows the way to the next service of the chain. */
import { guards } from "../../runtime/idempotency/guards.js";
import { connect, type Channel, type Headers, type ServerFault } from "../../runtime/index.js";
import type { Guards, MakeGuards } from "../../runtime/rpc/server/guard.js";
import { openServer, type Server } from "../../runtime/rpc/server/server.js";
import { SimHandlers, type Post } from "./sim-handlers.js";
import { SimProcess } from "./sim-process.js";
import { descriptor } from "./sim-service.js";
import { TIERS, type SimWorld, type Tier } from "./sim-world.js";

export class SimServer implements Post {
  readonly process: SimProcess;
  readonly address: string;
  readonly tier: Tier;
  readonly #world: SimWorld;
  #server: Server | undefined;
  #guards: Guards | undefined;
  #below: Channel | undefined;

  constructor(world: SimWorld, tier: Tier, replica: number, incarnation: number) {
    this.#world = world;
    this.tier = tier;
    this.address = world.addressOf(tier, replica);
    this.process = new SimProcess(`${tier}-${replica}#${incarnation}`, world.queue, world.fork());
  }

  /** What its memory of calls takes. */
  get recordBytes(): number {
    return this.#guards?.recordBytes ?? 0;
  }

  get below(): Channel | undefined {
    return this.#below;
  }

  async start(): Promise<void> {
    const { process } = this;
    const world = this.#world;
    const next = TIERS[TIERS.indexOf(this.tier) + 1];
    if (world.options.chain && next !== undefined) void this.#openBelow(next);
    /** As `serve` makes them, and looked at from outside. */
    const watched: MakeGuards = (setting) => (this.#guards = guards(world.stores[this.tier].openFor(process))(setting));
    const transports = [world.network.transportOf(process)];
    const serveOptions = {
      listen: this.address,
      services: [{ descriptor, handlers: new SimHandlers(world, this) }],
      clock: process.clock,
      random: process.random,
      limits: world.serverLimits,
      onError: (fault: ServerFault) => world.fault(this, fault.error),
      ...(world.options.authenticates && { authenticate: (headers: Headers) => this.#authenticate(headers) }),
    };
    this.#server = await openServer(transports, serveOptions, watched);
  }

  async close(): Promise<void> {
    if (!this.process.alive) return;
    await this.#below?.close();
    await this.#server?.close({ graceMs: 100 });
  }

  async #authenticate(headers: Headers): Promise<string> {
    await this.#world.weather.point(this.process, "before admit");
    return headers["authorization"] ?? "nobody";
  }

  async #openBelow(tier: Tier): Promise<void> {
    const { process } = this;
    while (process.alive) {
      try {
        this.#below = await connect(this.#world.addressesOf(tier), this.#world.channelOptions(process));
        return;
      } catch {
        await process.sleep(100);
      }
    }
  }
}
