/** Keys and certificates made ready for use, or a sentence on what is wrong with them. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { Pem, TlsClientOptions, TlsServerOptions } from "./tls-options.js";

const NOT_PEM = "`cert`, `key` or `ca` is not PEM; give the content of the file, not its name";
const WRONG_PASSPHRASE = "`passphrase` does not open `key`";

const REMEDIES: Readonly<Record<string, string>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: "`key` is not the key of `cert`; give those that were made together",
  ERR_OSSL_PEM_NO_START_LINE: NOT_PEM,
  ERR_OSSL_UNSUPPORTED: NOT_PEM,
  ERR_OSSL_PEM_BAD_END_LINE: "`cert`, `key` or `ca` is PEM that was cut off",
  ERR_OSSL_PEM_BAD_BASE64_DECODE: "`cert`, `key` or `ca` is PEM with characters that do not belong there",
  ERR_OSSL_BAD_DECRYPT: WRONG_PASSPHRASE,
  ERR_OSSL_EVP_BAD_DECRYPT: WRONG_PASSPHRASE,
  ERR_MISSING_PASSPHRASE: "`key` is encrypted; give its `passphrase`",
  ERR_SSL_EE_KEY_TOO_SMALL: "`cert` has a key that is too short to be safe; make a new one",
};

type Options = Pick<TlsServerOptions & TlsClientOptions, "ca" | "cert" | "key" | "passphrase">;

/** @throws Error that names the address and the remedy. */
export function secureContext(address: string, options: Options): SecureContext {
  if ((options.cert === undefined) !== (options.key === undefined)) {
    const missing = options.cert === undefined ? "cert" : "key";
    throw new Error(`${address}: \`tls.${missing}\` is missing; a certificate and its key go together`);
  }
  try {
    if ("Deno" in globalThis) check(options);
    return createSecureContext(toNode(options));
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Error(`${address}: ${REMEDIES[code] ?? message}`, { cause: error });
  }
}

/** Deno finds out at the first handshake what is wrong with them. @throws Error with the code that other platforms give. */
function check({ ca = [], cert = [], key = [], passphrase }: Options): void {
  const read = <T>(pem: Buffer, how: () => T): T => {
    try {
      return how();
    } catch (error) {
      throw fault(pem.includes("ENCRYPTED") ? "ERR_OSSL_BAD_DECRYPT" : "ERR_OSSL_PEM_NO_START_LINE", error);
    }
  };
  for (const pem of list(ca)) read(pem, () => new X509Certificate(pem));
  const certificates = list(cert).map((pem) => read(pem, () => new X509Certificate(pem)));
  const keys = list(key).map((pem) => read(pem, () => createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) })));
  const owned = keys.every((each) => certificates.some((certificate) => certificate.checkPrivateKey(each)));
  if (!owned) throw fault("ERR_OSSL_X509_KEY_VALUES_MISMATCH");
}

function fault(code: string, cause?: unknown): Error {
  return Object.assign(new Error(code, { cause }), { code });
}

/** As Node takes them. */
export function toNode({ ca, cert, key, passphrase }: Options): SecureContextOptions {
  return {
    ...(ca === undefined ? {} : { ca: list(ca) }),
    ...(cert === undefined ? {} : { cert: list(cert) }),
    ...(key === undefined ? {} : { key: list(key) }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function list(pem: Pem): Buffer[] {
  const parts = typeof pem === "string" || pem instanceof Uint8Array ? [pem] : pem;
  return parts.map((part) => Buffer.from(part as string));
}
