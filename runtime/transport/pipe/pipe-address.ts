/** A pair of files that lead to a server, such as the pipes of the process that started this one. */

export interface PipeOptions {
  /** The number of the open file that is read from. Default 0, the standard input. */
  readonly read?: number | undefined;
  /** The number of the open file that is written to; it may be the same, of a socket. Default 1, the standard output. */
  readonly write?: number | undefined;
}

/** An address for `connectSync`, made by `pipe`. */
export class PipeAddress {
  readonly read: number;
  readonly write: number;
  /** Whether somebody has connected there: a pair leads to one server, once. */
  taken = false;

  /** @throws TypeError if one of them is no number of a file. */
  constructor({ read = 0, write = 1 }: PipeOptions = {}) {
    for (const file of [read, write]) {
      if (!Number.isInteger(file) || file < 0) throw new TypeError(`pipe({ read, write }): ${file} is no number of an open file`);
    }
    this.read = read;
    this.write = write;
  }
}

/** The address of whoever is at the other ends of two open files: by default of the process that started this one, and serves it by `streams`. */
export function pipe(options?: PipeOptions): PipeAddress {
  return new PipeAddress(options);
}
