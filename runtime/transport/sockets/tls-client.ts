/** The client's side of TLS over TCP: the handshake, and whether the server is who it should be. */
import { isIP } from "node:net";
import { connect, type SecureContext, type TLSSocket } from "node:tls";
import { describeFailure } from "../links/failure.js";
import type { DialOptions } from "../transport.js";
import { TrustError } from "../trust.js";
import { untrustedServer } from "./certificate.js";
import type { HostAndPort } from "./host-and-port.js";
import { connectTcp } from "./tcp-socket.js";
import { secureContext } from "./tls-context.js";
import { tlsOptionsOf, type Tls, type TlsClientOptions } from "./tls-options.js";

const NO_TLS = "what answers there does not speak TLS; is it served as tcp: or ws:?";
const NO_VERSION = "the two sides have no version of TLS in common";
const OTHER_PROTOCOL = "what answers there speaks another protocol over TLS";

const REMEDIES = {
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ECONNRESET: `the connection was broken off during the handshake; ${NO_TLS}`,
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: OTHER_PROTOCOL,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: NO_VERSION,
  ERR_SSL_UNSUPPORTED_PROTOCOL: NO_VERSION,
};

/**
 * @param protocol that the server is told, so that one of another protocol with the same certificate does not take our bytes for its own.
 * @throws Error that names the address and the remedy; TrustError if the server is not trusted, or the own certificate cannot be used.
 */
export async function connectTls(
  address: string,
  where: HostAndPort,
  protocol: string,
  tls: Tls<TlsClientOptions> | undefined,
  options: DialOptions,
): Promise<TLSSocket> {
  const own = tlsOptionsOf(tls) ?? {};
  const context = usable(address, own);
  const raw = await connectTcp(address, where, options);
  const host = own.servername ?? where.host;
  const socket = connect({
    socket: raw,
    host,
    servername: isIP(host) === 0 ? host : "",
    secureContext: context,
    ALPNProtocols: [protocol],
  });
  await handshake(address, socket, options.signal);
  return socket;
}

function usable(address: string, own: TlsClientOptions): SecureContext {
  try {
    return secureContext(address, own);
  } catch (error) {
    throw new TrustError("ownCertificate", (error as Error).message, error);
  }
}

function handshake(address: string, socket: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      signal.removeEventListener("abort", abandon);
      socket.off("error", refuse).off("close", end);
      // What is destroyed may still say why.
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const abandon = (): void =>
      fail(new Error(`${address}: the attempt to connect was given up`, { cause: signal.reason }));
    const refuse = (error: Error): void =>
      fail(untrustedServer(address, error) ?? describeFailure(address, error, REMEDIES));
    const end = (): void => fail(new Error(`${address}: ${REMEDIES.ECONNRESET}`));
    signal.addEventListener("abort", abandon, { once: true });
    socket.once("error", refuse).once("close", end);
    socket.once("secureConnect", () => {
      signal.removeEventListener("abort", abandon);
      socket.off("error", refuse).off("close", end);
      resolve();
    });
    if (signal.aborted) abandon();
  });
}
