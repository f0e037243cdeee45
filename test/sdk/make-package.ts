/** Makes packages as their user does, and puts them where programs find them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run, type World } from "../cli/memory-host.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The `.idl` files of a folder of the checkout, by their paths from there. */
export function schemasIn(folder: string): Record<string, string> {
  const names = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".idl"));
  return Object.fromEntries(names.map((name) => [name.split(path.sep).join("/"), readFileSync(path.join(root, folder, name), "utf8")]));
}

/** The files of the package, by path. */
export async function packageOf(schemas: Readonly<Record<string, string>>, name: string, world: World = {}): Promise<Record<string, string>> {
  const files = { ...world.files, ...Object.fromEntries(Object.entries(schemas).map(([file, text]) => [`idl/${file}`, text])) };
  const { exitCode, stderr, files: after } = await run(["sdk", ...Object.keys(files).filter((file) => file.endsWith(".idl")), "--name", name], { ...world, files });
  if (exitCode !== 0) throw new Error(stderr);
  return Object.fromEntries(Object.entries(after).flatMap(([file, text]) => (/^sdk\/(?!\.)/.test(file) ? [[file.slice("sdk/".length), text]] : [])));
}

/** A project within the checkout, where the runtime is found, that packages are installed into. */
export class Project {
  readonly folder = mkdtempSync(path.join(root, "test/sdk/.project-"));

  constructor() {
    this.write("package.json", '{ "type": "module" }');
  }

  install(name: string, files: Readonly<Record<string, string>>): string {
    for (const [file, text] of Object.entries(files)) this.write(`node_modules/${name}/${file}`, text);
    return path.join(this.folder, "node_modules", name);
  }

  write(file: string, text: string): string {
    const place = path.join(this.folder, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
    return place;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The archive that npm would publish. */
export function packed(folder: string): Buffer {
  const [{ filename = "" } = {}] = JSON.parse(execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--offline"], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })) as { filename?: string }[];
  return readFileSync(path.join(folder, filename));
}

/** The programs of a README. */
export function snippetsOf(readme: string): string[] {
  return [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = ""]) => text);
}
