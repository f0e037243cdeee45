/** Says in plain words why the system refused a file. */

export interface IoReason {
  readonly text: string;
  /** There is nothing at the path. */
  readonly missing: boolean;
}

const words: Readonly<Record<string, string>> = {
  ENOENT: "nothing can be put there",
  EACCES: "permission is denied",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  EEXIST: "a file stands in the way of a folder",
  ELOOP: "its symbolic links run in a circle",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "too many files are open",
  ERR_FS_FILE_TOO_LARGE: "it is too large",
  ERR_INVALID_ARG_VALUE: "its name has a character that no file name may have",
};

/** @throws the error itself if it does not come from the system: then it is a bug of ours. */
export function reasonOf(error: unknown): IoReason {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") throw error;
  if (error.code.startsWith("ERR_") && words[error.code] === undefined) throw error;
  return { text: words[error.code] ?? error.code, missing: error.code === "ENOENT" };
}
