/** Turns the FILES of a command line (paths, patterns, `-`) into source texts, and reads what they import. */
import path from "node:path";
import type { ReadFailure, ReadSource } from "../checker/load-program.js";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { closest } from "../diagnostics/did-you-mean.js";
import { SourceFile } from "../text/source-file.js";
import { decodeUtf8 } from "../text/utf8.js";
import type { Host } from "./host.js";
import { reasonOf } from "./io-reason.js";
import { expandPatterns, portablePath, realPath } from "./source-paths.js";

export interface ReadSources {
  /** The texts of the FILES, by the paths that findings call them. */
  readonly sources: ReadonlyMap<string, string>;
  /** What kept a file from being read. */
  readonly diagnostics: readonly Diagnostic[];
  /** A FILE could not be read at all: exit code 2, as against a file whose content is wrong. */
  readonly failed: boolean;
}

/** What reading takes of a host. */
export type SourceWorld = Pick<Host, "cwd" | "fs" | "readStdin">;

export class SourceReader {
  readonly #host: SourceWorld;
  readonly #stdinFilename: string;
  readonly #seen = new Map<string, SourceFile>();
  readonly #missing = new Set<string>();
  /** What a file is called, by where it really is. */
  readonly #names = new Map<string, string>();
  #stdin: string | undefined;

  constructor(host: SourceWorld, stdinFilename: string) {
    this.#host = host;
    this.#stdinFilename = stdinFilename;
  }

  /** Everything that was read, also what was no UTF-8: findings are shown with it. */
  source(file: string): SourceFile | undefined {
    return this.#seen.get(file);
  }

  /** Whether a path is what `-` is called. */
  isStdin(file: string): boolean {
    return file === this.#stdin;
  }

  /** What is shown of a file from now on, after it was changed. */
  replace(file: string, text: string): void {
    this.#seen.set(file, new SourceFile(file, text));
  }

  get paths(): readonly string[] {
    return [...this.#seen.keys()];
  }

  /** Imports that were asked for and are no file of their own: they could not be read, or are one that has another name. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  async readAll(files: readonly string[]): Promise<ReadSources> {
    const { paths, unmatched } = await expandPatterns(files, this.#host);
    const sources = new Map<string, string>();
    const diagnostics: Diagnostic[] = unmatched.map((pattern) => diagnostic("RPC7002", { file: pattern, start: 0, end: 0 }, { pattern }));
    let failed = unmatched.length > 0;
    for (const file of paths) {
      const name = file === "-" ? portablePath(this.#stdinFilename) : file;
      if (file === "-") this.#stdin = name;
      this.#names.set(realPath(name, this.#host), name);
      const read = file === "-" ? { bytes: await this.#host.readStdin() } : this.#readBytes(file, name);
      if ("diagnostic" in read) {
        diagnostics.push(read.diagnostic);
        failed = true;
        continue;
      }
      const decoded = decodeUtf8(read.bytes);
      this.#seen.set(name, new SourceFile(name, decoded.text));
      if (decoded.valid) sources.set(name, decoded.text);
      else diagnostics.push(diagnostic("RPC7005", { file: name, start: decoded.offset, end: decoded.offset + 1 }, { path: name }));
    }
    return { sources, diagnostics, failed };
  }

  /** Reads a source for the compiler, each file by one name. */
  readSource(file: string): ReturnType<ReadSource> {
    const real = realPath(file, this.#host);
    const name = this.#names.get(real) ?? file;
    this.#names.set(real, name);
    if (name === file) return this.readImport(file);
    this.#missing.add(file);
    return { sameAs: name };
  }

  /** Reads what is at a path, whatever else leads there. */
  readImport(file: string): string | undefined | ReadFailure {
    const target = path.resolve(this.#host.cwd, file);
    this.#missing.add(file);
    try {
      if (this.#host.fs.statSync(target).isDirectory()) return { reason: "it is a folder" };
      const decoded = decodeUtf8(this.#host.fs.readFileSync(target));
      this.#seen.set(file, new SourceFile(file, decoded.text));
      this.#missing.delete(file);
      if (decoded.valid) return decoded.text;
      const { line, column } = new SourceFile(file, decoded.text).position(decoded.offset);
      return { reason: `it is not valid UTF-8 at ${line}:${column}` };
    } catch (error) {
      const reason = reasonOf(error);
      return reason.missing ? undefined : { reason: reason.text };
    }
  }

  #readBytes(file: string, name: string): { readonly bytes: Uint8Array } | { readonly diagnostic: Diagnostic } {
    const span = { file: name, start: 0, end: 0 };
    const target = path.resolve(this.#host.cwd, file);
    try {
      if (this.#host.fs.statSync(target).isDirectory()) return { diagnostic: diagnostic("RPC7003", span, { path: name, extension: path.extname(this.#stdinFilename) || ".idl" }) };
      return { bytes: this.#host.fs.readFileSync(target) };
    } catch (error) {
      const reason = reasonOf(error);
      if (!reason.missing) return { diagnostic: diagnostic("RPC7004", span, { path: name, reason: reason.text }) };
      return { diagnostic: diagnostic("RPC7001", span, { path: name, similar: this.#similar(file) }) };
    }
  }

  #similar(file: string): string | undefined {
    const folder = path.dirname(file);
    try {
      const near = closest(path.basename(file), this.#host.fs.readdirSync(path.resolve(this.#host.cwd, folder)));
      return near === undefined ? undefined : portablePath(path.join(folder, near));
    } catch {
      return undefined;
    }
  }
}
