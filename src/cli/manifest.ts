/** What `generate` once wrote into a folder, kept in that folder: so that it knows its own outputs when their sources are gone. */
import { createHash } from "node:crypto";
import path from "node:path";
import type { Host } from "./host.js";
import { reasonOf } from "./io-reason.js";

/** Its name, in the output folder. */
export const MANIFEST = ".rpcgen.json";
const VERSION = 1;

export interface Entry {
  /** The path of the source, from the output folder, with forward slashes. */
  readonly source: string;
  /** A word of `--target`. */
  readonly target: string;
  /** Of the text in UTF-8, in hexadecimal. */
  readonly sha256: string;
}

/** By the paths of outputs below the folder. */
export type Entries = ReadonlyMap<string, Entry>;

/** What stands in the folder. A reason says why it cannot be used; then nothing is known of earlier outputs. */
export function readManifest(folder: string, host: Host): { readonly entries: Entries; readonly text?: string; readonly reason?: string } {
  const nothing: Entries = new Map();
  let text: string;
  try {
    text = host.fs.readFileSync(path.join(folder, MANIFEST), "utf8");
  } catch (error) {
    const { missing, text: reason } = reasonOf(error);
    // In a file there is no manifest; that nothing can be written there is found when it is.
    return missing || (error instanceof Error && "code" in error && error.code === "ENOTDIR") ? { entries: nothing } : { entries: nothing, reason };
  }
  const read = entriesOf(text);
  return typeof read === "string" ? { entries: nothing, text, reason: read } : { entries: read, text };
}

/** The entries in a text, or what is wrong with it. Files are removed by it, so it is believed only where it can be true. */
function entriesOf(text: string): Entries | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  if (!isRecord(json) || json["version"] !== VERSION || !isRecord(json["outputs"])) return `it is not of version ${VERSION}`;
  const entries = new Map<string, Entry>();
  for (const [output, entry] of Object.entries(json["outputs"])) {
    if (!isBelow(output)) return `"${output}" is not below the folder`;
    if (!isRecord(entry)) return `"${output}" has no entry`;
    const { source, target, sha256 } = entry;
    if (typeof source !== "string" || typeof target !== "string" || typeof sha256 !== "string") return `the entry of "${output}" is not whole`;
    entries.set(output, { source, target, sha256 });
  }
  return entries;
}

/** In order, so that versions of it are merged as lines are, and laid out as prettier does, which may look at the folder as well. */
export function manifestText(entries: Entries): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  // Keys of an object are not always in the order in which they were set: one that is a number comes first.
  const lines = sorted.map(([output, { source, target, sha256 }]) => `    ${JSON.stringify(output)}: ${JSON.stringify({ source, target, sha256 }, null, 2).replaceAll("\n", "\n    ")}`);
  return `{\n  "version": ${VERSION},\n  "outputs": ${lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n  }`}\n}\n`;
}

export function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function isBelow(output: string): boolean {
  return output !== "" && !path.isAbsolute(output) && output.split(/[\\/]/).every((part) => part !== "" && part !== "." && part !== "..");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
