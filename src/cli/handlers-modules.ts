/** Where handlers stand in the user's project: the place that scaffold gives them, or where the user moved them. */
import path from "node:path";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { SourceFile } from "../text/source-file.js";
import { decodeUtf8 } from "../text/utf8.js";
import type { Host } from "./host.js";
import { reasonOf } from "./io-reason.js";
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

/** A module, or a folder in which one may be, that cannot be read: what is not seen must not be written again, nor over. */
export class UnreadableModule extends Error {
  override readonly name = "UnreadableModule";
  readonly diagnostic: Diagnostic;
  /** What of it could be read, to show the place. */
  readonly source: SourceFile | undefined;

  constructor(found: Diagnostic, source?: SourceFile) {
    super(found.message);
    this.diagnostic = found;
    this.source = source;
  }
}

/** Undefined where there is no file. @throws UnreadableModule */
export function readModule({ fs, cwd }: Host, name: string, concerns: (text: string) => boolean = () => true): UserText | undefined {
  const file = path.resolve(cwd, name);
  const bytes = asked(name, () => (fs.existsSync(file) && !fs.statSync(file).isDirectory() ? fs.readFileSync(file) : undefined));
  if (bytes === undefined) return undefined;
  const decoded = decodeUtf8(bytes);
  const mark = decoded.text.startsWith("\ufeff") ? "\ufeff" : "";
  const text = decoded.text.slice(mark.length);
  if (!concerns(text)) return undefined;
  if (decoded.valid) return { name, text, mark };
  const start = decoded.offset - mark.length;
  throw new UnreadableModule(diagnostic("RPC7005", { file: name, start, end: start + 1 }, { path: name }), new SourceFile(name, text));
}

/** @throws UnreadableModule */
function asked<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UnreadableModule(diagnostic("RPC7004", { file: name, start: 0, end: 0 }, { path: name, reason: reasonOf(error).text }));
  }
}

/**
 * The modules that are to have certain handlers: `standard` if it has them or nothing else does, else every one below
 * the folder that does. `has` is asked of modules in which the name of their type stands.
 * @throws UnreadableModule
 */
export function modulesFor(type: string, standard: string, { out, gen }: Folders, host: Host, has: (module: UserText) => boolean): string[] {
  const own = readModule(host, standard);
  if (own !== undefined && has(own)) return [standard];
  const generated = path.resolve(host.cwd, gen);
  const found: string[] = [];
  const visit = (folder: string): void => {
    const names = asked(portablePath(path.relative(host.cwd, folder)), () => host.fs.readdirSync(folder).map(String).sort());
    for (const name of names) {
      const file = path.join(folder, name);
      if (name === "node_modules" || name.startsWith(".") || file === generated) continue;
      if (host.fs.lstatSync(file).isDirectory()) visit(file);
      if (!/(?<!\.d)\.[cm]?tsx?$/.test(name) || /\.(test|spec)\./.test(name)) continue;
      const shown = portablePath(path.relative(host.cwd, file));
      const read = shown === standard ? undefined : readModule(host, shown, (text) => text.includes(type));
      if (read !== undefined && has(read)) found.push(shown);
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
