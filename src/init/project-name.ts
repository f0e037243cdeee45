/** What npm is to call a project, from the name of its folder. */

/** Longer names are refused by npm. */
const LONGEST = 214;

/** Names that npm refuses for any package. */
const REFUSED = ["node_modules", "favicon.ico"];

/**
 * In lower case, accents taken off, and with a hyphen for whatever may not stand in a name; undefined where nothing is
 * left. A project cannot install a package that is called as itself is, so `taken` names get an ending.
 */
export function projectName(folder: string, taken: readonly string[]): string | undefined {
  const plain = folder.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const name = plain.replace(/[^a-z0-9._-]+/g, "-").replace(/^[._-]+/, "").slice(0, LONGEST).replace(/[._-]+$/, "");
  if (name === "" || REFUSED.includes(name)) return undefined;
  return taken.includes(name) ? `${name}-app` : name;
}
