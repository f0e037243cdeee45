/** The schemas of a version as it was published. */
import path from "node:path";
import { layOut } from "../../output-layout.js";
import type { Host } from "../host.js";
import { portablePath } from "../source-paths.js";
import { folderTree } from "./folder-tree.js";
import { inPackage } from "./package-folder.js";
import { bytesAt, idlFilesIn, inCopy, NoOlderVersion, schemaFolder, type Tree } from "./tree.js";

export function packageTree(asked: string, files: readonly string[], host: Host): Tree {
  return inPackage(asked, files, host, (place) => {
    // Read now: what was fetched is gone soon.
    const texts = new Map(idlFilesIn(place, host).map((file) => [file, bytesAt(file, host)]));
    if (texts.size === 0) throw new NoOlderVersion(`there is no .idl file in the package "${asked}"`);
    const inside = [...texts.keys()].map((file) => portablePath(path.relative(place, file)));
    const isProject = inCopy(place, schemaFolder(files, host), host) !== undefined;
    const tree = folderTree(isProject ? place : path.join(place, layOut(inside, {}).root), asked, files, host, (file) => texts.get(file));
    const within = (file: string) => portablePath(path.relative(place, path.resolve(host.cwd, tree.nameOf(file))));
    return { ...tree, nameOf: (file) => `${asked}/${within(file)}` };
  });
}
