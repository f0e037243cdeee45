/** What the command line needs of the world around it, so that tests can give it another world. */

/** The part of `node:fs` that the commands use; a memfs volume fits. */
export type HostFs = Pick<
  typeof import("node:fs"),
  | "existsSync"
  | "lstatSync"
  | "mkdirSync"
  | "readFileSync"
  | "readdirSync"
  | "realpathSync"
  | "renameSync"
  | "rmSync"
  | "rmdirSync"
  | "statSync"
  | "writeFileSync"
>;

export interface Ran {
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

export interface TextOutput {
  readonly isTTY: boolean;
  write(text: string): void;
}

export interface Host {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fs: HostFs;
  /** Results. */
  readonly stdout: TextOutput;
  /** Talk: findings as text, summaries, complaints about usage. */
  readonly stderr: TextOutput;
  /** What a JavaScript or TypeScript file exports. Rejects with what was wrong with it. */
  readonly loadModule: (file: string) => Promise<unknown>;
  /** Runs a program to its end. Undefined where there is no such program. */
  readonly run: (command: string, args: readonly string[], cwd: string) => Ran | undefined;
  /** All of the standard input. */
  readonly readStdin: () => Promise<Uint8Array>;
}
