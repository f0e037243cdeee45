/** Where a plugin works: the folder of the project and the files there, as the bundler sees them. */
import * as nodeFs from "node:fs";
import path from "node:path";
import { loadModule } from "../cli/load-module.js";
import type { ConfigWorld } from "../cli/find-config.js";
import { SourceReader, type SourceWorld } from "../cli/read-sources.js";

export interface World extends SourceWorld, ConfigWorld {}

/** Of the project in `folder`, absolute. */
export function worldOf(folder: string, fs: World["fs"] = nodeFs): World {
  return { cwd: folder, fs, loadModule, readStdin: () => Promise.resolve(new Uint8Array()) };
}

/** A bundler's own file system, where it can be asked at once as Node's can; else Node's. */
export function fileSystemOf(bundlers: unknown): World["fs"] {
  const found = bundlers as Partial<World["fs"]> | null | undefined;
  if (typeof found?.readFileSync !== "function" || typeof found.statSync !== "function" || typeof found.readdirSync !== "function") return nodeFs;
  return { ...nodeFs, readFileSync: found.readFileSync.bind(found), statSync: found.statSync.bind(found), readdirSync: found.readdirSync.bind(found) } as World["fs"];
}

/** As findings call a file: relative to the folder of the project, with forward slashes. */
export function shownPath(file: string, { cwd }: World): string {
  return path.relative(cwd, file).split(path.sep).join("/");
}

/** What stands at absolute paths now: undefined where there is no text that could be read. */
export function textsOf(files: Iterable<string>, world: World): Map<string, string | undefined> {
  const reader = new SourceReader(world, "");
  return new Map([...files].map((file) => {
    const found = reader.readImport(shownPath(file, world));
    return [file, typeof found === "string" ? found : undefined];
  }));
}
