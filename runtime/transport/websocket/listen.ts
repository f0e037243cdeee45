/** Listens for WebSockets, on a server of HTTP that does nothing else. */
import { createServer, STATUS_CODES, type IncomingMessage, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { BATCH_BYTES } from "../links/message-batch.js";
import { allows, type Origins } from "../sockets/origin.js";
import { closeServer, reportFailures } from "../sockets/socket.js";
import { bindTcp, isOnThisHost, remoteAddress } from "../sockets/tcp-socket.js";
import type { Tls, TlsServerOptions } from "../sockets/tls-options.js";
import { ServerTls } from "../sockets/tls-server.js";
import type { Listening, ListenOptions, Peer, PeerCertificate } from "../transport.js";
import { formatAddress, parseAddress, type WebSocketAddress } from "./address.js";
import { WebSocketLink } from "./link.js";
import { whyUnserved, wsPackage } from "./package.js";
import type { WebSocketLike } from "./web-socket.js";

/** For a request to arrive, and how often it is looked whether one has not, in milliseconds. */
const REQUEST_MS = 5_000;
const LOOK_MS = 1_000;

const HTTP_OPTIONS = {
  headersTimeout: REQUEST_MS,
  requestTimeout: REQUEST_MS,
  connectionsCheckingInterval: LOOK_MS,
  noDelay: true,
};

interface Refusal {
  readonly status: number;
  readonly why: string;
}

export interface WebSocketServerOptions {
  readonly origins: Origins;
  readonly tls: Tls<TlsServerOptions> | undefined;
}

export async function listen(
  address: string,
  options: ListenOptions,
  { origins, tls }: WebSocketServerOptions,
): Promise<Listening> {
  const where = parseAddress(address);
  const ws = await wsPackage();
  if (ws === undefined) throw new Error(`${address}: ${whyUnserved()}`);
  const own = where.secure ? new ServerTls(address, tls) : undefined;
  const http: Server = own === undefined ? createServer(HTTP_OPTIONS) : createSecureServer({ ...HTTP_OPTIONS, ...own.options });
  const upgrades = new ws.WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: Math.max(options.maxFrameBytes, BATCH_BYTES),
  });
  http.on("request", (_request, response) => {
    response.writeHead(426, { Connection: "close", Upgrade: "websocket", "Content-Type": "text/plain" });
    response.end("This is served as a WebSocket.\n");
  });
  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => {});
    const verdict = own?.verdictOn(socket as TLSSocket);
    const refusal = refusalOf(request, where, origins, verdict?.why);
    if (refusal !== undefined) return turnAway(socket, refusal);
    upgrades.handleUpgrade(request, socket, head, (accepted) => {
      const peer = peerOf(where, socket as Socket, request, verdict?.certificate);
      const soon = (run: () => void): void => process.nextTick(run);
      options.accept(new WebSocketLink(accepted as WebSocketLike, { peer, maxFrameBytes: options.maxFrameBytes, soon }));
    });
  });
  const { server, bound } = await bindTcp(address, where, own?.keepFresh(http as ReturnType<typeof createSecureServer>) ?? http);
  const reported = formatAddress({ ...where, ...bound });
  reportFailures(server, reported, options);
  return { address: reported, close: async () => closeServer(server) };
}

function refusalOf(
  { url, headers }: IncomingMessage,
  where: WebSocketAddress,
  origins: Origins,
  distrust: string | undefined,
): Refusal | undefined {
  if (url !== where.path) return { status: 404, why: `Nothing is served at ${JSON.stringify(url)}; the path is ${where.path}` };
  if (distrust !== undefined) return { status: 401, why: distrust };
  const { origin } = headers;
  if (allows(origins, origin)) return undefined;
  return { status: 403, why: `Pages of ${JSON.stringify(origin)} may not call; add it to \`origins\` of \`serve\`` };
}

function turnAway(socket: Duplex, { status, why }: Refusal): void {
  const body = `${why}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function peerOf(
  { secure }: WebSocketAddress,
  socket: Socket,
  { headers }: IncomingMessage,
  certificate: PeerCertificate | undefined,
): Peer {
  return {
    transport: secure ? "wss" : "ws",
    address: remoteAddress(socket),
    onThisHost: isOnThisHost(socket),
    ...(headers.origin === undefined ? {} : { origin: headers.origin }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}
