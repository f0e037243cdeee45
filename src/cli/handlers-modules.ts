/** Where handlers stand in the user's project: the place that scaffold gives them, or where the user moved them. */
import path from "node:path";
import type { Host } from "./host.js";
import { portablePath } from "./source-paths.js";

export interface UserText {
  /** As a person would type it. */
  readonly name: string;
  readonly text: string;
  /** The byte order mark, if there is one. */
  readonly mark: string;
}

export interface Folders {
  /** Where handlers stand. */
  readonly out: string;
  /** Where generated code stands, which has none. */
  readonly gen: string;
}

export function readModule({ fs, cwd }: Host, name: string): UserText | undefined {
  const file = path.resolve(cwd, name);
  if (!fs.existsSync(file)) return undefined;
  const whole = fs.readFileSync(file, "utf8");
  const mark = whole.startsWith("\ufeff") ? "\ufeff" : "";
  return { name, text: whole.slice(mark.length), mark };
}

/**
 * The modules that are to have certain handlers: `standard` if it has them or nothing else does, else every one below
 * the folder that does. `has` is asked of modules in which the name of their type stands.
 */
export function modulesFor(type: string, standard: string, { out, gen }: Folders, host: Host, has: (module: UserText) => boolean): string[] {
  const own = readModule(host, standard);
  if (own !== undefined && has(own)) return [standard];
  const generated = path.resolve(host.cwd, gen);
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const name of host.fs.readdirSync(folder).map(String).sort()) {
      const file = path.join(folder, name);
      if (name === "node_modules" || name.startsWith(".") || file === generated) continue;
      if (host.fs.lstatSync(file).isDirectory()) visit(file);
      if (!/(?<!\.d)\.[cm]?tsx?$/.test(name) || /\.(test|spec)\./.test(name)) continue;
      const shown = portablePath(path.relative(host.cwd, file));
      const read = shown === standard ? undefined : readModule(host, shown);
      if (read !== undefined && read.text.includes(type) && has(read)) found.push(shown);
    }
  };
  const folder = path.resolve(host.cwd, out);
  if (host.fs.existsSync(folder) && host.fs.statSync(folder).isDirectory()) visit(folder);
  return found.length > 0 ? found : [standard];
}

/** What a module imports a generated one as; `to` is without its extension. */
export function importPath({ cwd }: Host, from: string, to: string): string {
  const relative = portablePath(path.relative(path.dirname(path.resolve(cwd, from)), path.resolve(cwd, to)));
  return `${relative.startsWith(".") ? "" : "./"}${relative}.js`;
}
