/** Connects by the `ws` package, which says why something fails, can pause, and takes certificates; without it, by what the platform has. */
import type { IncomingMessage } from "node:http";
import { BATCH_BYTES } from "../links/message-batch.js";
import { connectTcp, destination } from "../sockets/tcp-socket.js";
import { connectTls } from "../sockets/tls-client.js";
import type { Tls, TlsClientOptions } from "../sockets/tls-options.js";
import type { DialOptions, Link } from "../transport.js";
import { TrustError } from "../trust.js";
import { parseAddress } from "./address.js";
import { dial as dialByPlatform, opened } from "./dial.js";
import { wsPackage } from "./package.js";
import type { WebSocketLike } from "./web-socket.js";

/** Of the text with which a server refuses, so much is shown. */
const SHOWN_CHARACTERS = 300;

/** Of a connection that stood, and then gave nothing that the beginning of a WebSocket could be. */
const NO_WEBSOCKETS = "what answers there serves no WebSockets; is it served as tcp: or tls:?";

export async function dial(
  address: string,
  options: DialOptions,
  tls: Tls<TlsClientOptions> | undefined,
): Promise<Link> {
  const { secure, host, port } = parseAddress(address);
  const where = destination(address, { host, port });
  const ws = await wsPackage();
  if (ws === undefined) {
    if (tls === undefined && "WebSocket" in globalThis) return dialByPlatform(address, options);
    const why = "WebSocket" in globalThis ? "for `tls` with a WebSocket" : "for WebSockets on this platform";
    throw new Error(`${address}: the package ws is needed ${why}; npm install ws`);
  }
  const connection = secure
    ? await connectTls(address, where, "http/1.1", tls, options)
    : await connectTcp(address, where, options);
  const socket = new ws.WebSocket(address, {
    createConnection: () => connection,
    perMessageDeflate: false,
    maxPayload: Math.max(options.maxFrameBytes, BATCH_BYTES),
    finishRequest: (request) => request.end(),
  });
  let failure: Error | undefined;
  socket.on("error", (error) => (failure ??= new Error(`${address}: ${error.message}; ${NO_WEBSOCKETS}`, { cause: error })));
  socket.on("unexpected-response", (_request, response) => {
    void refusalOf(address, response).then((error) => {
      failure ??= error;
      socket.terminate();
    });
  });
  const ended = (): Error => failure ?? new Error(`${address}: the connection ended before it was one`);
  return opened(address, socket as WebSocketLike, options.signal, ended, {
    peer: { transport: secure ? "wss" : "ws", address },
    maxFrameBytes: options.maxFrameBytes,
    soon: (run) => process.nextTick(run),
  });
}

/** What a server that is no WebSocket, or does not want this one, says. */
async function refusalOf(address: string, response: IncomingMessage): Promise<Error> {
  const { statusCode = 0 } = response;
  let text = "";
  response.setEncoding("utf8");
  try {
    for await (const part of response) {
      text += part as string;
      if (text.length > SHOWN_CHARACTERS) break;
    }
  } catch {}
  const said = text.slice(0, SHOWN_CHARACTERS).trim();
  const message = `${address}: the server answered with the status ${statusCode}${said === "" ? "" : `: ${said}`}`;
  if (statusCode === 401) return new TrustError("ownCertificate", message);
  if (statusCode === 403) return new TrustError("refused", message);
  return new Error(message);
}
