/** Certificates for tests, made here: with any dates, names and signers, also such as no tool would make. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly subject: Uint8Array;
  readonly privateKey: KeyObject;
}

export interface Wanted {
  readonly commonName: string;
  /** As in a certificate: ["DNS", "localhost"]. */
  readonly names?: readonly (readonly ["DNS" | "IP" | "URI" | "email", string])[];
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  /** Who signs; without it the certificate signs itself. */
  readonly signer?: Certificate;
  readonly authority?: boolean;
  /** An extended key usage, by its dotted number. */
  readonly usage?: string;
}

const ECDSA_WITH_SHA256 = sequence(objectId("1.2.840.10045.4.3.2"));
const DAY_MS = 86_400_000;

export function certificate(wanted: Wanted): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = sequence(set(sequence(objectId("2.5.4.3"), text(wanted.commonName))));
  const now = Date.now();
  const serial = randomBytes(9);
  serial[0] = 1;
  const body = sequence(
    tagged(0, integer(Uint8Array.of(2))),
    integer(serial),
    ECDSA_WITH_SHA256,
    wanted.signer?.subject ?? subject,
    sequence(time(now + (wanted.from ?? -1) * DAY_MS), time(now + (wanted.to ?? 30) * DAY_MS)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(3, sequence(...extensionsOf(wanted))),
  );
  const signature = sign("sha256", body, wanted.signer?.privateKey ?? privateKey);
  const der = sequence(body, ECDSA_WITH_SHA256, element(0x03, Uint8Array.of(0), signature));
  const cert = `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{64}/g, "$&\n").trim()}\n-----END CERTIFICATE-----\n`;
  return { cert, key: privateKey.export({ type: "pkcs8", format: "pem" }) as string, subject, privateKey };
}

export function fingerprintOf({ cert }: Certificate): string {
  return createHash("sha256").update(Buffer.from(cert.replace(/-----.*?-----|\s/g, ""), "base64")).digest("hex");
}

function extensionsOf({ names = [], authority = false, usage }: Wanted): Uint8Array[] {
  const kinds = { email: 0x81, DNS: 0x82, URI: 0x86, IP: 0x87 };
  const altNames = names.map(([kind, name]) =>
    element(kinds[kind], kind === "IP" ? ipBytes(name) : Buffer.from(name, "latin1")),
  );
  return [
    extension("2.5.29.19", sequence(...(authority ? [element(0x01, Uint8Array.of(0xff))] : []))),
    ...(altNames.length > 0 ? [extension("2.5.29.17", sequence(...altNames))] : []),
    ...(usage === undefined ? [] : [extension("2.5.29.37", sequence(objectId(usage)))]),
  ];
}

function extension(id: string, value: Uint8Array): Buffer {
  return sequence(objectId(id), element(0x04, value));
}

function ipBytes(address: string): Uint8Array {
  if (!address.includes(":")) return Uint8Array.from(address.split("."), Number);
  const [left = [], right = []] = address.split("::").map((part) => part.split(":"));
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => "0"), ...right];
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}

/** A DER element of up to 64 KiB. */
function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >>> 8, length & 0xff];
  return Buffer.concat([Uint8Array.from(head), content]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return element(0x30, ...parts);
}

function set(...parts: readonly Uint8Array[]): Buffer {
  return element(0x31, ...parts);
}

function tagged(number: number, part: Uint8Array): Buffer {
  return element(0xa0 | number, part);
}

function integer(bytes: Uint8Array): Buffer {
  return element(0x02, bytes);
}

function text(value: string): Buffer {
  return element(0x0c, Buffer.from(value));
}

function time(ms: number): Buffer {
  return element(0x18, Buffer.from(`${new Date(ms).toISOString().slice(0, 19).replace(/[-T:]/g, "")}Z`));
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const number of rest) {
    const groups = [number & 0x7f];
    for (let left = number >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return element(0x06, Uint8Array.from(bytes));
}
