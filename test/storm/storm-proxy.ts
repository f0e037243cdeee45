/** A line between two processes whose weather changes while it is used: a proxy of bytes that freezes, slows, flips and cuts. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { reset, type Place } from "../chaos/socket-proxy.js";

export interface Weather {
  /** Nothing passes that way until it is fair again. */
  readonly frozen?: "up" | "down" | "both";
  /** Pieces of at most so many bytes. */
  readonly sliceBytes?: number;
  /** Each piece comes so much later. */
  readonly latencyMs?: number;
  /** Of so many bytes one has a bit that is another. */
  readonly flipEvery?: number;
}

export class StormProxy {
  readonly #server: Server;
  readonly #target: Place;
  /** A number from 0 to 1. */
  readonly #dice: () => number;
  readonly #lines = new Set<readonly [Socket, Socket]>();
  #weather: Weather = {};
  #waiting: (() => void)[] = [];

  private constructor(target: Place, dice: () => number) {
    this.#target = target;
    this.#dice = dice;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  static async open(listen: Place, target: Place, dice: () => number): Promise<StormProxy> {
    const proxy = new StormProxy(target, dice);
    proxy.#server.listen(listen);
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  change(weather: Weather): void {
    this.#weather = weather;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Both ends of all lines are reset or ended, or one of them is reset. */
  cut(how: "reset" | "end" | "client" | "server"): void {
    const cut = (socket: Socket): void => (how === "end" ? void socket.end() : reset(socket));
    for (const [client, server] of this.#lines) {
      if (how !== "server") cut(client);
      if (how !== "client") cut(server);
    }
  }

  async close(): Promise<void> {
    this.change({});
    this.cut("reset");
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(client: Socket): void {
    const server = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    const line = [client, server] as const;
    this.#lines.add(line);
    for (const socket of line) {
      socket.on("error", () => {
        client.destroy();
        server.destroy();
      });
      socket.on("close", () => {
        if (client.destroyed && server.destroyed) this.#lines.delete(line);
      });
    }
    void this.#pass(client, server, "up");
    void this.#pass(server, client, "down");
  }

  async #pass(from: Socket, to: Socket, way: "up" | "down"): Promise<void> {
    let room = (): void => {};
    for (const event of ["drain", "close"]) to.on(event, () => room());
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.length; ) {
          while (this.#weather.frozen === way || this.#weather.frozen === "both") await new Promise<void>((resolve) => this.#waiting.push(resolve));
          const { sliceBytes = Infinity, latencyMs, flipEvery } = this.#weather;
          const piece = chunk.subarray(at, at + sliceBytes);
          at += piece.length;
          if (flipEvery !== undefined) this.#flip(piece, flipEvery);
          if (latencyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, latencyMs));
          else if (sliceBytes !== Infinity) await new Promise((resolve) => setImmediate(resolve));
          if (to.destroyed) return void from.destroy();
          if (!to.write(piece)) await new Promise<void>((resolve) => (room = resolve));
        }
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  #flip(piece: Buffer, every: number): void {
    const next = (): number => Math.floor(this.#dice() * 2 * every);
    for (let at = next(); at < piece.length; at += 1 + next()) piece[at] = (piece[at] ?? 0) ^ (1 << Math.floor(this.#dice() * 8));
  }
}
