/** The certificate that a peer showed: who it says that it is, and what is wrong with it. */
import type { TLSSocket } from "node:tls";
import type { PeerCertificate } from "./transport.js";
import { TrustError, type TrustFault } from "./trust.js";

/** Of a socket whose handshake is done and whose peer was verified; undefined if the peer showed none. */
export function certificateOf(socket: TLSSocket): PeerCertificate | undefined {
  const { subject, subjectaltname, fingerprint256, valid_to: validTo } = socket.getPeerCertificate();
  // Node gives an object without anything in it where there is no certificate.
  if (fingerprint256 === undefined) return undefined;
  const commonName: unknown = subject?.CN;
  return {
    commonName: typeof commonName === "string" ? commonName : undefined,
    altNames: splitAltNames(subjectaltname ?? ""),
    fingerprint: fingerprint256.replaceAll(":", "").toLowerCase(),
    validTo: new Date(validTo),
  };
}

/**
 * Node joins the names by ", " and writes a name that could be mistaken for several as a string of JSON: without
 * regard to it, one name could pass for another.
 */
export function splitAltNames(joined: string): string[] {
  const names = joined.match(/[^:,]*:(?:"(?:[^"\\]|\\.)*"|[^,]*)/g) ?? [];
  return names.map((name) => {
    const [kind = "", ...rest] = name.trimStart().split(":");
    const value = rest.join(":");
    return `${kind}:${value.startsWith('"') ? (JSON.parse(value) as string) : value}`;
  });
}

interface Explanation {
  readonly fault: TrustFault;
  readonly sentence: string;
}

const UNKNOWN_AUTHORITY: Explanation = {
  fault: "unknownAuthority",
  sentence: "nobody whom this side trusts has signed it; give the authority's certificate as `tls.ca`",
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
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
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

/** Node gives the certificate with the error of a wrong name. */
function namesIn(error: Error): string {
  const { subjectaltname = "" } = (error as { readonly cert?: { readonly subjectaltname?: string } }).cert ?? {};
  return splitAltNames(subjectaltname).join(", ") || "it names none";
}
