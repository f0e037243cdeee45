/** A link over a socket of TLS whose handshake is done. */
import type { TLSSocket } from "node:tls";
import { StreamLink } from "../links/stream-link.js";
import type { Link, Peer } from "../transport.js";

/** The name that both sides give in the handshake (ALPN). */
export const PROTOCOL = "rpcgen";

const OWN_REFUSED = "the server does not take this side's certificate; give another as `tls: { cert, key }`";

/** What a server or a proxy that is not ours says after the handshake of TLS 1.3, when it dislikes the client's certificate. */
const REMEDIES = {
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "a client certificate is required; give `tls: { cert, key }` to `connect`",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: OWN_REFUSED,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: OWN_REFUSED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: OWN_REFUSED,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: OWN_REFUSED,
};

/**
 * Its end is not a reset as that of TCP, for Node cannot reset a connection below TLS (tried, it ends the process): what the kernel holds
 * for a peer that does not read goes when the kernel gives it up.
 */
export function linkOverTls(socket: TLSSocket, peer: Peer, maxFrameBytes: number): Link {
  return new StreamLink(socket, { peer, maxFrameBytes, destroy: () => void socket.destroy(), remedies: REMEDIES });
}
