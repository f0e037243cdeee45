/** What the process answers to the shell. Scripts depend on these numbers. */

export const ExitCode = {
  OK: 0,
  /** The input has errors, or an output is not fresh. */
  FINDINGS: 1,
  /** Wrong usage, or an I/O failure such as a FILE that is not there. */
  USAGE: 2,
  /** A bug of rpcgen. */
  BUG: 70,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
