/** Why one end does not trust the other, as far as a transport can tell before the first frame. */

export type TrustFault =
  /** The server's certificate was valid once, or will be. */
  | "expired"
  | "notYetValid"
  /** The server's certificate is for other names than the one that was dialled. */
  | "otherName"
  /** Nobody whom this side trusts vouches for the server's certificate. */
  | "unknownAuthority"
  | "revoked"
  /** The server's certificate is broken or not meant for this use. */
  | "invalid"
  /** This side's own certificate or key cannot be used, or the server does not take it. */
  | "ownCertificate"
  /** The server does not serve pages of this origin, or not this path. */
  | "refused";

/** An attempt to connect that failed because one end does not trust the other: trying again by itself does not help. */
export class TrustError extends Error {
  readonly fault: TrustFault;

  constructor(fault: TrustFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "TrustError";
    this.fault = fault;
  }
}
