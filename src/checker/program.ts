/** A program as the checker gets it: parsed files and which of them import which. */
import type { FileNode, ImportNode } from "../parser/ast.js";

export interface LoadedImport {
  readonly node: ImportNode;
  /** The normalised path of the file that is meant. */
  readonly path: string;
  /** Absent where the file could not be read, or is the importing file itself. */
  readonly file?: LoadedFile;
}

export interface LoadedFile {
  readonly path: string;
  readonly node: FileNode;
  readonly imports: readonly LoadedImport[];
  /** Whether the parser understood all of it. */
  readonly isWhole: boolean;
  /** Names whose declarations the parser had to skip: they are known to exist, though nothing else about them is. */
  readonly lostNames: ReadonlySet<string>;
}

export interface Program {
  /** Imports before importers; otherwise in the order of the roots and their imports. */
  readonly files: readonly LoadedFile[];
}
