/** What the command line needs of the world around it, so that tests can give it another world. */

/** The part of `node:fs` that the commands use; a memfs volume fits. */
export type HostFs = Pick<
  typeof import("node:fs"),
  | "chmodSync"
  | "existsSync"
  | "lstatSync"
  | "mkdirSync"
  | "mkdtempSync"
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

/** What a watch needs beside files. */
export interface Watcher {
  /** Calls `onChange` after something may have changed in the folders and files that `scope` wants. */
  readonly watch: (scope: WatchScope, onChange: () => void) => Promise<Watching>;
  /** Resolves when so many milliseconds are over. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Resolves when the user has had enough (Ctrl-C). The next time ends the process. */
  readonly interrupted: () => Promise<void>;
}

export interface WatchScope {
  /** Absolute. Those that are not there are watched for. */
  readonly folders: readonly string[];
  /** Whether what stands at an absolute path is of no interest, nor anything below it. */
  readonly ignores: (file: string) => boolean;
}

export interface Watching {
  /** Watches more folders, which the scope does not ignore now. */
  readonly add: (folders: readonly string[]) => void;
  readonly close: () => Promise<void>;
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
  /** Does the work to its end, also if a signal (Ctrl-C) comes that ends the process: it does so afterwards. */
  readonly uninterrupted: <T>(work: () => T) => T;
  /** Lays out a text for a file (absolute) by the prettier of its project; gives it back as it is where nothing is set up for it. Undefined without prettier. */
  readonly layOut: (file: string, text: string) => Promise<string | undefined>;
  /** Milliseconds from wherever, never less than before. */
  readonly now: () => number;
  readonly watcher: Watcher;
  /** The absolute folder of the rpcgen that runs, if that is a checkout of it. */
  readonly checkout: () => string | undefined;
  /** All of the standard input. */
  readonly readStdin: () => Promise<Uint8Array>;
  /** The standard input as it comes, until it ends or nobody wants more of it. */
  readonly stdin: (until: AbortSignal) => AsyncIterable<Uint8Array>;
  /** Resolves when the results written so far are gone: whether anybody still reads them. */
  readonly flushed: () => Promise<boolean>;
}
