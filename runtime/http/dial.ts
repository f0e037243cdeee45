/** Connects over HTTP: a link whose calls are requests, over as many connections as run at once. */
import { Agent, request as newRequest, type ClientRequest, type RequestOptions } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { hostAndPort, type HostAndPort } from "../transport/sockets/host-and-port.js";
import { connectTcp, destination, isOnThisHost } from "../transport/sockets/tcp-socket.js";
import { connectTls } from "../transport/sockets/tls-client.js";
import type { Tls, TlsClientOptions } from "../transport/sockets/tls-options.js";
import type { DialOptions, Link } from "../transport/transport.js";
import { parseAddress, schemeOf } from "./address.js";
import { RequestLink } from "./request-link.js";

/** Calls beyond wait for one of these to end: servers and proxies bound what one client may have, often at a few hundred. */
const MOST_CONNECTIONS = 256;
/** A connection that rests for so long is closed, before the other side does, whose end would cross a request; in milliseconds. */
const RESTING_MS = 15_000;

export async function dial(address: string, options: DialOptions, tls: Tls<TlsClientOptions> | undefined): Promise<Link> {
  const parsed = parseAddress(address);
  const where = destination(address, parsed);
  const connect = async (signal: AbortSignal): Promise<Socket> => {
    const dialled = { ...options, signal };
    const socket = await (parsed.secure ? connectTls(address, where, "http/1.1", tls, dialled) : connectTcp(address, where, dialled));
    // One that the server has ended is of no use for another request, and leaves the pool.
    socket.allowHalfOpen = false;
    return socket;
  };
  const first = await connect(options.signal);
  const pool = new Pool(first, connect);
  const host = hostAndPort(where);
  const peer = { transport: schemeOf(parsed), address: host, onThisHost: isOnThisHost(first) };
  return new RequestLink({
    peer,
    address,
    maxFrameBytes: options.maxFrameBytes,
    mostCalls: MOST_CONNECTIONS,
    request: (method, path, headers) => {
      const sent: RequestOptions = { agent: pool, method, path: `${parsed.prefix}${path}`, headers: { host: hostHeader(where, parsed.secure), ...headers } };
      const request = newRequest(sent);
      // Deno by itself sends a request again that a kept connection has lost, or that is destroyed, though it may have been read: unless it is told that the connection is new.
      return request.once("socket", () => (request.reusedSocket = false)) satisfies ClientRequest;
    },
    release: () => pool.destroy(),
  });
}

/** Makes its connections as every other transport does: with the same trust, and the same words where that fails. */
class Pool extends Agent {
  #first: Socket | undefined;
  readonly #connect: (signal: AbortSignal) => Promise<Socket>;
  /** Those under way. */
  readonly #attempts = new Set<AbortController>();

  constructor(first: Socket, connect: (signal: AbortSignal) => Promise<Socket>) {
    super({ keepAlive: true, timeout: RESTING_MS, scheduling: "lifo" });
    this.#first = first;
    this.#connect = connect;
    // Until it is used, its end is nobody's business.
    first.on("error", () => {});
  }

  override createConnection(_: unknown, made?: (error: Error | null, socket: Duplex) => void): undefined {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined && !first.destroyed) {
      process.nextTick(() => made?.(null, first));
      return;
    }
    // Calls that are given up leave their attempts behind, which the system may keep up for minutes.
    if (this.#attempts.size >= MOST_CONNECTIONS) {
      process.nextTick(() => made?.(new Error(`${MOST_CONNECTIONS} connections are being made, and none of them comes about`), undefined as never));
      return;
    }
    const attempt = new AbortController();
    this.#attempts.add(attempt);
    this.#connect(attempt.signal)
      .finally(() => this.#attempts.delete(attempt))
      .then(
        (socket) => made?.(null, socket),
        (error: Error) => made?.(error, undefined as never),
      );
  }

  override destroy(): void {
    this.#first?.destroy();
    for (const attempt of this.#attempts) attempt.abort();
    super.destroy();
  }
}

function hostHeader(where: HostAndPort, secure: boolean): string {
  const usual = secure ? 443 : 80;
  return where.port === usual ? hostAndPort(where).replace(/:\d+$/, "") : hostAndPort(where);
}
