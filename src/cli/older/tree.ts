/** The files of an older version, wherever they are kept. */
import type { Dirent } from "node:fs";
import path from "node:path";
import { layOut } from "../../output-layout.js";
import type { Host } from "../host.js";
import { reasonOf } from "../io-reason.js";
import { isWithin, portablePath } from "../source-paths.js";

/** Why there is nothing to compare with, as the end of a sentence, and what to do. */
export class NoOlderVersion extends Error {
  readonly help: string | undefined;

  constructor(reason: string, help?: string) {
    super(reason);
    this.name = "NoOlderVersion";
    this.help = help;
  }
}

/** Its paths are those that the files would have in the new version: with forward slashes, from the working folder or absolute as there. */
export interface Tree {
  /** Every `.idl` file, sorted. */
  readonly paths: readonly string[];
  /** Undefined where there is no such file. */
  readonly read: (file: string) => Uint8Array | undefined;
  /** What findings call a file of it. */
  readonly nameOf: (file: string) => string;
}

/** The deepest folder that holds all of the new version, spelled as its files are: from the working folder, or absolute. */
export function schemaFolder(files: readonly string[], host: Host): string {
  const { root } = layOut(files, { cwd: portablePath(host.cwd) });
  if (files.every((file) => path.isAbsolute(file))) return root;
  return portablePath(path.relative(host.cwd, root)) || ".";
}

/** A file in the schema folder, spelled as that is. */
export function spelled(file: string, folder: string, host: Host): string {
  const absolute = path.resolve(host.cwd, file);
  return portablePath(path.isAbsolute(folder) ? absolute : path.relative(host.cwd, absolute));
}

/** That folder in a copy of the project. Undefined where there is none, so that it is no such copy. */
export function inCopy(place: string, folder: string, host: Host): string | undefined {
  const absolute = path.resolve(host.cwd, folder);
  if (!isWithin(absolute, host.cwd)) return undefined;
  const found = path.join(place, path.relative(host.cwd, absolute));
  return host.fs.existsSync(found) ? found : undefined;
}

/** Every `.idl` file in a folder and below it, sorted, as absolute paths. Not what was installed there, nor what is hidden. */
export function idlFilesIn(place: string, host: Host): string[] {
  const entries = entriesOf(place, host);
  const found = entries.flatMap((entry) => {
    const file = path.join(place, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" || entry.name.startsWith(".") ? [] : idlFilesIn(file, host);
    return entry.name.endsWith(".idl") ? [file] : [];
  });
  return found.sort();
}

function entriesOf(place: string, host: Host): Dirent[] {
  try {
    return host.fs.readdirSync(place, { withFileTypes: true });
  } catch (error) {
    throw new NoOlderVersion(`"${place}" cannot be read: ${reasonOf(error).text}`);
  }
}

/** Undefined where there is no file. */
export function bytesAt(place: string, host: Host): Uint8Array | undefined {
  try {
    return host.fs.statSync(place).isDirectory() ? undefined : host.fs.readFileSync(place);
  } catch (error) {
    const { missing, text } = reasonOf(error);
    if (missing) return undefined;
    throw new NoOlderVersion(`"${place}" cannot be read: ${text}`);
  }
}
