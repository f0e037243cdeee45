/** What TCP and Unix sockets share: connecting, binding, and the link over a socket of `node:net`. */
import {
  connect,
  createServer,
  type ListenOptions as BindOptions,
  type NetConnectOpts,
  type Server,
  type Socket,
} from "node:net";
import { describeFailure, type Remedies } from "../links/failure.js";
import { StreamLink } from "../links/stream-link.js";
import type { DialOptions, Link, ListenOptions, Peer } from "../transport.js";

/** Out of file descriptors or cut before it was accepted: the one connection is lost, the listener lives. */
const LOST_BEFORE_ACCEPTED = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "ECONNABORTED"]);

/**
 * `allowHalfOpen`: the link ends the writing side itself, behind its goodbye. `noDelay`: a batch is as large as it gets when it is written,
 * so Nagle's wait would only add latency.
 */
export const SOCKET_OPTIONS = { allowHalfOpen: true, noDelay: true };

/** Connections that may wait to be accepted: when a server comes back, its clients all come at once. The system may allow fewer. */
const BACKLOG = 4096;

/** @throws Error that names the address and the remedy. */
export function connectSocket(
  address: string,
  where: NetConnectOpts,
  { signal }: DialOptions,
  remedies: Remedies,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const givenUp = (): Error => new Error(`${address}: the attempt to connect was given up`, { cause: signal.reason });
    if (signal.aborted) {
      reject(givenUp());
      return;
    }
    const socket = connect({ ...where, ...SOCKET_OPTIONS });
    const abandon = (): void => {
      socket.destroy();
      reject(givenUp());
    };
    const refuse = (error: Error): void => {
      signal.removeEventListener("abort", abandon);
      reject(describeFailure(address, error, remedies));
    };
    signal.addEventListener("abort", abandon, { once: true });
    socket.once("error", refuse);
    socket.once("connect", () => {
      signal.removeEventListener("abort", abandon);
      socket.off("error", refuse);
      resolve(socket);
    });
  });
}

/** Binds at once, before it returns its promise. @throws Error that names the address and the remedy. */
export function bindSocket(
  address: string,
  where: BindOptions,
  remedies: Remedies,
  server: Server = createServer(SOCKET_OPTIONS),
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => reject(describeFailure(address, error, remedies));
    server.once("error", refuse);
    server.listen({ backlog: BACKLOG, ...where }, () => {
      server.off("error", refuse);
      resolve(server);
    });
  });
}

/** Hands each connection on as a link. */
export function acceptSockets(
  server: Server,
  address: string,
  options: ListenOptions,
  peerOf: (socket: Socket) => Peer,
): void {
  server.on("connection", (socket) => options.accept(linkOver(socket, peerOf(socket), options.maxFrameBytes)));
  reportFailures(server, address, options);
}

export function reportFailures(server: Server, address: string, options: ListenOptions): void {
  server.on("error", (error: NodeJS.ErrnoException) => {
    if (!LOST_BEFORE_ACCEPTED.has(error.code ?? "")) options.failed(describeFailure(address, error, {}));
  });
}

/** Stops listening; unlike the callback of `Server.close`, it does not wait for open connections. */
export function closeServer(server: Server): void {
  if (server.listening) server.close();
}

export function linkOver(socket: Socket, peer: Peer, maxFrameBytes: number): Link {
  return new StreamLink(socket, { peer, maxFrameBytes, destroy: () => reset(socket) });
}

/** On TCP the peer gets a reset, which also frees what the kernel still holds for a peer that does not read; a pipe knows no reset. */
function reset(socket: Socket): void {
  if (socket.destroyed) return;
  // While Node shuts the writing side down it refuses to reset, and then never closes the socket: the process would not end.
  const shutsDown = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (socket.remoteFamily === undefined || shutsDown) socket.destroy();
  else socket.resetAndDestroy();
}
