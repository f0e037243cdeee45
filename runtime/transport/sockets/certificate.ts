/** The certificate that a peer showed: who it says that it is, and what is wrong with it. */
import type { PeerCertificate as PeerCertificateOfNode, TLSSocket } from "node:tls";
import type { PeerCertificate } from "../transport.js";
import { TrustError, type TrustFault } from "../trust.js";
import { altNamesOf } from "./alt-names.js";

/** Of a socket whose handshake is done and whose peer was verified; undefined if the peer showed none. */
export function certificateOf(socket: TLSSocket): PeerCertificate | undefined {
  // Bun's server of https has sockets that do not tell: whoever must show a certificate is turned away there.
  if (typeof socket.getPeerCertificate !== "function") return undefined;
  // Node gives an object without anything in it where there is no certificate, and null for a socket that is gone.
  const { subject, raw, fingerprint256, valid_to: validTo } = (socket.getPeerCertificate() as PeerCertificateOfNode | null) ?? ({} as PeerCertificateOfNode);
  if (fingerprint256 === undefined) return undefined;
  const commonName: unknown = subject?.CN;
  return {
    commonName: typeof commonName === "string" ? commonName : undefined,
    altNames: altNamesOf(raw),
    fingerprint: fingerprint256.replaceAll(":", "").toLowerCase(),
    validTo: new Date(validTo),
  };
}

interface Explanation {
  readonly fault: TrustFault;
  readonly sentence: string;
}

const UNKNOWN_AUTHORITY: Explanation = {
  fault: "unknownAuthority",
  sentence: "nobody whom this side trusts has signed it; give the authority's certificate as `tls.ca`",
};

/** What Deno calls so is anything that is wrong with a certificate but its names. */
const UNVERIFIED: Explanation = {
  fault: "unknownAuthority",
  sentence: `${UNKNOWN_AUTHORITY.sentence} (or it is outside of its dates, or not meant for this use: Deno does not tell which)`,
};

/** By the codes of OpenSSL and Node. */
const FAULTS: Readonly<Record<string, Explanation>> = {
  CERT_HAS_EXPIRED: { fault: "expired", sentence: "it has expired; its owner must renew it (or is the clock here wrong?)" },
  CERT_NOT_YET_VALID: { fault: "notYetValid", sentence: "it is not valid yet; compare the clocks of both hosts" },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    fault: "otherName",
    sentence: "it is for other names; dial one of them, or say which one is meant as `tls.servername`",
  },
  CERT_REVOKED: { fault: "revoked", sentence: "it was revoked; its owner must get another" },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "Deno" in globalThis ? UNVERIFIED : UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  CERT_UNTRUSTED: UNKNOWN_AUTHORITY,
  INVALID_PURPOSE: { fault: "invalid", sentence: "it is not meant for this use; it needs one with the right extended key usage" },
  INVALID_CA: { fault: "invalid", sentence: "it is signed by a certificate that may not sign" },
  CERT_SIGNATURE_FAILURE: { fault: "invalid", sentence: "its signature is wrong" },
};

/** What a fault found by verifying means; undefined for an error that is none. */
export function explainCertificate(code: string): Explanation | undefined {
  const known = FAULTS[code];
  if (known !== undefined) return known;
  return /^(CERT_|CRL_|INVALID_|UNABLE_TO_|ERROR_IN_|HOSTNAME_MISMATCH)/.test(code)
    ? { fault: "invalid", sentence: `it does not verify (${code})` }
    : undefined;
}

/** The error of a client that does not trust the server. */
export function untrustedServer(address: string, error: Error): TrustError | undefined {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const explanation = explainCertificate(code);
  if (explanation === undefined) return undefined;
  const detail = explanation.fault === "otherName" ? ` (${namesIn(error)})` : "";
  const message = `the server's certificate is not trusted: ${explanation.sentence}${detail}`;
  return new TrustError(explanation.fault, `${address}: ${message}`, error);
}

/** The certificate comes with the error of a wrong name. */
function namesIn(error: Error): string {
  const { raw } = (error as { readonly cert?: { readonly raw?: Uint8Array } }).cert ?? {};
  return (raw === undefined ? [] : altNamesOf(raw)).join(", ") || "it names none";
}
