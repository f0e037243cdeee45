/** Puts the checkout where the projects find it, as installing the packages would. */
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

const packages = { rpcgen: "../..", "@rpcgen/runtime": "../../runtime" };

export default function linkPackages(): void {
  for (const [name, folder] of Object.entries(packages)) {
    const link = fileURLToPath(new URL(`./node_modules/${name}`, import.meta.url));
    mkdirSync(fileURLToPath(new URL("./node_modules/@rpcgen", import.meta.url)), { recursive: true });
    rmSync(link, { recursive: true, force: true });
    symlinkSync(fileURLToPath(new URL(folder, import.meta.url)), link, "dir");
  }
}
