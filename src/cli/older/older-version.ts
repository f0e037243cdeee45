/** What `--against` names, and the texts in it: they have the paths that they would have in the new version. */
import path from "node:path";
import type { ReadFailure } from "../../checker/load-program.js";
import { SourceFile } from "../../text/source-file.js";
import { decodeUtf8 } from "../../text/utf8.js";
import type { Host } from "../host.js";
import { fileTree, folderTree } from "./folder-tree.js";
import { gitTree } from "./git-tree.js";
import { packageTree } from "./package-tree.js";
import { NoOlderVersion, type Tree } from "./tree.js";

export class OlderVersion {
  /** By path. */
  readonly sources: Readonly<Record<string, string>>;
  readonly #tree: Tree;
  readonly #shown = new Map<string, SourceFile>();

  /** @throws NoOlderVersion */
  constructor(tree: Tree) {
    this.#tree = tree;
    const texts = tree.paths.map((file): [string, string] => {
      const text = this.read(file);
      if (typeof text === "string") return [file, text];
      throw new NoOlderVersion(`${this.nameOf(file)} cannot be read${text === undefined ? "" : `: ${text.reason}`}`);
    });
    this.sources = Object.fromEntries(texts);
  }

  /** What findings call a file. */
  nameOf(file: string): string {
    return this.#tree.nameOf(file);
  }

  read(file: string): string | undefined | ReadFailure {
    const bytes = this.#tree.read(file);
    if (bytes === undefined) return undefined;
    const { text, valid } = decodeUtf8(bytes);
    if (!valid) return { reason: "it is not valid UTF-8" };
    this.#shown.set(this.nameOf(file), new SourceFile(this.nameOf(file), text));
    return text;
  }

  /** By what findings call it. */
  source(name: string): SourceFile | undefined {
    return this.#shown.get(name);
  }
}

const KINDS: Readonly<Record<string, (rest: string, files: readonly string[], host: Host) => Tree>> = {
  "git:": gitTree,
  "npm:": packageTree,
};

/**
 * @param files what the new version consists of, as paths from the working folder or absolute.
 * @throws NoOlderVersion
 */
export function olderVersion(reference: string, files: readonly string[], host: Host): OlderVersion {
  for (const [prefix, treeOf] of Object.entries(KINDS)) {
    if (reference.startsWith(prefix)) return new OlderVersion(treeOf(reference.slice(prefix.length), files, host));
  }
  const help = "name a folder, a file, git:REVISION or npm:PACKAGE";
  // As a variable gives that is not set. Taken for the working folder, it would compare the schemas with themselves and find nothing.
  if (reference === "") throw new NoOlderVersion("it is empty", help);
  const place = path.resolve(host.cwd, reference);
  if (!host.fs.existsSync(place)) throw new NoOlderVersion(`there is no "${reference}"`, help);
  const treeOf = host.fs.statSync(place).isDirectory() ? folderTree : fileTree;
  return new OlderVersion(treeOf(place, reference, files, host));
}
