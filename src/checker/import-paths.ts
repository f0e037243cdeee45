/** Paths of sources: forward slashes, without `.` and `..` where these can be taken out. */

/** `./a//b/../c.idl` becomes `a/c.idl`; a `..` that leads above the start, and a leading `/`, stay. */
export function normalisePath(path: string): string {
  const absolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !absolute) parts.push(part);
  }
  return (absolute ? "/" : "") + parts.join("/") || ".";
}

/** The path that an import written in the file `from` means. */
export function resolveImport(from: string, written: string): string {
  if (written.startsWith("/")) return normalisePath(written);
  return normalisePath(`${from.slice(0, from.lastIndexOf("/") + 1)}${written}`);
}

/** What the file `from` writes to import the file `to`: always beginning with `./` or `../`, unless only one of them is absolute. */
export function writtenImport(from: string, to: string): string {
  if (from.startsWith("/") !== to.startsWith("/")) return to;
  const here = from.split("/").slice(0, -1);
  const there = to.split("/");
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared += 1;
  const up = here.length - shared;
  return (up === 0 ? "./" : "../".repeat(up)) + there.slice(shared).join("/");
}
