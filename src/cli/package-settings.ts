/** What a package says of itself: by the command line, the configuration, and the project that it is made in. */
import path from "node:path";
import { decodeUtf8 } from "../text/utf8.js";
import { isPackageName, isSound, type Person, type SdkConfig } from "../sdk/settings.js";
import type { FoundConfig } from "./find-config.js";
import type { Host } from "./host.js";
import { bytesAt } from "./older/tree.js";

export interface PackageSettings extends Omit<SdkConfig, "name" | "license"> {
  readonly name: string;
  readonly license: string;
  readonly licenseText: string;
}

/** Why there are no settings, as the end of a sentence, and what to do. */
export class NotSettled extends Error {
  override readonly name = "NotSettled";
  readonly help: string | undefined;

  constructor(reason: string, help?: string) {
    super(reason);
    this.help = help;
  }
}

/** For whom says nothing: npm's word for it. */
const NO_LICENSE = "UNLICENSED";
const LICENSE_FILES = ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "LICENCE.md", "LICENCE.txt", "COPYING"];

/** @throws NotSettled */
export function settlePackage(asked: string | undefined, { config, folder }: FoundConfig, host: Host): PackageSettings {
  const project = projectAt(folder, host);
  const { name: configured, ...own } = config.sdk ?? {};
  const name = asked ?? configured;
  if (name === undefined) throw new NotSettled("it has no name", "say --name @acme/orders, or `sdk: { name: … }` in rpcgen.config.ts");
  if (!isPackageName(name)) throw new NotSettled(`npm takes no package of the name "${name}"`, "use small letters, digits, dots, dashes and underscores, behind @scope/ if there is one");
  const inherited: SdkConfig = pick(project?.manifest ?? {});
  const settings = { ...inherited, ...own };
  const license = settings.license ?? NO_LICENSE;
  return { ...settings, name, license, licenseText: licenseText(license, settings.author, [folder, ...(project === undefined ? [] : [project.folder])], host) };
}

const INHERITED = ["license", "author", "repository", "homepage", "bugs"] as const;

/** What of a project is true of a package that is made in it. What says nothing is left out, such as the empty author of `npm init`. */
function pick(manifest: SdkConfig): SdkConfig {
  return Object.fromEntries(INHERITED.filter((key) => isSound(key, manifest[key])).map((key) => [key, manifest[key]]));
}

/** The nearest package.json upward. One that cannot be read is passed over: it has other readers to complain. */
function projectAt(start: string, host: Host): { readonly folder: string; readonly manifest: SdkConfig } | undefined {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const bytes = bytesAt(path.join(folder, "package.json"), host);
    if (bytes !== undefined) {
      try {
        const manifest: unknown = JSON.parse(decodeUtf8(bytes).text);
        return typeof manifest === "object" && manifest !== null ? { folder, manifest } : undefined;
      } catch {
        return undefined;
      }
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** Nobody but the owner can write it, so it is the file that stands in the project. */
function licenseText(license: string, author: Person | undefined, folders: readonly string[], host: Host): string {
  if (license === NO_LICENSE) {
    const owner = typeof author === "string" ? author.replace(/\s*[<(].*$/, "") : (author?.name ?? "its owner");
    return `All rights reserved by ${owner}.\n\nNobody is given a license to use, copy, change or pass on this package, unless the owner says so elsewhere.\n`;
  }
  for (const folder of folders) {
    for (const name of LICENSE_FILES) {
      const bytes = bytesAt(path.join(folder, name), host);
      if (bytes !== undefined) return decodeUtf8(bytes).text;
    }
  }
  throw new NotSettled(`its license is "${license}", and there is no LICENSE file to publish with it`, `put one into ${folders[0] ?? "the project"}`);
}
