/** Which folders a watch of FILES looks at: those of the files, those that patterns begin with, and the way down to them; of the output folder, whether it is there. */
import path from "node:path";
import { isWithin } from "./source-paths.js";

/** What a source never stands in, unless it is named in full. */
const SKIPPED = new Set(["node_modules", ".git"]);

export class FilesScope {
  readonly #cwd: string;
  readonly #out: string;
  /** Folders below which patterns look. */
  readonly #trees = new Set<string>();
  readonly #files = new Set<string>();
  /** Every folder on the way to one of these, or to the output folder. */
  readonly #ways = new Set<string>();

  /** `operands` as on the command line; `out` is where outputs are written. Both start from `cwd`. */
  constructor(operands: readonly string[], out: string, cwd: string) {
    this.#cwd = cwd;
    this.#out = path.resolve(cwd, out);
    for (const operand of operands) {
      const tree = treeOf(operand);
      if (tree === undefined) this.#addFile(path.resolve(cwd, operand));
      else this.#addTree(path.resolve(cwd, tree));
    }
    this.#addWays(this.#out);
  }

  /** Where watching begins: at the working folder, so that a folder below may go and come back; elsewhere one above. */
  get folders(): string[] {
    const starts = [...this.#trees, ...[...this.#files].map((file) => path.dirname(file))];
    return [...new Set(starts.map((folder) => this.#startOf(folder)))];
  }

  /** Adds files that were imported. Returns where watching must begin for those that are new. */
  addFiles(files: readonly string[]): string[] {
    const fresh = files.map((file) => path.resolve(this.#cwd, file)).filter((file) => this.ignores(file));
    for (const file of fresh) this.#addFile(file);
    return [...new Set(fresh.map((file) => path.dirname(file)))];
  }

  readonly ignores = (file: string): boolean => {
    const at = path.resolve(file);
    if (this.#ways.has(at) || this.#files.has(at)) return false;
    const tree = [...this.#trees].find((folder) => isWithin(at, folder));
    if (tree === undefined) return true;
    const isOutput = isWithin(at, this.#out) && !isWithin(tree, this.#out);
    return isOutput || path.relative(tree, at).split(path.sep).some((part) => SKIPPED.has(part));
  };

  #addFile(file: string): void {
    this.#files.add(file);
    this.#addWays(path.dirname(file));
  }

  #addTree(folder: string): void {
    this.#trees.add(folder);
    this.#addWays(folder);
  }

  #addWays(folder: string): void {
    for (let at = folder; !this.#ways.has(at); at = path.dirname(at)) this.#ways.add(at);
  }

  #startOf(folder: string): string {
    return isWithin(folder, this.#cwd) ? this.#cwd : path.dirname(folder);
  }
}

/** The folder that a pattern begins with; undefined for what is no pattern. */
function treeOf(operand: string): string | undefined {
  const parts = operand.split(/[\\/]/);
  const magic = parts.findIndex((part) => /[*?[\]{}]|[!@+]\(/.test(part));
  return magic === -1 ? undefined : parts.slice(0, magic).join("/") || (operand.startsWith("/") ? "/" : ".");
}
