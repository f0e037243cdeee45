/** An older version as it was committed. It is read from the repository: what is checked out stays as it is. */
import path from "node:path";
import type { Host } from "../host.js";
import { portablePath } from "../source-paths.js";
import { NoOlderVersion, schemaFolder, spelled, type Tree } from "./tree.js";

export function gitTree(revision: string, files: readonly string[], host: Host): Tree {
  const git = (...args: string[]) => {
    const ran = host.run("git", args, host.cwd);
    if (ran === undefined) throw new NoOlderVersion("there is no git on this machine", "install it, or name a folder");
    return { ...ran, text: new TextDecoder().decode(ran.stdout) };
  };
  if (git("rev-parse", "--show-toplevel").status !== 0) throw new NoOlderVersion("the working folder is in no repository of git");
  // A revision that begins with a dash is no option.
  const commit = git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);
  if (commit.status !== 0) {
    throw new NoOlderVersion(`the repository has no revision "${revision}"`, "name a branch, a tag or a commit; a shallow clone has to fetch it first");
  }
  const hash = commit.text.trim();
  const folder = schemaFolder(files, host);
  // git has names from the working folder on, also above it.
  const inGit = (file: string) => portablePath(path.relative(host.cwd, path.resolve(host.cwd, file)));
  const listed = git("ls-tree", "-r", "-z", "--name-only", hash, "--", `${inGit(folder) || "."}/`);
  const paths = listed.text.split("\0").filter((file) => file.endsWith(".idl"));
  if (listed.status !== 0 || paths.length === 0) throw new NoOlderVersion(`the revision "${revision}" has no .idl file in "${folder}"`);
  return {
    paths: paths.map((file) => spelled(file, folder, host)),
    read: (file) => {
      const blob = git("cat-file", "blob", `${hash}:./${inGit(file)}`);
      return blob.status === 0 ? blob.stdout : undefined;
    },
    nameOf: (file) => `${revision}:${inGit(file)}`,
  };
}
