/** The simulation with the runtime's own sources in one file, as they are or with one bug planted. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A change of one line of the runtime, made while it is loaded and nowhere else. */
export interface Patch {
  /** From the root of the checkout. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Bundle {
  readonly path: string;
  /** The files of the runtime that are in it, from the root of the checkout. */
  readonly runtimeFiles: readonly string[];
  remove(): void;
}

/** @throws Error if a patch does not fit: a planted bug that is not planted would be caught by nothing. */
export async function bundle(entry: string, patches: readonly Patch[] = []): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-simulation-"));
  const path = join(folder, "bundle.mjs");
  const planted = new Set<Patch>();
  const { metafile } = await build({
    entryPoints: [join(root, entry)],
    outfile: path,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    metafile: true,
    logLevel: "silent",
    absWorkingDir: root,
    plugins: [plant(patches, planted)],
  });
  const missing = patches.filter((patch) => !planted.has(patch));
  if (missing.length > 0) throw new Error(`not in the bundle: ${missing.map(({ file }) => file).join(", ")}`);
  const runtimeFiles = Object.keys(metafile.inputs).filter((file) => file.startsWith("runtime/"));
  return { path, runtimeFiles, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function plant(patches: readonly Patch[], planted: Set<Patch>): Plugin {
  return {
    name: "plant",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]runtime[\\/].*\.ts$/ }, ({ path }) => {
        const file = relative(root, path).split(sep).join("/");
        let contents = readFileSync(path, "utf8");
        for (const patch of patches.filter((candidate) => candidate.file === file)) {
          contents = applyPatch(contents, patch);
          planted.add(patch);
        }
        return { contents, loader: "ts" };
      });
    },
  };
}

export function applyPatch(text: string, { file, find, replace }: Patch): string {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places that read: ${find}`);
  return parts.join(replace);
}
