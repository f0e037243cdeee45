/** A TCP line with a knife: it forwards bytes to a server, and can be cut at the moment that hurts. */
import { createConnection, createServer, type Server, type Socket } from "node:net";

/** Where the next request meets the knife: on its way there, or its reply on the way back. */
export type Cut = "request" | "reply";

interface LineState {
  /** What awaits the next request. */
  cut: Cut | undefined;
  /** A request went through, and its reply will not. */
  replyAwaited: boolean;
  stalled: boolean;
  shut: boolean;
}

export class Line {
  /** What clients connect to. */
  readonly address: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #state: LineState;

  private constructor(server: Server, sockets: Set<Socket>, state: LineState, port: number) {
    this.#server = server;
    this.#sockets = sockets;
    this.#state = state;
    this.address = `tcp://127.0.0.1:${port}`;
  }

  /** Opens a line to a server's address, such as "tcp://127.0.0.1:4000". */
  static async to(target: string): Promise<Line> {
    const { hostname, port } = new URL(target);
    const state: LineState = { cut: undefined, replyAwaited: false, stalled: false, shut: false };
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      if (state.shut) return client.destroy();
      const upstream = createConnection({ host: hostname, port: Number(port) });
      const end = (): void => {
        client.destroy();
        upstream.destroy();
      };
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.setNoDelay(true);
        socket.on("error", end);
        socket.on("close", () => {
          sockets.delete(socket);
          end();
        });
      }
      client.on("data", (bytes) => {
        if (state.stalled) return;
        if (state.cut === "request") {
          state.cut = undefined;
          end();
          return;
        }
        if (state.cut === "reply") {
          state.cut = undefined;
          state.replyAwaited = true;
        }
        upstream.write(bytes);
      });
      upstream.on("data", (bytes) => {
        if (state.stalled) return;
        if (state.replyAwaited) {
          state.replyAwaited = false;
          end();
          return;
        }
        client.write(bytes);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new Error("the line has no port");
    return new Line(server, sockets, state, bound.port);
  }

  /** Cuts the line once: when the next request comes, or when its reply comes back. It works again for whoever dials anew. */
  cutOnce(cut: Cut): void {
    this.#state.cut = cut;
  }

  /** From now on the line swallows everything, in both directions, without hanging up. */
  set stalled(stalled: boolean) {
    this.#state.stalled = stalled;
  }

  /** From now on the line takes nobody who dials; who is on it stays. */
  set shut(shut: boolean) {
    this.#state.shut = shut;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
