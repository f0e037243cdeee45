/** The include paths of `rpcgen import`: what imports call a file, and which file an import means. */
import path from "node:path";
import type { ProtoSource } from "../import/load-protos.js";
import type { Host } from "./host.js";
import type { SourceReader } from "./read-sources.js";
import { isWithin, portablePath } from "./source-paths.js";

export class IncludePaths {
  readonly #folders: readonly string[];
  readonly #host: Host;
  readonly #reader: SourceReader;

  constructor(folders: readonly string[], host: Host, reader: SourceReader) {
    this.#folders = folders.map(portablePath);
    this.#host = host;
    this.#reader = reader;
  }

  /** A file's path below the include path that holds it, the deepest of them; where none does, its name alone. */
  nameOf(file: string): string {
    const { cwd } = this.#host;
    const below = this.#folders
      .filter((folder) => isWithin(path.resolve(cwd, file), path.resolve(cwd, folder)))
      .map((folder) => path.relative(path.resolve(cwd, folder), path.resolve(cwd, file)))
      .sort((a, b) => a.length - b.length)[0];
    return (below ?? path.basename(file)).split(path.sep).join("/");
  }

  /** The first include path that has the name decides. */
  read(name: string, from: string | undefined): ProtoSource | undefined {
    // What it names is where its output stands: never above the folder for outputs. protoc takes none of these either.
    if (name.split(/[\\/]/).includes("..")) return { path: name, reason: 'it leads out of its include path; write its path from there (-I), without ".."' };
    for (const folder of this.#folders) {
      const file = portablePath(path.join(folder, name));
      const found = this.#reader.readImport(file);
      if (typeof found === "string") return { path: file, text: found };
      if (found !== undefined) return { path: file, reason: found.reason };
    }
    const folder = from === undefined ? undefined : this.#folderAbove(from, name);
    return folder === undefined ? undefined : { folder };
  }

  /** A folder above the file that imports from which the name leads to a file: most likely what a forgotten -I would name. */
  #folderAbove(from: string, name: string): string | undefined {
    for (let folder = path.dirname(from); ; folder = path.dirname(folder)) {
      if (this.#host.fs.existsSync(path.resolve(this.#host.cwd, folder, name))) return portablePath(folder);
      if (folder === path.dirname(folder)) return undefined;
    }
  }
}
