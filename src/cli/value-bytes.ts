/** Reads the BYTES of a command line: hexadecimal, base64, a file, or the standard input. */
import path from "node:path";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Host } from "./host.js";
import { reasonOf } from "./io-reason.js";
import { portablePath } from "./source-paths.js";

export type ValueBytes =
  | { readonly bytes: Uint8Array; /** What findings call it. */ readonly name: string }
  /** The words on the command line are wrong. */
  | { readonly problem: string; readonly help: string }
  /** A file cannot be read. */
  | { readonly diagnostic: Diagnostic };

/** What findings call bytes that stand on the command line. */
const ON_COMMAND_LINE = "BYTES";

export async function readValueBytes(text: string, base64: boolean, host: Host): Promise<ValueBytes> {
  const elsewhere = await readElsewhere(text, host);
  if (elsewhere !== undefined) return elsewhere;
  const prefix = /^base64:/i.exec(text)?.[0] ?? "";
  return base64 || prefix !== "" ? parseBase64(text.slice(prefix.length)) : parseHex(text);
}

/** Bytes that do not stand on the command line themselves: `-` and `@FILE`. Undefined for any other text. */
export async function readElsewhere(text: string, host: Host): Promise<Exclude<ValueBytes, { problem: string }> | undefined> {
  if (text === "-") return { bytes: await host.readStdin(), name: "stdin" };
  return text.startsWith("@") ? readFile(text.slice(1), host) : undefined;
}

function parseHex(text: string): ValueBytes {
  const digits = text.replace(/0x|[\s:,_-]/gi, (found, at: number) =>
    /^0x$/i.test(found) && /[0-9a-f]/i.test(text.charAt(at - 1)) ? found : "",
  );
  const wrong = /[^0-9a-f]/i.exec(digits)?.[0];
  if (wrong !== undefined) {
    const help =
      "write hexadecimal digits (spaces, colons and 0x may stand between), base64:…, @FILE, or - for the standard input";
    return { problem: `BYTES are not hexadecimal: ${JSON.stringify(wrong)} is no digit`, help };
  }
  if (digits.length % 2 !== 0)
    return {
      problem: `BYTES have ${digits.length} hexadecimal digits, and a byte has two`,
      help: "a digit is missing, or there is one too many",
    };
  return {
    bytes: Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
      Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
    ),
    name: ON_COMMAND_LINE,
  };
}

/** Of either alphabet, with or without padding. */
function parseBase64(text: string): ValueBytes {
  const digits = text.replace(/\s/g, "").replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, "");
  const wrong = /[^A-Za-z0-9+/]/.exec(digits)?.[0];
  const help = "base64 has the letters A to Z and a to z, the digits, + and /, or - and _";
  if (wrong !== undefined) return { problem: `BYTES are not base64: ${JSON.stringify(wrong)} is no digit of it`, help };
  if (digits.length % 4 === 1)
    return {
      problem: "BYTES are not base64: its last digit stands alone",
      help: "a digit is missing, or there is one too many",
    };
  return { bytes: Uint8Array.from(atob(digits), (byte) => byte.charCodeAt(0)), name: ON_COMMAND_LINE };
}

function readFile(file: string, host: Host): Exclude<ValueBytes, { problem: string }> {
  const name = portablePath(file);
  const span = { file: name, start: 0, end: 0 };
  const target = path.resolve(host.cwd, file);
  try {
    if (host.fs.statSync(target).isDirectory())
      return { diagnostic: diagnostic("RPC7004", span, { path: name, reason: "it is a folder" }) };
    return { bytes: host.fs.readFileSync(target), name };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason.missing) return { diagnostic: diagnostic("RPC7001", span, { path: name }) };
    return { diagnostic: diagnostic("RPC7004", span, { path: name, reason: reason.text }) };
  }
}
