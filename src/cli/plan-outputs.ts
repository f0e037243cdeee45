/** Compares what was compiled with what stands in the output folder, and with what was once written there. */
import path from "node:path";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { OutputFile } from "../emit/emitter.js";
import type { CompiledOutput } from "../emission.js";
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
}

/** One text is hashed once, however often a watch plans it. */
const hashes = new WeakMap<CompiledOutput, string>();

export function planOutputs({ outputs, files, targets }: Compiled, out: string, host: Host): OutputPlan {
  const folder = path.resolve(host.cwd, out);
  const shown = (name: string): string => portablePath(path.join(out, name));
  const fromFolder = (source: string): string => path.relative(folder, path.resolve(host.cwd, source)).split(path.sep).join("/");
  const diagnostics: Diagnostic[] = [];
  const planned = compareOutputs(outputs, out, host);

  const entries = new Map<string, Entry>();
  for (const output of outputs) {
    // What came from the standard input has no source that could go.
    if (host.fs.existsSync(path.resolve(host.cwd, output.source))) entries.set(output.path, entryOf(output, fromFolder(output.source)));
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
    const isOfOthers = compiled.has(entry.source) ? !targets.includes(entry.target) : host.fs.existsSync(path.resolve(folder, entry.source));
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
  const isAsBefore = before.text === text || (entries.size === 0 && before.text === undefined);
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
  const sha256 = hashes.get(output) ?? hashOf(output.text);
  hashes.set(output, sha256);
  return { source, target: output.target, sha256 };
}

function stateOf(target: string, text: string, fs: HostFs): OutputState {
  try {
    return Buffer.from(text).equals(fs.readFileSync(target)) ? "unchanged" : "stale";
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
