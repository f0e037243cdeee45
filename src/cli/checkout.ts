/** Where the rpcgen that runs stands, if it is a checkout and not what npm has installed. */
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the checkout. What is published lacks the folder of the runtime. */
export function ownCheckout(): string | undefined {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "package.json"))) return existsSync(path.join(folder, "runtime/package.json")) ? folder : undefined;
    if (folder === path.dirname(folder)) return undefined;
  }
}
