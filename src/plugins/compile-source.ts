/** The one step of a plugin that compiles: an imported file to its modules, its types and what was found in it. */
import path from "node:path";
import { SourceReader } from "../cli/read-sources.js";
import { compile } from "../compile.js";
import type { Finding, SourceLookup } from "../diagnostics/finding.js";
import { layOut, withoutExtension } from "../output-layout.js";
import { shownPath, type World } from "./world.js";

export interface CompiledSource {
  /** Absolute. */
  readonly file: string;
  /** Errors and warnings; of the file and of what it imports. */
  readonly findings: readonly Finding[];
  readonly source: SourceLookup;
  /** Every file that was read or looked for, by its absolute path, with what was there: where that changes, the file is to be compiled anew. */
  readonly inputs: ReadonlyMap<string, string | undefined>;
  /** The TypeScript of each module by its kind, `""` for the one that people import. Empty if there is an error. */
  readonly modules: ReadonlyMap<string, string>;
  /** The declarations of the file and of those that it imports, by their absolute paths. */
  readonly declarations: ReadonlyMap<string, string>;
}

export const isError = ({ severity }: Finding): boolean => severity === "error";

/** Compiles the file at an absolute path. */
export function compileSource(file: string, world: World): CompiledSource {
  const reader = new SourceReader(world, "");
  const inputs = new Map<string, string | undefined>();
  const shown = shownPath(file, world);
  const { diagnostics, outputs, schema } = compile({
    files: [shown],
    read: (asked) => {
      const found = reader.readImport(asked);
      inputs.set(path.resolve(world.cwd, asked), typeof found === "string" ? found : undefined);
      return found;
    },
    targets: ["ts", "dts"],
    cwd: world.cwd.split(path.sep).join("/"),
  });
  const sources = (schema?.files ?? []).map(({ path: source }) => source);
  const { relative } = layOut(sources, { cwd: world.cwd.split(path.sep).join("/") });
  const base = withoutExtension(relative(shown));
  /** By the path of its source's outputs, less what follows it: where imports between outputs lead. */
  const sourceOf = new Map(sources.map((source) => [withoutExtension(relative(source)), path.resolve(world.cwd, source)]));
  const modules = new Map<string, string>();
  const declarations = new Map<string, string>();
  for (const output of outputs) {
    const declared = sources.find((source) => `${relative(source)}.d.ts` === output.path);
    if (declared !== undefined) {
      declarations.set(path.resolve(world.cwd, declared), output.text);
      continue;
    }
    const kind = kindOf(output.path, base);
    if (kind !== undefined) modules.set(kind, linked(output.text, output.path, sourceOf));
  }
  return { file, findings: diagnostics, source: (asked) => reader.source(asked), inputs, modules, declarations };
}

const KINDS = ["", ".types", ".codec", ".client", ".server"];

/** "codec" of `orders.codec.ts` where the outputs of the source are called `orders`; undefined if it is another's. */
function kindOf(output: string, base: string): string | undefined {
  return KINDS.find((kind) => output === `${base}${kind}.ts`)?.replace(".", "");
}

/** Imports between generated modules, as imports of the sources that they are made from: `./orders.idl?rpcgen=codec`. */
function linked(text: string, from: string, sourceOf: ReadonlyMap<string, string>): string {
  const own = sourceOf.get(withoutKind(from.replace(/\.ts$/, ""), sourceOf).base) ?? "";
  return text.replace(/^((?:import|export|\}).* from )"(\.[^"]*)\.js";$/gm, (_, before: string, specifier: string) => {
    const { base, kind } = withoutKind(path.posix.join(path.posix.dirname(from), specifier), sourceOf);
    const target = path.relative(path.dirname(own), sourceOf.get(base) ?? "").split(path.sep).join("/");
    return `${before}"${target.startsWith(".") ? "" : "./"}${target}${kind === "" ? "" : `?rpcgen=${kind}`}";`;
  });
}

function withoutKind(modulePath: string, sourceOf: ReadonlyMap<string, string>): { readonly base: string; readonly kind: string } {
  for (const kind of KINDS) {
    const base = modulePath.slice(0, modulePath.length - kind.length);
    if (modulePath.endsWith(kind) && sourceOf.has(base)) return { base, kind: kind.replace(".", "") };
  }
  throw new Error(`no source has the output "${modulePath}"`);
}
