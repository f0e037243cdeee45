/** The contract of an emitter: a checked schema in, files out. Pure: no file system, no clock, no order but the schema's. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SchemaIndex } from "../ir/schema-index.js";
import type { SchemaFile } from "../ir/schema.js";

export interface OutputFile {
  /** Relative to the output folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface EmitInput {
  readonly index: SchemaIndex;
  /** The file to emit; the others of the schema are there to be referred to. */
  readonly file: SchemaFile;
  /**
   * Where a source's outputs stand, less their extensions, relative to the output folder: "billing/orders" for
   * `idl/billing/orders.idl` compiled below `idl`. Imports between outputs follow from it.
   */
  readonly outputBase: (sourcePath: string) => string;
  /** Whether blocking clients are wanted, of an emitter that puts everything into one output. */
  readonly blocking?: boolean;
  /** What the emitter noted when it last emitted the file, if it is asked again and again. */
  readonly memory?: EmitMemory;
}

/** Kept for an emitter from one emission of a file to the next. What it emits must be what it would emit without. */
export interface EmitMemory {
  /** The same number as before where a declaration, all that it leads to, and where these stand, is as it was. */
  readonly version: (fullName: string) => number;
  /** Notes by what the emitter likes, such as an output's path. */
  readonly modules: Map<string, unknown>;
}

export interface EmitResult {
  readonly outputs: readonly OutputFile[];
  /** What this target cannot express, such as two names that become one. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Emitter {
  /** The word after `--target`. */
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Whether what it writes for a file may follow from any other file of the schema, instead of only from what the file leads to. */
  readonly readsWholeSchema?: boolean;
  readonly emit: (input: EmitInput) => EmitResult;
}
