/** A package as it was published, in a folder to be read: the one in node_modules if it is that version, else what the registry gives. */
import { tmpdir } from "node:os";
import path from "node:path";
import type { Host } from "../host.js";
import { isWithin, realPath } from "../source-paths.js";
import { bytesAt, NoOlderVersion, schemaFolder } from "./tree.js";

/** Whether a text is written as packages are: `NAME` or `NAME@VERSION`. */
export function isPackage(asked: string): boolean {
  const { name, version } = parted(asked);
  return /^(@[\w.~-]+\/)?[\w~][\w.~-]*$/.test(name) && (version === undefined || /^[\w.+~^-]+$/.test(version));
}

/**
 * Gives the folder to `read`; what was fetched is gone afterwards.
 *
 * @throws NoOlderVersion
 */
export function inPackage<T>(asked: string, files: readonly string[], host: Host, read: (place: string) => T): T {
  if (!isPackage(asked)) throw new NoOlderVersion(`"${asked}" is no name of a package`, "write npm:NAME or npm:NAME@VERSION");
  const place = installed(parted(asked), files, host);
  return place === undefined ? inTemporary(host, (folder) => read(unpacked(fetched(asked, folder, host), asked, folder, host))) : read(place);
}

/**
 * The same of an archive as `npm pack` makes it.
 *
 * @throws NoOlderVersion
 */
export function inArchive<T>(archive: string, shown: string, host: Host, read: (place: string) => T): T {
  return inTemporary(host, (folder) => read(unpacked(archive, shown, folder, host)));
}

function parted(asked: string): { readonly name: string; readonly version: string | undefined } {
  const at = asked.lastIndexOf("@");
  return at > 0 ? { name: asked.slice(0, at), version: asked.slice(at + 1) } : { name: asked, version: undefined };
}

function inTemporary<T>(host: Host, use: (folder: string) => T): T {
  host.fs.mkdirSync(tmpdir(), { recursive: true });
  // Of a name that nobody can have taken before, in a place where all may write.
  const folder = host.fs.mkdtempSync(path.join(tmpdir(), "rpcgen-"));
  try {
    return use(folder);
  } finally {
    host.fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The package that a program in the working folder would import, if it is of that version. */
function installed({ name, version }: ReturnType<typeof parted>, files: readonly string[], host: Host): string | undefined {
  for (let from = host.cwd; ; from = path.dirname(from)) {
    const place = path.join(from, "node_modules", name);
    const manifest = bytesAt(path.join(place, "package.json"), host);
    if (manifest !== undefined) return (version === undefined || versionIn(manifest) === version) && !isNewVersion(place, files, host) ? place : undefined;
    if (from === path.dirname(from)) return undefined;
  }
}

/** In a workspace, node_modules links to the very schemas that are to be compared. */
function isNewVersion(place: string, files: readonly string[], host: Host): boolean {
  const folder = path.resolve(host.cwd, schemaFolder(files, host));
  return host.fs.existsSync(folder) && isWithin(realPath(folder, host), realPath(place, host));
}

function versionIn(manifest: Uint8Array): unknown {
  try {
    return (JSON.parse(new TextDecoder().decode(manifest)) as { readonly version?: unknown } | null)?.version;
  } catch {
    return undefined;
  }
}

/** The archive that npm gives, by the settings that the user has for it. */
function fetched(asked: string, folder: string, host: Host): string {
  const packed = host.run("npm", ["pack", asked, "--silent", "--prefer-online", "--ignore-scripts", "--pack-destination", folder], host.cwd);
  if (packed === undefined) throw new NoOlderVersion("there is no npm on this machine", `install it, or the package "${asked}"`);
  const archive = new TextDecoder().decode(packed.stdout).trim().split("\n").at(-1) ?? "";
  if (packed.status !== 0 || archive === "") {
    const reason = packed.stderr.trim().split("\n")[0] ?? "";
    throw new NoOlderVersion(`npm does not give "${asked}"${reason === "" ? "" : `: ${reason}`}`, "look at its name and version, and at the registry that npm asks");
  }
  return archive;
}

/** `archive` is absolute, or a name in `folder`. */
function unpacked(archive: string, shown: string, folder: string, host: Host): string {
  const ran = host.run("tar", ["-xzf", archive], folder);
  if (ran === undefined) throw new NoOlderVersion("there is no tar on this machine", `install it, or unpack "${shown}" and name its folder`);
  if (ran.status !== 0) throw new NoOlderVersion(`the archive of "${shown}" cannot be unpacked: ${ran.stderr.trim()}`);
  return path.join(folder, "package");
}
