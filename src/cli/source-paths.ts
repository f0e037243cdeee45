/** How FILES are spelled: patterns expanded, every file named once and in one way. */
import path from "node:path";
import { normalisePath } from "../checker/import-paths.js";
import type { Host } from "./host.js";

export interface ExpandedFiles {
  readonly paths: readonly string[];
  /** Patterns that match nothing. */
  readonly unmatched: readonly string[];
}

/** Forward slashes, no `./` in front, no `..` in the middle. */
export function portablePath(file: string): string {
  return normalisePath(file.split(path.sep).join("/"));
}

/**
 * A name that exists is a file even if it looks like a pattern. The matches of a pattern are in the order of their
 * names; a file named twice counts once, also if a link leads to it. Paths are relative to the working folder, unless all were given as absolute.
 */
export async function expandPatterns(files: readonly string[], host: Pick<Host, "cwd" | "fs">): Promise<ExpandedFiles> {
  const found: string[] = [];
  const unmatched: string[] = [];
  for (const file of files) {
    if (file === "-" || !looksLikePattern(file) || host.fs.existsSync(path.resolve(host.cwd, file))) {
      found.push(file);
      continue;
    }
    const { glob } = await import("tinyglobby");
    const pattern = file.split(path.sep).join("/");
    const absolute = path.isAbsolute(file);
    const matches = await glob(pattern, { cwd: host.cwd, fs: host.fs, absolute, expandDirectories: false });
    if (matches.length === 0) unmatched.push(file);
    found.push(...matches.sort());
  }
  return { paths: onceEach(spelledAlike(found, host.cwd), host), unmatched };
}

/** Where a path leads, symbolic links followed; the path itself where that cannot be told. Absolute. */
export function realPath(file: string, { cwd, fs }: Pick<Host, "cwd" | "fs">): string {
  const absolute = path.resolve(cwd, file);
  try {
    return fs.realpathSync(absolute);
  } catch {
    return absolute;
  }
}

/** Of several paths to one file, that without a link in it, or else the first. */
function onceEach(files: readonly string[], host: Pick<Host, "cwd" | "fs">): string[] {
  const chosen = new Map<string, string>();
  const here = realPath(".", host);
  for (const file of files) {
    const real = file === "-" ? file : realPath(file, host);
    if (!chosen.has(real) || path.resolve(here, file) === real) chosen.set(real, file);
  }
  return [...chosen.values()];
}

function looksLikePattern(file: string): boolean {
  return /[*?[\]{}]|[!@+]\(/.test(file);
}

function spelledAlike(files: readonly string[], cwd: string): string[] {
  const keepAbsolute = files.every((file) => file === "-" || path.isAbsolute(file));
  const spelled = files.map((file) => {
    if (file === "-") return file;
    return portablePath(keepAbsolute ? file : path.relative(cwd, path.resolve(cwd, file)));
  });
  return [...new Set(spelled)];
}
