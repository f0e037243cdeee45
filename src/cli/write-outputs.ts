/** Brings the output folder up to date: only what changed, each file whole or not at all, all of them or none. */
import path from "node:path";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { OutputFile } from "../emit/emitter.js";
import type { Host, HostFs } from "./host.js";
import { reasonOf } from "./io-reason.js";
import { portablePath } from "./source-paths.js";

export type OutputState = "missing" | "stale" | "unchanged";

export interface PlannedOutput {
  /** As a person would type it: below `--out`. */
  readonly path: string;
  readonly text: string;
  /** How the file on disk compares with `text`. */
  readonly state: OutputState;
}

/** Compares every output with what stands in the folder. */
export function planOutputs(outputs: readonly OutputFile[], out: string, host: Host): PlannedOutput[] {
  return outputs.map(({ path: name, text }) => {
    const shown = portablePath(path.join(out, name));
    return { path: shown, text, state: stateOf(path.resolve(host.cwd, shown), text, host.fs) };
  });
}

function stateOf(target: string, text: string, fs: HostFs): OutputState {
  try {
    return Buffer.from(text).equals(fs.readFileSync(target)) ? "unchanged" : "stale";
  } catch (error) {
    return reasonOf(error).missing ? "missing" : "stale";
  }
}

/**
 * Writes what is missing or stale. Every text is first written beside its place; only when all of them are is each moved
 * there, which replaces a file in one step. If anything fails before the first move, the folder is as it was.
 */
export function writeOutputs(planned: readonly PlannedOutput[], host: Host): Diagnostic[] {
  const { fs } = host;
  const staged: { readonly temporary: string; readonly target: string; readonly shown: string }[] = [];
  const madeFolders: string[] = [];
  let at = "";
  try {
    for (const output of planned) {
      if (output.state === "unchanged") continue;
      at = output.path;
      const target = realTarget(path.resolve(host.cwd, output.path), fs);
      makeFolders(path.dirname(target), fs, madeFolders);
      if (fs.existsSync(target) && fs.statSync(target).isDirectory()) throw Object.assign(new Error(`${target} is a folder`), { code: "EISDIR" });
      const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
      staged.push({ temporary, target, shown: output.path });
      fs.writeFileSync(temporary, output.text);
    }
    for (const { temporary, target, shown } of staged) {
      at = shown;
      fs.renameSync(temporary, target);
    }
    return [];
  } catch (error) {
    const { text } = reasonOf(error);
    for (const { temporary } of staged) fs.rmSync(temporary, { force: true });
    for (const folder of madeFolders.reverse()) if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
    return [diagnostic("RPC7007", { file: at, start: 0, end: 0 }, { path: at, reason: text })];
  }
}

/** Where a symbolic link points, so that the link stays one. */
function realTarget(target: string, fs: HostFs): string {
  return fs.existsSync(target) ? fs.realpathSync(target) : target;
}

/** Makes a folder and those above it, and notes which. (The recursive form of mkdir never returns below /proc.) */
function makeFolders(folder: string, fs: HostFs, made: string[]): void {
  if (fs.existsSync(folder)) {
    if (fs.statSync(folder).isDirectory()) return;
    throw Object.assign(new Error(`${folder} is a file`), { code: "EEXIST" });
  }
  makeFolders(path.dirname(folder), fs, made);
  fs.mkdirSync(folder);
  made.push(folder);
}
