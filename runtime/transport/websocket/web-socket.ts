/** A WebSocket as this transport needs it: the one of browsers, and what the `ws` package has beyond that. */

export interface WebSocketLike {
  binaryType: string;
  /** Bytes that were given to `send` and are not with the system yet. */
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message?: string; readonly error?: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  /** `written` is of `ws` alone: called when the bytes are with the system. */
  send(bytes: Uint8Array, written?: () => void): void;
  close(code?: number, reason?: string): void;
  /** Of `ws` alone: the end without a farewell. */
  terminate?(): void;
  /** Of `ws` alone: nothing is read from the peer until `resume`. */
  pause?(): void;
  resume?(): void;
}

/** Codes of the close handshake (RFC 6455, 7.4). */
export const CloseCode = {
  NORMAL: 1000,
  GOING_AWAY: 1001,
  NOT_BINARY: 1003,
  ABSENT: 1005,
  BROKEN: 1006,
  TOO_BIG: 1009,
  /** Ours: the side that sends it has aborted the link. */
  ABORTED: 4000,
} as const;

/** What a code means for a link that was not to end so. */
export function explainClose(code: number, reason: string): string {
  const sentence = MEANINGS[code] ?? `the peer closed with the code ${code}`;
  return reason === "" ? sentence : `${sentence}: ${reason}`;
}

const MEANINGS: Readonly<Record<number, string>> = {
  [CloseCode.GOING_AWAY]: "the peer went away, as a page that is left or a proxy that restarts",
  [CloseCode.NOT_BINARY]: "the peer takes no such message",
  [CloseCode.ABSENT]: "the peer closed without saying why; something else than this runtime may be there",
  [CloseCode.BROKEN]: "the connection ended without a goodbye; the peer's process may have died",
  [CloseCode.TOO_BIG]: "the peer does not take messages of that size",
  [CloseCode.ABORTED]: "the peer broke the connection off",
};
