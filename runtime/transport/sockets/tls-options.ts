/** What users say about TLS: to `serve({ tls })` and `connect(address, { tls })`. */

/** PEM: one or several certificates or keys, as text or as bytes. */
export type Pem = string | Uint8Array | readonly (string | Uint8Array)[];

export interface TlsKeyPair {
  /** The certificate, followed by those between it and its authority. */
  readonly cert?: Pem | undefined;
  readonly key?: Pem | undefined;
  /** Opens the key, if it is encrypted. */
  readonly passphrase?: string | undefined;
}

export interface TlsServerOptions extends TlsKeyPair {
  /** Whose signature makes a client's certificate count. Needed as soon as client certificates are wanted. */
  readonly ca?: Pem | undefined;
  /**
   * "required": who shows none, or one that does not verify, is refused. "optional": who shows none is let in without
   * `peer.certificate`. Default: "required" with `ca`, else "none".
   */
  readonly clientCertificates?: "none" | "optional" | "required" | undefined;
}

/** With `cert` and `key` where the server asks for a client certificate. */
export interface TlsClientOptions extends TlsKeyPair {
  /** Whose signature makes the server's certificate count, instead of the authorities that the system trusts. */
  readonly ca?: Pem | undefined;
  /** The name that the server's certificate must be for. Default: the host of the address. */
  readonly servername?: string | undefined;
}

/** A function is asked for each connection, so that certificates can be renewed while the process runs; an object that it gave before costs nothing. */
export type Tls<Options> = Options | (() => Options);

export function tlsOptionsOf<Options>(tls: Tls<Options> | undefined): Options | undefined {
  return typeof tls === "function" ? (tls as () => Options)() : tls;
}

/** What a process says about TLS, for the connections that it makes and for those that it takes. */
export interface TlsSides {
  readonly client?: Tls<TlsClientOptions> | undefined;
  readonly server?: Tls<TlsServerOptions> | undefined;
}
