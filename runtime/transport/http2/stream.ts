/** The one stream of HTTP/2 that carries a link: a POST whose two bodies are frames in the two directions. */
import { constants, type Http2Stream } from "node:http2";
import { StreamLink } from "../links/stream-link.js";
import type { Link, Peer } from "../transport.js";

/** The name that both sides give in the handshake of TLS (ALPN). */
export const PROTOCOL = "h2";

export const PATH = "/rpcgen";
export const CONTENT_TYPE = "application/x-rpcgen-frames";

/** What a peer may send before it is read, in bytes: the default of HTTP/2, 64 KiB, would make a frame of 4 MiB wait for 64 round trips. */
export const WINDOW_BYTES = 4 << 20;

const CANCELLED = { ERR_HTTP2_STREAM_ERROR: "the peer broke the stream off", ERR_HTTP2_SESSION_ERROR: "the peer broke the connection off" };

/** @param destroy what else ends with the link. */
export function linkOver(stream: Http2Stream, peer: Peer, maxFrameBytes: number, destroy: () => void): Link {
  return new StreamLink(stream, {
    peer,
    maxFrameBytes,
    remedies: CANCELLED,
    destroy: () => {
      if (!stream.destroyed) stream.close(constants.NGHTTP2_CANCEL);
      stream.destroy();
      destroy();
    },
  });
}
