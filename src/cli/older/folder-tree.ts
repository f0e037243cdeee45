/** An older version in a folder, or in one file. */
import path from "node:path";
import type { Host } from "../host.js";
import { portablePath } from "../source-paths.js";
import { bytesAt, idlFilesIn, inCopy, NoOlderVersion, schemaFolder, spelled, type Tree } from "./tree.js";

/** A copy of the whole project, or of the folder that its schemas are in, under whatever name. */
export function folderTree(place: string, shown: string, files: readonly string[], host: Host, bytes = (file: string) => bytesAt(file, host)): Tree {
  const common = schemaFolder(files, host);
  const root = inCopy(place, common, host) ?? place;
  const found = idlFilesIn(root, host);
  if (found.length === 0) throw new NoOlderVersion(`there is no .idl file in "${shown}"`);
  const real = (name: string) => path.resolve(root, path.relative(path.resolve(host.cwd, common), path.resolve(host.cwd, name)));
  return {
    paths: found.map((file) => spelled(path.join(common, path.relative(root, file)), common, host)),
    read: (name) => bytes(real(name)),
    nameOf: (name) => portablePath(path.relative(host.cwd, real(name))),
  };
}

/** The older version of the one file that there is now. What it imports stands around it. */
export function fileTree(place: string, shown: string, files: readonly string[], host: Host): Tree {
  const [file, ...others] = files;
  if (file === undefined || others.length > 0) {
    throw new NoOlderVersion(`"${shown}" is one file, and there are ${files.length} to compare with it`, "name the folder that the old ones are in");
  }
  const real = (name: string) => (name === file ? place : path.resolve(path.dirname(place), path.relative(path.dirname(file), name)));
  return {
    paths: [file],
    read: (name) => bytesAt(real(name), host),
    nameOf: (name) => portablePath(path.relative(host.cwd, real(name))),
  };
}
