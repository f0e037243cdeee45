/** Connects by the WebSocket that the platform has: browsers, Bun, Deno, and Node from 22 on. */
import type { DialOptions, Link } from "../transport.js";
import { parseAddress } from "./address.js";
import { WebSocketLink, type WebSocketLinkOptions } from "./link.js";
import type { WebSocketLike } from "./web-socket.js";

export async function dial(address: string, options: DialOptions): Promise<Link> {
  const { secure } = parseAddress(address);
  const { WebSocket, location } = globalThis as {
    readonly WebSocket?: new (url: string) => WebSocketLike;
    readonly location?: { readonly origin?: string };
  };
  if (WebSocket === undefined) throw new Error(`${address}: there is no WebSocket here`);
  const socket = new WebSocket(address);
  const page = location?.origin === undefined ? "" : `, it does not serve pages of ${location.origin} (\`origins\`)`;
  const doubts = `nobody listens there${secure ? ", its certificate is not trusted" : ""}${page}, or the path is wrong`;
  const failure = (): Error => new Error(`${address}: no connection, and the platform does not tell why: ${doubts}`);
  const peer = { transport: secure ? "wss" : "ws", address };
  return opened(address, socket, options.signal, failure, { peer, maxFrameBytes: options.maxFrameBytes });
}

/**
 * The link, when the socket is open.
 * @param failure what went wrong, if it does not open.
 */
export function opened(
  address: string,
  socket: WebSocketLike,
  signal: AbortSignal,
  failure: () => Error,
  link: WebSocketLinkOptions,
): Promise<Link> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      signal.removeEventListener("abort", abandon);
      socket.onopen = socket.onclose = null;
    };
    const abandon = (): void => {
      settle();
      socket.close();
      reject(new Error(`${address}: the attempt to connect was given up`, { cause: signal.reason }));
    };
    signal.addEventListener("abort", abandon, { once: true });
    socket.onerror = () => {};
    socket.onopen = () => {
      settle();
      resolve(new WebSocketLink(socket, link));
    };
    socket.onclose = () => {
      settle();
      reject(failure());
    };
    if (signal.aborted) abandon();
  });
}
