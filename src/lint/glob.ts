/** Patterns of paths: `**` crosses folders, `*` and `?` do not, `{a,b}` is either. */

export function matchesGlob(path: string, pattern: string): boolean {
  return new RegExp(`^${source(pattern)}$`, "u").test(path);
}

function source(pattern: string): string {
  return pattern.replace(/\*\*\/|\*\*|[*?{},]|[\\^$.|+()[\]]/g, (mark) => MARKS[mark] ?? `\\${mark}`);
}

const MARKS: Readonly<Record<string, string>> = {
  "**/": "(?:[^/]+/)*",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
  "{": "(?:",
  "}": ")",
  ",": "|",
};
