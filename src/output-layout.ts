/** Where the outputs of each source stand: below the output folder as the sources stand below their common root. */
import { normalisePath } from "./checker/import-paths.js";
import { diagnostic } from "./diagnostics/collector.js";
import type { Diagnostic } from "./diagnostics/diagnostic.js";
import type { Schema } from "./ir/schema.js";

export interface OutputLayout {
  /** The folder that the sources are taken relative to. */
  readonly root: string;
  /** "billing/orders.idl" for `idl/billing/orders.idl` below `idl`. */
  readonly relative: (sourcePath: string) => string;
  /** For each source that has no outputs: RPC7009 where it is not below the root, and of modules RPC7020 where no import could name them. */
  readonly misplaced: readonly Diagnostic[];
}

export interface LayoutOptions {
  /** The folder that relative paths start from, absolute. Needed where a source stands above it (`../common/money.idl`). */
  readonly cwd?: string | undefined;
  /** Default: the deepest folder that holds every source. */
  readonly root?: string | undefined;
  /** Whether outputs import one another. */
  readonly areModules?: boolean;
}

export function layOut(sourcePaths: readonly string[], { cwd = "", root: chosen, areModules = false }: LayoutOptions): OutputLayout {
  const absolute = (path: string) => normalisePath(path.startsWith("/") || cwd === "" ? path : `${cwd}/${path}`);
  const places = new Map(sourcePaths.map((path) => [path, segments(absolute(path))]));
  const root = chosen === undefined ? commonFolder([...places.values()]) : segments(absolute(chosen));
  const isBelow = (place: readonly string[]) => root.every((part, at) => place[at] === part) && place[root.length] !== "..";
  const folder = root.join("/") || (cwd === "" ? "." : "/");
  const outside = sourcePaths.filter((path) => !isBelow(places.get(path) ?? []));
  const relative = (sourcePath: string) => (places.get(sourcePath) ?? segments(absolute(sourcePath))).slice(root.length).join("/");
  const misplaced = outside.map((file) => diagnostic("RPC7009", { file, start: 0, end: 0 }, { path: file, root: folder }));
  for (const path of areModules ? sourcePaths : []) {
    const [character] = /[#?%\\]/.exec(relative(path)) ?? [];
    if (character !== undefined) misplaced.push(diagnostic("RPC7020", { file: path, start: 0, end: 0 }, { path, character }));
  }
  return { root: folder, relative, misplaced };
}

/** An absolute path begins with an empty segment, which sets it apart from every relative one. */
function segments(path: string): string[] {
  return path === "." ? [] : path.replace(/\/$/, "").split("/");
}

function commonFolder(places: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = places.map((place) => place.slice(0, -1));
  const end = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return end === -1 ? first : first.slice(0, end);
}

/** "billing/orders" for "billing/orders.idl": what the outputs of a source begin with. */
export function withoutExtension(path: string): string {
  return path.replace(/(?<=[^/])\.[^./]+$/, "");
}

/** The schema with its paths below the root: outputs must not tell in which folder, or by which spelling, they were made. */
export function relativeTo(layout: OutputLayout, schema: Schema): Schema {
  const files = schema.files.map((file) => ({
    ...file,
    path: layout.relative(file.path),
    imports: file.imports.map((imported) => ({ ...imported, path: layout.relative(imported.path) })),
  }));
  return { ...schema, files };
}
