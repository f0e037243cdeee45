/** An older version of a package that `rpcgen sdk` made: its schemas, and what the next version goes on from. */
import path from "node:path";
import type { Host } from "../host.js";
import { portablePath } from "../source-paths.js";
import { OlderVersion } from "./older-version.js";
import { inArchive, inPackage, isPackage } from "./package-folder.js";
import { bytesAt, idlFilesIn, NoOlderVersion, spelled } from "./tree.js";

export interface Published {
  readonly version: string;
  /** The range of `@rpcgen/runtime` that it needs. */
  readonly runtime: string | undefined;
  readonly changelog: string | undefined;
  readonly schemas: OlderVersion;
}

export interface PublishedQuery {
  /** A folder, an archive, `npm:NAME[@VERSION]`, or a version or tag of the package itself. */
  readonly reference: string;
  /** The name of the package. */
  readonly name: string;
  /** What the new version consists of. */
  readonly files: readonly string[];
  /** The folder that the new version's schemas are laid out from. */
  readonly root: string;
}

/** @throws NoOlderVersion */
export function published({ reference, name, files, root }: PublishedQuery, host: Host): Published {
  const read = (shown: string) => (place: string) => publishedIn(place, shown, root, host);
  if (reference.startsWith("npm:")) return inPackage(reference.slice("npm:".length), files, host, read(reference.slice("npm:".length)));
  if (reference.startsWith("git:")) throw new NoOlderVersion("a revision has schemas and no version", `name what was published: npm:${name}`);
  const place = path.resolve(host.cwd, reference);
  if (reference !== "" && host.fs.existsSync(place)) {
    return host.fs.statSync(place).isDirectory() ? read(reference)(place) : inArchive(place, reference, host, read(reference));
  }
  const asked = `${name}@${reference}`;
  if (reference.includes("/") || !isPackage(asked)) throw new NoOlderVersion(`there is no "${reference}"`, "name a version, npm:NAME@VERSION, or the folder or archive of a package");
  return inPackage(asked, files, host, read(asked));
}

/** The folder of schemas in a package, as `sdk/modules.ts` has it. */
const SCHEMAS = "idl";

function publishedIn(place: string, shown: string, root: string, host: Host): Published {
  const { version, dependencies } = manifestIn(place, shown, host);
  const folder = path.join(place, SCHEMAS);
  const found = host.fs.existsSync(folder) ? idlFilesIn(folder, host) : [];
  if (found.length === 0) throw new NoOlderVersion(`there is no .idl file in its folder "${SCHEMAS}"`, "name a version that `rpcgen sdk` made; for the first one, leave --against out");
  const texts = new Map(found.map((file) => [file, bytesAt(file, host)]));
  // In the new version, a schema stands below the root as it does below the folder in the package.
  const real = (name: string) => path.join(folder, path.relative(path.resolve(host.cwd, root), path.resolve(host.cwd, name)));
  const schemas = new OlderVersion({
    paths: found.map((file) => spelled(path.resolve(host.cwd, root, path.relative(folder, file)), root, host)),
    read: (name) => texts.get(real(name)),
    nameOf: (name) => `${shown}/${portablePath(path.relative(place, real(name)))}`,
  });
  const text = (name: string) => {
    const bytes = bytesAt(path.join(place, name), host);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };
  return { version, runtime: dependencies?.["@rpcgen/runtime"], changelog: text("CHANGELOG.md"), schemas };
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifestIn(place: string, shown: string, host: Host): Manifest {
  const bytes = bytesAt(path.join(place, "package.json"), host);
  if (bytes === undefined) throw new NoOlderVersion("it has no package.json", "name the folder or archive of a package, or npm:NAME@VERSION");
  let manifest: unknown;
  try {
    manifest = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new NoOlderVersion(`the package.json of "${shown}" is not JSON`);
  }
  if (!isManifest(manifest)) throw new NoOlderVersion(`the package.json of "${shown}" names no version`);
  return manifest;
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === "object" && value !== null && "version" in value && typeof value.version === "string";
}
