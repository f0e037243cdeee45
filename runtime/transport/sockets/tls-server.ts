/** The server's side of TLS: its certificate, which may be renewed as it runs, and which clients are recognised by theirs. */
import { createServer, type Server } from "node:net";
import type { TLSSocket, TlsOptions } from "node:tls";
import type { PeerCertificate } from "../transport.js";
import { certificateOf, explainCertificate } from "./certificate.js";
import { SOCKET_OPTIONS } from "./socket.js";
import { secureContext, toNode } from "./tls-context.js";
import { tlsOptionsOf, type Tls, type TlsServerOptions } from "./tls-options.js";

/** For a client to finish its handshake, in milliseconds. */
const HANDSHAKE_MS = 5_000;

/** A `tls.Server` or an `https.Server`. */
export type SecureServer = Server & { setSecureContext(options: object): void };

/** Whether a client may call, and as whom. `why` says what is wrong with its certificate. */
export interface Verdict {
  readonly certificate: PeerCertificate | undefined;
  readonly why: string | undefined;
}

export class ServerTls {
  readonly #address: string;
  readonly #tls: Tls<TlsServerOptions> | undefined;
  readonly #wanted: "none" | "optional" | "required";
  #current: TlsServerOptions;

  /** @throws Error that names the address and the remedy. */
  constructor(address: string, tls: Tls<TlsServerOptions> | undefined) {
    const own = tlsOptionsOf(tls);
    if (own?.cert === undefined && own?.key === undefined) {
      throw new Error(`${address}: a certificate is needed to listen there; give \`tls: { cert, key }\` to \`serve\``);
    }
    secureContext(address, own);
    this.#wanted = own.clientCertificates ?? (own.ca === undefined ? "none" : "required");
    if (this.#wanted !== "none" && own.ca === undefined) {
      const why = "it says whose signature makes a client's certificate count; without it nobody's does";
      throw new Error(`${address}: \`tls.ca\` is missing; ${why}`);
    }
    this.#address = address;
    this.#tls = tls;
    this.#current = own;
  }

  /** For `createServer`. Node verifies clients and does not refuse them, so that they can be told what is wrong. */
  get options(): TlsOptions {
    return {
      ...SOCKET_OPTIONS,
      ...toNode(this.#current),
      handshakeTimeout: HANDSHAKE_MS,
      requestCert: this.#wanted !== "none",
      rejectUnauthorized: false,
    };
  }

  /** Sees to it that the server has, for each handshake, the certificate that the user's function gives. @returns the one to be bound. */
  keepFresh(server: SecureServer): Server {
    // A client whose handshake fails is told by TLS itself; one that does not go on with it, Node leaves to us.
    server.on("tlsClientError", (_error: Error, socket: TLSSocket) => void socket.destroy());
    if (typeof this.#tls !== "function") return server;
    // Bun's server of TLS tells of a connection when its handshake is done.
    const door = "Bun" in globalThis ? createServer(SOCKET_OPTIONS, (socket) => void server.emit("connection", socket)) : server;
    door.prependListener("connection", () => {
      try {
        this.#renew(server);
      } catch (error) {
        door.emit("error", error);
      }
    });
    return door;
  }

  verdictOn(socket: TLSSocket): Verdict {
    if (this.#wanted === "none") return { certificate: undefined, why: undefined };
    const certificate = certificateOf(socket);
    if (certificate === undefined) {
      const why = "a client certificate is required; give `tls: { cert, key }` to `connect`";
      return { certificate, why: this.#wanted === "required" ? why : undefined };
    }
    if (socket.authorized) return { certificate, why: undefined };
    const code = String(socket.authorizationError);
    const sentence = explainCertificate(code)?.sentence ?? `it does not verify (${code})`;
    return { certificate: undefined, why: `the client's certificate is not trusted: ${sentence}` };
  }

  #renew(server: SecureServer): void {
    const next = tlsOptionsOf(this.#tls);
    if (next === undefined || next === this.#current) return;
    secureContext(this.#address, next);
    server.setSecureContext(toNode(next));
    this.#current = next;
  }
}
