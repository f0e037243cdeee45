/** Listens on HTTP/2. */
import { createServer as createHttp2, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { createServer, type Socket } from "node:net";
import { createServer as createTls, type TLSSocket } from "node:tls";
import { closeServer, reportFailures, SOCKET_OPTIONS } from "../sockets/socket.js";
import { bindTcp, isOnThisHost, remoteAddress } from "../sockets/tcp-socket.js";
import type { Tls, TlsServerOptions } from "../sockets/tls-options.js";
import { ServerTls, type SecureServer, type Verdict } from "../sockets/tls-server.js";
import type { Listening, ListenOptions } from "../transport.js";
import { formatAddress, parseAddress } from "./address.js";
import { CONTENT_TYPE, linkOver, PATH, PROTOCOL, WINDOW_BYTES } from "./stream.js";
import { WriteBehind } from "./write-behind.js";

/** For a connection to begin its stream, and to go once it has none any more, in milliseconds. */
const IDLE_MS = 5_000;

/** A proxy may lead several clients over one connection; each stream is a link, and counts as one. */
const MAX_STREAMS = 100;

export async function listen(address: string, options: ListenOptions, tls: Tls<TlsServerOptions> | undefined): Promise<Listening> {
  const parsed = parseAddress(address);
  const own = parsed.scheme === "h2s" ? new ServerTls(address, tls) : undefined;
  const settings = { initialWindowSize: WINDOW_BYTES, maxConcurrentStreams: MAX_STREAMS, enablePush: false };
  const http2 = createHttp2({ settings, maxSessionInvalidFrames: 100 });
  const admit = (socket: Socket | TLSSocket): void => {
    const verdict = own?.verdictOn(socket as TLSSocket);
    http2.once("session", (session: ServerHttp2Session) => {
      attend(session, (stream, headers) => {
        const status = statusFor(headers);
        if (status === 200) begin(stream, socket, parsed.scheme, options, verdict);
        else turnAway(stream, status);
        return status === 200;
      });
    });
    // It makes the session before it returns.
    http2.emit("connection", new WriteBehind(socket));
  };
  // A session that breaks takes its streams, and so their links, with it.
  http2.on("sessionError", () => {});
  const listener = own === undefined ? createServer(SOCKET_OPTIONS, admit) : createTls({ ...own.options, ALPNProtocols: [PROTOCOL] }, admit);
  const { server, bound } = await bindTcp(address, parsed, own?.keepFresh(listener as SecureServer) ?? listener);
  const reported = formatAddress(parsed.scheme, bound);
  reportFailures(server, reported, options);
  return { address: reported, close: async () => closeServer(server) };
}

function begin(stream: ServerHttp2Stream, socket: Socket | TLSSocket, transport: string, options: ListenOptions, verdict?: Verdict): void {
  const peer = { transport, address: remoteAddress(socket), onThisHost: isOnThisHost(socket), certificate: verdict?.certificate };
  stream.respond({ ":status": 200, "content-type": CONTENT_TYPE });
  const link = linkOver(stream, peer, options.maxFrameBytes, () => {});
  if (verdict?.why === undefined) options.accept(link);
  else if (options.refuse === undefined) link.abort(new Error(`${peer.address}: ${verdict.why}`));
  else options.refuse(link, verdict.why);
}

/**
 * A connection without a stream of ours is closed, whatever else it asks for: it counts nowhere. One whose stream is quiet is not, for its session
 * looks after that.
 * @param take whether the stream is ours.
 */
function attend(session: ServerHttp2Session, take: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean): void {
  let streams = 0;
  let idle: NodeJS.Timeout | undefined;
  const rest = (): void => {
    idle = setTimeout(() => session.destroy(), IDLE_MS).unref();
  };
  session.setLocalWindowSize(WINDOW_BYTES);
  session.on("stream", (stream, headers) => {
    // Errors of a stream that was turned away are nobody's.
    stream.on("error", () => {});
    // Node tells of a stream a little after its head was read: a client may have taken it back with the same bytes, and to answer would throw.
    if (stream.closed || stream.destroyed || !take(stream, headers)) return;
    streams += 1;
    clearTimeout(idle);
    stream.once("close", () => {
      streams -= 1;
      if (streams === 0 && !session.destroyed) rest();
    });
  });
  session.once("close", () => clearTimeout(idle));
  rest();
}

function statusFor(headers: IncomingHttpHeaders): number {
  if (headers[":path"] !== PATH) return 404;
  if (headers[":method"] !== "POST") return 405;
  return headers["content-type"] === CONTENT_TYPE ? 200 : 415;
}

const REFUSALS: Readonly<Record<number, string>> = {
  404: `frames are served at ${PATH} alone`,
  405: "frames are carried by a POST",
  415: `frames are of the type ${CONTENT_TYPE}`,
};

function turnAway(stream: ServerHttp2Stream, status: number): void {
  const why = REFUSALS[status] ?? "";
  stream.respond({ ":status": status, "content-type": "text/plain; charset=utf-8", "x-rpcgen-refusal": encodeURIComponent(why) });
  stream.end(`${why}\n`);
}
