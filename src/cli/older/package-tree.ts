/** An older version as it was published: the package in node_modules if it is that version, else what the registry gives. */
import { tmpdir } from "node:os";
import path from "node:path";
import { layOut } from "../../output-layout.js";
import type { Host } from "../host.js";
import { portablePath } from "../source-paths.js";
import { folderTree } from "./folder-tree.js";
import { bytesAt, idlFilesIn, inCopy, NoOlderVersion, schemaFolder, type Tree } from "./tree.js";

export function packageTree(asked: string, files: readonly string[], host: Host): Tree {
  const at = asked.lastIndexOf("@");
  const [name, version] = at > 0 ? [asked.slice(0, at), asked.slice(at + 1)] : [asked, undefined];
  if (!/^(@[\w.~-]+\/)?[\w~][\w.~-]*$/.test(name) || (version !== undefined && !/^[\w.+~^-]+$/.test(version))) {
    throw new NoOlderVersion(`"${asked}" is no name of a package`, "write npm:NAME or npm:NAME@VERSION");
  }
  const place = installed(name, version, files, host);
  if (place !== undefined) return treeIn(place, asked, files, host);
  const folder = path.join(tmpdir(), `rpcgen-${process.pid}-${asked.replaceAll(/[^\w.-]/g, "-")}`);
  try {
    const place = fetched(asked, folder, host);
    const texts = new Map(idlFilesIn(place, host).map((file) => [file, bytesAt(file, host)]));
    return treeIn(place, asked, files, host, (file) => texts.get(file));
  } finally {
    host.fs.rmSync(folder, { recursive: true, force: true });
  }
}

function treeIn(place: string, asked: string, files: readonly string[], host: Host, bytes?: (file: string) => Uint8Array | undefined): Tree {
  const inside = idlFilesIn(place, host).map((file) => portablePath(path.relative(place, file)));
  if (inside.length === 0) throw new NoOlderVersion(`there is no .idl file in the package "${asked}"`);
  const isProject = inCopy(place, schemaFolder(files, host), host) !== undefined;
  const tree = folderTree(isProject ? place : path.join(place, layOut(inside, {}).root), asked, files, host, bytes);
  const within = (file: string) => portablePath(path.relative(place, path.resolve(host.cwd, tree.nameOf(file))));
  return { ...tree, nameOf: (file) => `${asked}/${within(file)}` };
}

/** The package that a program in the working folder would import, if it is of that version. */
function installed(name: string, version: string | undefined, files: readonly string[], host: Host): string | undefined {
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
  return host.fs.existsSync(folder) && !path.relative(host.fs.realpathSync(place), host.fs.realpathSync(folder)).startsWith("..");
}

function versionIn(manifest: Uint8Array): unknown {
  try {
    return (JSON.parse(new TextDecoder().decode(manifest)) as { readonly version?: unknown } | null)?.version;
  } catch {
    return undefined;
  }
}

function fetched(asked: string, folder: string, host: Host): string {
  host.fs.mkdirSync(folder, { recursive: true });
  const packed = host.run("npm", ["pack", asked, "--silent", "--ignore-scripts", "--pack-destination", folder], host.cwd);
  if (packed === undefined) throw new NoOlderVersion("there is no npm on this machine", `install it, or the package "${asked}"`);
  const archive = new TextDecoder().decode(packed.stdout).trim().split("\n").at(-1) ?? "";
  if (packed.status !== 0 || archive === "") {
    const reason = packed.stderr.trim().split("\n")[0] ?? "";
    throw new NoOlderVersion(`npm does not give "${asked}"${reason === "" ? "" : `: ${reason}`}`, "look at its name and version, and at the registry that npm asks");
  }
  const unpacked = host.run("tar", ["-xzf", archive], folder);
  if (unpacked === undefined) throw new NoOlderVersion("there is no tar on this machine", `install it, or the package "${asked}"`);
  if (unpacked.status !== 0) throw new NoOlderVersion(`the archive of "${asked}" cannot be unpacked: ${unpacked.stderr.trim()}`);
  return path.join(folder, "package");
}
