/** Connects over HTTP/2, which the server is known to speak: there is no upgrade. */
import { connect, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { describeFailure } from "../links/failure.js";
import { hostAndPort } from "../sockets/host-and-port.js";
import { connectTcp, destination } from "../sockets/tcp-socket.js";
import { connectTls } from "../sockets/tls-client.js";
import type { Tls, TlsClientOptions } from "../sockets/tls-options.js";
import type { DialOptions, Link } from "../transport.js";
import { TrustError } from "../trust.js";
import { parseAddress } from "./address.js";
import { CONTENT_TYPE, linkOver, PATH, PROTOCOL, WINDOW_BYTES } from "./stream.js";
import { WriteBehind } from "./write-behind.js";

const NO_HTTP2 = "what answers there does not speak HTTP/2; is it served as http:, ws: or tcp:?";

const REMEDIES = {
  ERR_HTTP2_ERROR: NO_HTTP2,
  ERR_HTTP2_SESSION_ERROR: NO_HTTP2,
  ERR_HTTP2_STREAM_ERROR: "the server broke the request off",
  ERR_HTTP2_STREAM_CANCEL: `the connection was broken off; ${NO_HTTP2}`,
  ECONNRESET: `the connection was broken off; ${NO_HTTP2}`,
  EPIPE: `the connection was broken off; ${NO_HTTP2}`,
};

export async function dial(address: string, options: DialOptions, tls: Tls<TlsClientOptions> | undefined): Promise<Link> {
  const parsed = parseAddress(address);
  const where = destination(address, parsed);
  const secure = parsed.scheme === "h2s";
  const socket = secure ? await connectTls(address, where, PROTOCOL, tls, options) : await connectTcp(address, where, options);
  if (secure && (socket as TLSSocket).alpnProtocol !== PROTOCOL) {
    socket.destroy();
    throw new Error(`${address}: ${NO_HTTP2}`);
  }
  const { session, stream } = await request(address, socket, hostAndPort(where), secure, options.signal);
  stream.once("close", () => session.close());
  return linkOver(stream, { transport: parsed.scheme, address: hostAndPort(where) }, options.maxFrameBytes, () => {
    session.destroy();
    socket.destroy();
  });
}

interface Opened {
  readonly session: ClientHttp2Session;
  readonly stream: ClientHttp2Stream;
}

function request(address: string, socket: Socket, authority: string, secure: boolean, signal: AbortSignal): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const session = connect(`${secure ? "https" : "http"}://${authority}`, {
      createConnection: () => new WriteBehind(socket),
      settings: { initialWindowSize: WINDOW_BYTES, enablePush: false },
    });
    session.once("connect", () => {
      // Told a little later: the attempt may be given up by then, and to touch what is destroyed would throw.
      if (!session.destroyed) session.setLocalWindowSize(WINDOW_BYTES);
    });
    const stream = session.request({ ":method": "POST", ":path": PATH, "content-type": CONTENT_TYPE }, { endStream: false });
    const settle = (): void => {
      signal.removeEventListener("abort", abandon);
      stream.off("error", refuse).off("close", end).off("response", answer);
      session.off("error", refuse);
    };
    const fail = (error: Error): void => {
      settle();
      // What is destroyed may still say why.
      for (const each of [session, stream]) each.on("error", () => {});
      session.destroy();
      socket.destroy();
      reject(error);
    };
    const abandon = (): void => fail(new Error(`${address}: the attempt to connect was given up`, { cause: signal.reason }));
    const refuse = (error: Error): void => fail(describeFailure(address, error, REMEDIES));
    const end = (): void => fail(new Error(`${address}: ${REMEDIES.ECONNRESET}`));
    const answer = (headers: IncomingHttpHeaders & { ":status"?: number }): void => {
      const refusal = refusalIn(address, headers);
      if (refusal !== undefined) return fail(refusal);
      settle();
      // Of what ends the session, the link learns by its stream.
      session.on("error", () => {});
      resolve({ session, stream });
    };
    signal.addEventListener("abort", abandon, { once: true });
    session.on("error", refuse);
    stream.on("error", refuse).on("close", end).on("response", answer);
    if (signal.aborted) abandon();
  });
}

function refusalIn(address: string, headers: IncomingHttpHeaders & { ":status"?: number }): Error | undefined {
  const status = headers[":status"];
  if (status === 200 && headers["content-type"] === CONTENT_TYPE) return undefined;
  const refusal = headers["x-rpcgen-refusal"];
  const why = typeof refusal === "string" ? `: ${decoded(refusal)}` : "; it speaks HTTP/2, and is no server of ours";
  const message = `${address}: the server answered with status ${status}${why}`;
  if (status === 401 || status === 403) return new TrustError(status === 401 ? "ownCertificate" : "refused", message);
  return new Error(message);
}

/** What no server of ours has encoded is told as it came. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
