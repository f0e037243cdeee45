/** Compares what was compiled with what stands in the output folder, and with what was once written there. */
import path from "node:path";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { OutputFile } from "../emit/emitter.js";
import type { CompiledOutput } from "../emission.js";
import { encoded } from "./encode.js";
import type { Host, HostFs } from "./host.js";
import { reasonOf } from "./io-reason.js";
import { hashOf, MANIFEST, manifestText, readManifest, type Entry } from "./manifest.js";
import { portablePath } from "./source-paths.js";

/** An extra one was once written, and nothing makes it any more. */
export type OutputState = "missing" | "stale" | "unchanged" | "extra";

export interface PlannedOutput {
  /** As a person would type it: below `--out`. */
  readonly path: string;
  /** Empty for an extra one. */
  readonly text: string;
  /** How the file on disk compares with `text`. */
  readonly state: OutputState;
}

export interface OutputPlan {
  readonly outputs: readonly PlannedOutput[];
  /** The manifest, where it is to be written. */
  readonly manifest?: { readonly path: string; readonly text: string };
  /** Warnings: extra files that were edited and stay, and a manifest that cannot be used. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What was compiled. */
export interface Compiled {
  readonly outputs: readonly CompiledOutput[];
  /** The paths of all sources, imports included. */
  readonly files: readonly string[];
  readonly targets: readonly string[];
  /** Nobody else writes into the folder: what was once written there and is not any more is extra, whatever became of its source. */
  readonly isWhole?: true;
}

/** One text is hashed once, however often a watch plans it. */
const hashes = new WeakMap<CompiledOutput, string>();

/**
 * What is on disk, by absolute path: an output, and what the system said of the file when it had that text. While it says
 * so, a watch need not read it again.
 */
export type KnownOutputs = Map<string, { readonly output: CompiledOutput; readonly stamp: string }>;

export function planOutputs({ outputs, files, targets, isWhole }: Compiled, out: string, host: Host, known: KnownOutputs = new Map()): OutputPlan {
  const folder = path.resolve(host.cwd, out);
  const shown = (name: string): string => portablePath(path.join(out, name));
  const fromFolder = (source: string): string => path.relative(folder, path.resolve(host.cwd, source)).split(path.sep).join("/");
  const diagnostics: Diagnostic[] = [];
  const planned = outputs.map((output): PlannedOutput => {
    const target = path.join(folder, output.path);
    const stamp = stampOf(target, host.fs);
    const last = known.get(target);
    const state = last !== undefined && last.stamp === stamp ? (last.output.text === output.text ? "unchanged" : "stale") : stateOf(target, output.text, host.fs);
    if (stamp === undefined || state !== "unchanged") known.delete(target);
    else known.set(target, { output, stamp });
    return { path: shown(output.path), text: output.text, state };
  });

  const entries = new Map<string, Entry>();
  // What came from the standard input has no source that could go, and is known only where all of the folder is.
  const sources = new Map([...new Set(outputs.map(({ source }) => source))].filter((source) => isWhole === true || host.fs.existsSync(path.resolve(host.cwd, source))).map((source) => [source, fromFolder(source)]));
  for (const output of outputs) {
    const source = sources.get(output.source);
    if (source !== undefined) entries.set(output.path, entryOf(output, source));
  }
  const before = readManifest(folder, host);
  const manifestPath = shown(MANIFEST);
  if (before.reason !== undefined) {
    diagnostics.push(diagnostic("RPC7031", { file: manifestPath, start: 0, end: 0 }, { path: manifestPath, reason: before.reason }));
  }
  const made = new Set(outputs.map((output) => output.path));
  const compiled = new Set(files.map(fromFolder));
  for (const [name, entry] of before.entries) {
    if (made.has(name) || compiled.has(name)) continue;
    const isOfOthers = isWhole !== true && (compiled.has(entry.source) ? !targets.includes(entry.target) : host.fs.existsSync(path.resolve(folder, entry.source)));
    const content = read(path.join(folder, name), host.fs);
    if (isOfOthers) entries.set(name, entry);
    if (isOfOthers || content === undefined) continue;
    if (hashOf(content) === entry.sha256) {
      planned.push({ path: shown(name), text: "", state: "extra" });
    } else {
      entries.set(name, entry);
      diagnostics.push(diagnostic("RPC7030", { file: shown(name), start: 0, end: 0 }, { path: shown(name) }));
    }
  }
  const text = manifestText(entries);
  // By what it says: another layout may be the project's own.
  const isAsBefore = (before.text !== undefined && before.reason === undefined && manifestText(before.entries) === text) || (entries.size === 0 && before.text === undefined);
  return { outputs: planned, diagnostics, ...(!isAsBefore && { manifest: { path: manifestPath, text } }) };
}

/** Compares texts with the files of a folder, whoever wrote these. */
export function compareOutputs(outputs: readonly OutputFile[], out: string, host: Host): PlannedOutput[] {
  return outputs.map(({ path: name, text }) => {
    const shown = portablePath(path.join(out, name));
    return { path: shown, text, state: stateOf(path.resolve(host.cwd, shown), text, host.fs) };
  });
}

function entryOf(output: CompiledOutput, source: string): Entry {
  const sha256 = hashes.get(output) ?? hashOf(encoded(output.text));
  hashes.set(output, sha256);
  return { source, target: output.target, sha256 };
}

/** Notes what is on disk now that a plan was carried out. */
export function noteWritten(outputs: readonly CompiledOutput[], out: string, host: Host, known: KnownOutputs): void {
  for (const output of outputs) {
    const target = path.resolve(host.cwd, out, output.path);
    const stamp = known.has(target) ? undefined : stampOf(target, host.fs);
    if (stamp !== undefined) known.set(target, { output, stamp });
  }
}

/** Undefined where there is no file. */
function stampOf(target: string, fs: HostFs): string | undefined {
  try {
    const { ino, mtimeMs, size } = fs.statSync(target);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return undefined;
  }
}

function stateOf(target: string, text: string, fs: HostFs): OutputState {
  try {
    return encoded(text).equals(fs.readFileSync(target)) ? "unchanged" : "stale";
  } catch (error) {
    return reasonOf(error).missing ? "missing" : "stale";
  }
}

/** Undefined where there is no file that can be read. */
function read(target: string, fs: HostFs): Uint8Array | undefined {
  try {
    return fs.readFileSync(target);
  } catch {
    return undefined;
  }
}
