/** The compiler as one pure function: sources in, findings and outputs out. No file system, no process, no clock. */
import { Compiler, type CompileResult, type CompilerOptions } from "./compiler.js";

export interface CompileOptions extends CompilerOptions {
  /** Source texts by path. Paths have forward slashes; imports are resolved between them. */
  readonly sources?: Readonly<Record<string, string>>;
  /** The files to compile. Default: every key of `sources`. What they import is compiled with them. */
  readonly files?: readonly string[];
}

/**
 * Compiles sources to TypeScript (or what `targets` says).
 *
 * ```ts
 * const { diagnostics, outputs } = compile({ sources: { "orders.idl": text } });
 * ```
 *
 * Mistakes in the sources, a file that is not there among them, are diagnostics and never exceptions.
 *
 * @throws TypeError if an option is wrong, such as a target that does not exist.
 */
export function compile({ sources = {}, files = Object.keys(sources), ...options }: CompileOptions = {}): CompileResult {
  const compiler = new Compiler(options);
  if (files.length === 0) throw new TypeError("compile() needs `sources`, or `files` and `read`");
  return compiler.update(sources, files);
}
