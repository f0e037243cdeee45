/** Stands between `pg` and its server, and cuts a connection at its COMMIT. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";

/** What becomes of the next COMMIT: the server never sees it; it does, and its answer is lost; or the line is cut while it works on it. */
export type Cut = "before" | "after" | "during";

export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Applied once. */
  cut: Cut | undefined;
  /** Refuses new connections while true. */
  down = false;
  /** The server's socket. */
  target: string;
  /** Resolves when the cut is made. */
  onCut: () => void = () => {};

  private constructor(target: string) {
    this.target = target;
    this.#server = createServer((client) => {
      if (this.down) {
        client.destroy();
        return;
      }
      this.#join(client, connect(this.target));
    });
  }

  static async start(target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Cuts every connection. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket, server: Socket): void {
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
    }
    let muted = false;
    const end = (): void => {
      client.destroy();
      server.destroy();
      this.onCut();
    };
    client.on("data", (bytes) => {
      const cut = bytes.includes("COMMIT\0") ? this.cut : undefined;
      if (cut === undefined) {
        server.write(bytes);
        return;
      }
      this.cut = undefined;
      muted = true;
      if (cut === "before") end();
      // The server's half stays open: it must not learn that nobody listens any more.
      else if (cut === "during") server.write(bytes, () => (client.destroy(), this.onCut()));
      else server.write(bytes);
    });
    server.on("data", (bytes) => (muted ? end() : client.write(bytes)));
    client.on("close", () => muted || server.destroy());
    server.on("close", () => client.destroy());
  }
}
