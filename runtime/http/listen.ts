/** Listens on HTTP. */
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ServerLimits } from "../rpc/server/server-limits.js";
import type { ServiceBinding } from "../rpc/server/service-table.js";
import type { Origins } from "../transport/sockets/origin.js";
import { closeServer, reportFailures } from "../transport/sockets/socket.js";
import { bindTcp, isOnThisHost, remoteAddress } from "../transport/sockets/tcp-socket.js";
import type { Tls, TlsServerOptions } from "../transport/sockets/tls-options.js";
import { ServerTls } from "../transport/sockets/tls-server.js";
import type { Listening, ListenOptions, Peer } from "../transport/transport.js";
import { formatAddress, parseAddress, schemeOf } from "./address.js";
import { HttpConnection } from "./connection.js";
import { encodeText, JSON_TYPE } from "./encoding.js";
import { Gateway } from "./gateway.js";
import { Line, Lines } from "./lines.js";

/** How often it is looked for requests whose heads have not come, in milliseconds. */
const LOOK_MS = 1_000;
/** For a connection without a request: longer than the proxies before a server keep theirs, so that they end first. */
const KEPT_MS = 75_000;
/** A peer that is gone without a word is looked for after so long a silence, by the system's own probes, in milliseconds. */
const PROBED_MS = 30_000;
/** Of the head of a request: the parameters of a GET, and what `limits` lets headers have. */
const QUERY_BYTES = 16 << 10;

export interface HttpServerOptions {
  readonly services: readonly ServiceBinding[];
  readonly limits: ServerLimits;
  readonly origins: Origins;
  readonly tls: Tls<TlsServerOptions> | undefined;
}

export async function listen(address: string, options: ListenOptions, { services, limits, origins, tls }: HttpServerOptions): Promise<Listening> {
  const where = parseAddress(address);
  const own = where.secure ? new ServerTls(address, tls) : undefined;
  const settings = {
    headersTimeout: limits.handshakeMs,
    // How long a body may take is the gateway's business.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(LOOK_MS, limits.handshakeMs),
    keepAliveTimeout: KEPT_MS,
    maxHeaderSize: limits.maxHeaderBytes + QUERY_BYTES,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: PROBED_MS,
  };
  const http: Server = own === undefined ? createServer(settings) : createSecureServer({ ...settings, ...own.options, ALPNProtocols: ["http/1.1"] });
  if (own !== undefined) own.keepFresh(http as ReturnType<typeof createSecureServer>);
  http.maxConnections = limits.maxConnections;
  const gateway = new Gateway({ accept: options.accept, services, limits, origins, prefix: where.prefix });
  const connections = new Map<Socket, HttpConnection>();
  const connectionOf = (socket: Socket, peer: Peer): HttpConnection => {
    const before = connections.get(socket);
    if (before !== undefined) return before;
    const lines = new Lines((origin) => Line.open({ ...peer, origin }, options.accept, limits));
    const connection = new HttpConnection(socket, lines, limits, options.unsent, () => connections.delete(socket));
    connections.set(socket, connection);
    return connection;
  };
  let closing = false;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    // What else came with the bytes for which its connection was cut off: nobody is there to be answered.
    if (request.socket.destroyed) return;
    const verdict = own?.verdictOn(request.socket as TLSSocket);
    const peer = { transport: schemeOf(where), address: remoteAddress(request.socket), onThisHost: isOnThisHost(request.socket), certificate: verdict?.certificate };
    const connection = connectionOf(request.socket, peer);
    if (closing) endBehind(response);
    const start = (): void => void gateway.handle({ request, response, connection, peer, distrust: verdict?.why });
    connection.begin(response, start, () => {
      if (closing) setImmediate(() => http.closeIdleConnections());
    });
  };
  http.on("request", answer);
  // A body that is announced is asked for only once it is wanted.
  http.on("checkContinue", answer);
  http.on("clientError", turnAway);
  const { server, bound } = await bindTcp(address, where, http);
  const reported = formatAddress({ ...where, ...bound });
  reportFailures(server, reported, options);
  const close = async (): Promise<void> => {
    closing = true;
    for (const { open } of connections.values()) for (const response of open) endBehind(response);
    closeServer(server);
  };
  return { address: reported, close };
}

/** The connection takes no further request. */
function endBehind(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}

const CLIENT_ERRORS: Readonly<Record<string, readonly [status: number, why: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "the head of the request is too long; long parameters go into a POST"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "the head of the request did not come in time"],
};

/** What is no request of HTTP. */
function turnAway(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
  const [status, why] = CLIENT_ERRORS[error.code ?? ""] ?? [400, "this is no request of HTTP"];
  const code = status === 408 ? "DEADLINE_EXCEEDED" : "INVALID_ARGUMENT";
  const body = encodeText(`${JSON.stringify({ code, message: why, executed: "no" })}\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${body.length}\r\n\r\n`);
  socket.end(body, () => socket.destroy());
}
