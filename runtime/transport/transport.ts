/**
 * The contract of a transport: it carries whole frames, in order, between two processes or within one, and says when it cannot.
 * What frames mean is the business of `rpc/`; a transport never looks inside.
 */

/** Who is at the other end, as far as the transport knows. */
export interface Peer {
  /** The scheme of the address, such as "tcp". */
  readonly transport: string;
  /** For people and logs: "127.0.0.1:53412", "/tmp/orders.sock", "inproc:orders". */
  readonly address: string;
  /** Whether the path surely stays on this host. */
  readonly onThisHost?: boolean | undefined;
  /** What the peer proved to be, where it showed a certificate that was verified. */
  readonly certificate?: PeerCertificate | undefined;
  /** Where a page of a browser is from, as the browser says: "https://app.example.org". */
  readonly origin?: string | undefined;
}

/** A certificate whose chain and dates were verified, and whose key the peer has. */
export interface PeerCertificate {
  /** The common name of its subject, if it has exactly one. */
  readonly commonName: string | undefined;
  /** The names that it is for, with their kinds: "DNS:api.example.org", "URI:spiffe://example.org/orders", "email:ann@example.org". */
  readonly altNames: readonly string[];
  /** Of the whole certificate: SHA-256 in lower-case hexadecimal digits. */
  readonly fingerprint: string;
  readonly validTo: Date;
}

/**
 * What a link tells the session above it. None of these may throw; each is called with the link already in the state it reports, and
 * never inside a call to that link: `send`, `close` and `abort` return first.
 */
export interface LinkReceiver {
  /** One whole frame. The bytes are the link's own and are only valid until the call returns: copy what outlives it. */
  frame(bytes: Uint8Array): void;
  /** The link was congested and is not any more. */
  drained(): void;
  /**
   * The link is over, once and for good; nothing is called after it. Without a cause the peer closed it in order, every frame that it
   * sent before having been delivered; with one, frames may be lost in both directions.
   */
  closed(cause?: Error): void;
  /**
   * Nobody knows what became of the call that was sent as `stream`; the others go on. Told only by links whose calls have paths of their own.
   * Where it is absent the link ends instead.
   */
  lost?(stream: number, cause: Error): void;
}

/** One open path to a peer. */
export interface Link {
  readonly peer: Peer;
  /** Called once; no frame is delivered before it. */
  open(receiver: LinkReceiver): void;
  /**
   * Sends a frame, after all frames sent before. The link owns the bytes from here on. Frames of one tick leave together; of many, the first ones earlier.
   * It never throws and never waits: after the end of the link the frame is dropped, which the sender learns from `closed`.
   * A frame has at least one byte; an empty one is a mistake of the sender's and ends the link with a cause.
   */
  send(frame: Uint8Array): void;
  /**
   * As `send`, of a frame in two parts, so that a large payload need not be copied behind its head. Absent where a path gains nothing by it.
   * The body is only read; its owner may go on reading it, and must not change it.
   */
  sendInParts?(head: Uint8Array, body: Uint8Array): void;
  /** Whether a frame waits until those before it are through: then the session cuts long ones into pieces. A path that hands them over whole has no need of it. */
  readonly inPieces?: boolean | undefined;
  /** Whether more is queued here than the path takes at once (64 KiB): a sender of bulk waits for `drained`. */
  readonly congested: boolean;
  /**
   * Stops reading from the peer until `resume`, so that it feels the slowness. Frames already read may still be delivered. The end of the
   * link, too, may go unnoticed until then.
   */
  pause(): void;
  resume(): void;
  /** Delivers what was sent, then closes in order. From here on no frame is delivered to this side, only `closed`. */
  close(): void;
  /** Ends it now; what was sent may be lost. */
  abort(cause?: Error): void;
}

export interface DialOptions {
  /** Ends the attempt to connect. */
  readonly signal: AbortSignal;
  /** The largest frame that is accepted, in bytes; a longer one ends the link with a cause. */
  readonly maxFrameBytes: number;
}

/** How many bytes may be held. */
export interface Bound {
  fits(bytes: number): boolean;
  hold(bytes: number): void;
  give(bytes: number): void;
}

export interface ListenOptions {
  readonly maxFrameBytes: number;
  /** Called with each link that a client opened. */
  readonly accept: (link: Link) => void;
  /** Called instead with a link to somebody who did not prove who it is: to be told why, and served nothing. Without it the link is aborted. */
  readonly refuse?: ((link: Link, why: string) => void) | undefined;
  /** Of all replies that wait for their peers: for a listener that keeps some itself, where no session counts them. */
  readonly unsent?: Bound | undefined;
  /** A listener that broke after it had been bound. */
  readonly failed: (cause: Error) => void;
  /**
   * Called where nobody can come any more, for the only client that there could be has left. A server without other addresses closes
   * for that reason, and the promise resolves when it has; undefined where it goes on, or had been closed before.
   */
  readonly over?: (() => Promise<void> | undefined) | undefined;
}

/** A place where links arrive. */
export interface Listening {
  /** The address that was really bound, ready for `connect`: "tcp://127.0.0.1:40123". */
  readonly address: string;
  /** Accepts nothing more; links that are open live on. */
  close(): Promise<void>;
}

export interface Transport {
  /** The word before the colon of an address: "tcp", "unix", "inproc". */
  readonly scheme: string;
  /** The word for the same over TLS, where one transport is both: "wss" beside "ws". */
  readonly secureScheme?: string | undefined;
  /** The address by which `dial` and `listen` know an object that is one, such as a worker; undefined for any other. */
  nameOf?(object: object): string | undefined;
  /**
   * Nothing was sent to the peer if it rejects.
   * @throws Error whose message names the address and the remedy, such as a refused connection or a malformed address; TrustError where the
   * reason is one that waiting does not cure.
   */
  dial(address: string, options: DialOptions): Promise<Link>;
  /** @throws Error whose message names the address and the remedy, such as a port in use. Absent where it cannot listen. */
  listen?(address: string, options: ListenOptions): Promise<Listening>;
}
