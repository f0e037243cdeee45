/** Finds in a folder what was not written there by us. */
import path from "node:path";
import type { Host } from "./host.js";
import { readManifest } from "./manifest.js";

/**
 * Every file in a folder and below it, as paths from there, that its manifest does not know, but for what npm never packs and what npm itself
 * leaves behind. Nothing for a folder that is not there.
 */
export function foreignFiles(folder: string, host: Host): string[] {
  const { entries } = readManifest(folder, host);
  return filesIn(folder, "", host).filter((file) => !entries.has(file));
}

function filesIn(folder: string, below: string, host: Host): string[] {
  const place = path.join(folder, below);
  if (!host.fs.existsSync(place) || !host.fs.statSync(place).isDirectory()) return [];
  const found = host.fs.readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    const file = below === "" ? entry.name : `${below}/${entry.name}`;
    if (isNoPartOfPackage(file)) return [];
    return entry.isDirectory() ? filesIn(folder, file, host) : [file];
  });
  return found.sort();
}

function isNoPartOfPackage(file: string): boolean {
  return /^(?:\..*|node_modules|package-lock\.json|[^/]*\.tgz)$/.test(file);
}
