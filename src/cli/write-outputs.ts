/** Brings the output folder up to date: only what changed, each file whole or not at all, all of them or none. */
import path from "node:path";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Host, HostFs } from "./host.js";
import { reasonOf } from "./io-reason.js";
import type { OutputPlan } from "./plan-outputs.js";
import { realPath } from "./source-paths.js";
import { StagedFile } from "./staged-file.js";

/**
 * Writes what is missing or stale, removes what is extra, and last notes in the manifest what is there now. Every text is
 * first written beside its place; only when all of them are is each moved there, which replaces a file in one step. If
 * anything fails before the first move, the folder is as it was. Ctrl-C waits until all is done.
 */
export function writeOutputs(plan: Pick<OutputPlan, "outputs" | "manifest">, out: string, host: Host): Diagnostic[] {
  return host.uninterrupted(() => write(plan, out, host));
}

function write({ outputs, manifest }: Pick<OutputPlan, "outputs" | "manifest">, out: string, host: Host): Diagnostic[] {
  const { fs } = host;
  const staged: { readonly file: StagedFile; readonly shown: string }[] = [];
  const madeFolders: string[] = [];
  let at = "";
  const stage = (shown: string, text: string): void => {
    at = shown;
    // Where a symbolic link points, so that the link stays one.
    const target = realPath(shown, host);
    makeFolders(path.dirname(target), fs, madeFolders);
    if (fs.existsSync(target) && fs.statSync(target).isDirectory()) throw Object.assign(new Error(`${target} is a folder`), { code: "EISDIR" });
    const file = new StagedFile(target, fs);
    staged.push({ file, shown });
    file.write(text);
  };
  try {
    for (const { path: shown, text, state } of outputs) if (state === "missing" || state === "stale") stage(shown, text);
    const extra = outputs.filter(({ state }) => state === "extra");
    if (manifest !== undefined) stage(manifest.path, manifest.text);
    // The manifest is moved last: until then, it knows of what is to be removed.
    const last = manifest === undefined ? undefined : staged.at(-1);
    for (const { file, shown } of staged) {
      at = shown;
      if (file !== last?.file) file.move();
    }
    for (const { path: shown } of extra) {
      at = shown;
      remove(path.resolve(host.cwd, shown), path.resolve(host.cwd, out), fs);
    }
    if (last !== undefined) {
      at = last.shown;
      last.file.move();
    }
    return [];
  } catch (error) {
    const { text } = reasonOf(error);
    for (const { file } of staged) file.discard();
    for (const folder of madeFolders.reverse()) removeEmpty(folder, fs);
    return [diagnostic("RPC7007", { file: at, start: 0, end: 0 }, { path: at, reason: text })];
  }
}

/** Removes a file, and the folders that it leaves empty, up to the output folder. */
function remove(target: string, out: string, fs: HostFs): void {
  fs.rmSync(target, { force: true });
  for (let folder = path.dirname(target); folder.startsWith(out + path.sep) && removeEmpty(folder, fs); ) folder = path.dirname(folder);
}

/** Whether the folder was empty and is gone. Another run may be at work in it, so that this is for the system to say. */
function removeEmpty(folder: string, fs: HostFs): boolean {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
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
