/** Imports run downward only, and never in a circle. This is the one table of the floors; .oxlintrc.json repeats what an editor can show early. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

interface Floor {
  /** Files of the floor, from the root of the checkout. */
  readonly files: RegExp;
  /** The floors that it may import beside itself. */
  readonly below: readonly string[];
  /** Packages that it may import; `dynamic` ones only by `import()` or for their types. */
  readonly packages?: readonly string[];
  readonly dynamic?: readonly string[];
  /** Whether it may import `node:` modules. */
  readonly node?: true;
}

/** A file belongs to the first floor that it matches. */
const floors: Readonly<Record<string, Floor>> = {
  text: { files: /^src\/text\//, below: [] },
  diagnostics: { files: /^src\/diagnostics\//, below: ["text"], packages: ["fastest-levenshtein"] },
  ir: { files: /^src\/ir\//, below: ["text", "diagnostics"] },
  parser: { files: /^src\/parser\//, below: ["text", "diagnostics"], packages: ["chevrotain"] },
  checker: { files: /^src\/checker\//, below: ["text", "diagnostics", "ir", "parser"] },
  typescript: { files: /^src\/emit\/typescript\//, below: ["text", "diagnostics", "ir", "emit"], packages: ["sucrase"], dynamic: ["prettier", "ts-morph"] },
  emit: { files: /^src\/emit\//, below: ["text", "diagnostics", "ir", "typescript"] },
  format: { files: /^src\/format\//, below: ["text", "diagnostics", "parser"] },
  import: { files: /^src\/import\//, below: ["text", "diagnostics", "checker", "format"], packages: ["protobufjs"] },
  lint: { files: /^src\/lint\//, below: ["text", "diagnostics", "ir", "parser"] },
  breaking: { files: /^src\/breaking\//, below: ["text", "diagnostics", "ir"] },
  prettier: { files: /^src\/prettier\//, below: ["text", "diagnostics", "format"], dynamic: ["prettier"] },
  inspect: { files: /^src\/inspect\//, below: ["text", "diagnostics", "ir"] },
  semantics: { files: /^src\/semantics\//, below: [] },
  verify: { files: /^src\/verify\//, below: ["text", "diagnostics", "ir", "emit"], dynamic: ["fast-check"], node: true },
  scaffold: { files: /^src\/scaffold\//, below: ["text", "diagnostics", "ir", "typescript"], dynamic: ["ts-morph"] },
  call: { files: /^src\/call\//, below: ["text", "diagnostics", "ir", "emit", "typescript"], packages: ["sucrase"], dynamic: ["@rpcgen"], node: true },
  init: { files: /^src\/init\//, below: [] },
  sdk: { files: /^src\/sdk\//, below: ["text", "diagnostics", "ir", "typescript", "emit", "breaking"], packages: ["@jridgewell", "semver"], dynamic: ["fast-check"] },
  measure: { files: /^src\/measure\//, below: [], dynamic: ["@rpcgen"], node: true },
  build: { files: /^src\/build\.ts$/, below: [], packages: ["esbuild"], node: true },
  compile: { files: /^src\/[^/]+\.ts$/, below: ["text", "diagnostics", "ir", "parser", "checker", "typescript", "emit", "format", "import", "lint", "breaking", "sdk"] },
  cli: {
    files: /^src\/cli\//,
    below: ["text", "diagnostics", "ir", "checker", "emit", "format", "import", "lint", "breaking", "inspect", "verify", "call", "measure", "scaffold", "init", "sdk", "semantics", "compile", "manifest"],
    packages: ["chokidar", "commander", "picocolors", "tinyglobby"],
    dynamic: ["prettier", "ts-morph", "@rpcgen"],
    node: true,
  },
  plugins: {
    files: /^src\/plugins\//,
    below: ["diagnostics", "checker", "typescript", "emit", "lint", "compile", "cli"],
    packages: ["picocolors", "unplugin"],
    dynamic: ["esbuild", "vite"],
    node: true,
  },
  manifest: { files: /^package\.json$/, below: [] },

  wire: { files: /^runtime\/wire\//, below: [] },
  transport: { files: /^runtime\/transport\/(transport|blocking|address|trust)\.ts$/, below: ["wire"] },
  "transport tables": { files: /^runtime\/transport\/[a-z]+-transports\.ts$/, below: ["transport", "sockets", "transports"] },
  links: { files: /^runtime\/transport\/links\//, below: ["wire", "transport"], node: true },
  sockets: { files: /^runtime\/transport\/sockets\//, below: ["transport", "links"], node: true },
  transports: { files: /^runtime\/transport\/[^/]+\//, below: ["wire", "transport", "links", "sockets"], dynamic: ["ws", "koffi"], node: true },
  "rpc index": { files: /^runtime\/rpc\/index\.ts$/, below: ["rpc", "protocol", "client", "server"] },
  rpc: { files: /^runtime\/rpc\/[^/]+\.ts$/, below: ["wire", "transport"] },
  protocol: { files: /^runtime\/rpc\/protocol\//, below: ["wire", "transport", "rpc"] },
  client: { files: /^runtime\/rpc\/client\//, below: ["wire", "transport", "rpc", "protocol"] },
  server: { files: /^runtime\/rpc\/server\//, below: ["wire", "transport", "rpc", "protocol"] },
  http: { files: /^runtime\/http\//, below: ["wire", "transport", "links", "sockets", "transports", "rpc", "protocol", "client", "server"], node: true },
  idempotency: { files: /^runtime\/idempotency\//, below: ["wire", "rpc", "protocol", "server"] },
  outbox: { files: /^runtime\/store\/outbox\//, below: ["wire", "idempotency"] },
  stores: { files: /^runtime\/store\/[^/]+\//, below: ["wire", "idempotency", "outbox"], dynamic: ["pg"], node: true },
  reflection: { files: /^runtime\/reflection\//, below: ["rpc", "server"], packages: ["@rpcgen"] },
  otel: { files: /^runtime\/otel\.ts$/, below: ["rpc"], packages: ["@opentelemetry"] },
  sync: { files: /^runtime\/sync\//, below: ["wire", "transport", "transport tables", "links", "transports", "rpc", "client", "http"], node: true },
  entries: { files: /^runtime\/[^/]+\.ts$/, below: ["wire", "transport", "transport tables", "rpc", "rpc index", "client", "server", "http", "idempotency"] },
};

/** Floors whose folders never import each other. */
const APART: ReadonlySet<string> = new Set(["transports", "stores"]);

/** Fewer than this means that the files were not found, and a check of nothing passes. */
const FEWEST_FILES = 60;
const LONGEST_FILE = 400;

interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly dynamic: boolean;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const sources = ["src", "runtime"]
  .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`))
  .map((file) => file.split(path.sep).join("/"))
  .filter((file) => file.endsWith(".ts") && !/(^|\/)(dist|node_modules)\//.test(file));

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), "utf8");
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => {
    const statement = text.slice(text.lastIndexOf(";", pos) + 1, pos).trimEnd();
    return { from: file, specifier: fileName, dynamic: /\bimport\s*\(["']?$/.test(statement) || /^\s*import type\b/m.test(statement) };
  });
}

function targetOf({ from, specifier }: Import): string {
  return path.posix.join(path.posix.dirname(from), specifier).replace(/\.js$/, ".ts");
}

/** Files that lead back to themselves, a circle each with its files in the order of their imports; every import counts, those of types too. */
function circlesIn(imports: readonly Import[]): string[] {
  const leads = new Map<string, string[]>();
  for (const each of imports) if (each.specifier.startsWith(".")) leads.set(each.from, [...(leads.get(each.from) ?? []), targetOf(each)]);
  const circles: string[] = [];
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): void => {
    const seen = way.indexOf(file);
    if (seen >= 0) circles.push([...way.slice(seen), file].join(" -> "));
    if (seen >= 0 || done.has(file)) return;
    for (const next of leads.get(file) ?? []) follow(next, [...way, file]);
    done.add(file);
  };
  for (const file of leads.keys()) follow(file, []);
  return circles;
}

function floorOf(file: string): string | undefined {
  return Object.keys(floors).find((name) => floors[name]?.files.test(file));
}

/** What is wrong with an import, or undefined. */
function fault({ from, specifier, dynamic }: Import): string | undefined {
  const name = floorOf(from) ?? "";
  const floor = floors[name];
  if (floor === undefined) return `${from} stands on no floor`;
  if (specifier.startsWith("node:")) return floor.node ? undefined : `${from} imports ${specifier}`;
  if (!specifier.startsWith(".")) {
    const wanted = specifier.split("/")[0] ?? "";
    const allowed = floor.packages?.includes(wanted) || (dynamic && floor.dynamic?.includes(wanted));
    return allowed ? undefined : `${from} imports the package ${specifier}`;
  }
  const target = targetOf({ from, specifier, dynamic });
  const reached = floorOf(target);
  if (reached === name && (!APART.has(name) || folderOf(from) === folderOf(target))) return undefined;
  return reached !== undefined && reached !== name && floor.below.includes(reached) ? undefined : `${from} (${name}) imports ${target} (${reached})`;
}

function folderOf(file: string): string | undefined {
  return file.split("/")[2];
}

describe("layers", () => {
  test("the files are found", () => {
    expect(sources.length).toBeGreaterThan(FEWEST_FILES);
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(FEWEST_FILES);
  });

  test("every import runs downward, and packages stay on their floors", () => {
    expect(sources.flatMap(importsOf).map(fault).filter((found) => found !== undefined)).toEqual([]);
  });

  test("no imports run in a circle", () => {
    expect(circlesIn(sources.flatMap(importsOf))).toEqual([]);
  });

  test("a circle is seen", () => {
    const circles = (...imports: (readonly [from: string, specifier: string])[]) => circlesIn(imports.map(([from, specifier]) => ({ from, specifier, dynamic: true })));
    expect(circles(["src/a.ts", "./b.js"], ["src/b.ts", "./c/d.js"], ["src/c/d.ts", "../b.js"])).toEqual(["src/b.ts -> src/c/d.ts -> src/b.ts"]);
    expect(circles(["src/a.ts", "./a.js"])).toEqual(["src/a.ts -> src/a.ts"]);
    expect(circles(["src/a.ts", "./b.js"], ["src/a.ts", "./c.js"], ["src/b.ts", "./d.js"], ["src/c.ts", "./d.js"])).toEqual([]);
  });

  test("a violation is seen", () => {
    const planted = (from: string, specifier: string, dynamic = false) => fault({ from, specifier, dynamic });
    expect(planted("src/parser/parse.ts", "../ir/schema.js")).toBeDefined();
    expect(planted("src/emit/json/index.ts", "../../checker/check.js")).toBeDefined();
    expect(planted("src/checker/check.ts", "chevrotain")).toBeDefined();
    expect(planted("src/emit/typescript/index.ts", "prettier")).toBeDefined();
    expect(planted("src/emit/typescript/index.ts", "prettier", true)).toBeUndefined();
    expect(planted("src/compile.ts", "node:fs")).toBeDefined();
    expect(planted("src/inspect/walk.ts", "../../runtime/wire/reader.js")).toBeDefined();
    expect(planted("runtime/rpc/client/channel.ts", "node:net")).toBeDefined();
    expect(planted("runtime/rpc/client/channel.ts", "../server/server.js")).toBeDefined();
    expect(planted("runtime/rpc/client/channel.ts", "../../transport/tcp/dial.js")).toBeDefined();
    expect(planted("runtime/transport/tcp/dial.ts", "../unix/dial.js")).toBeDefined();
    expect(planted("runtime/transport/tcp/dial.ts", "../transport.js")).toBeUndefined();
    expect(planted("runtime/store/log/log-store.ts", "../postgres/schema.js")).toBeDefined();
    expect(planted("runtime/store/log/log-store.ts", "../../rpc/errors.js")).toBeDefined();
    expect(planted("runtime/store/postgres/schema.ts", "pg")).toBeDefined();
    expect(planted("runtime/wire/reader.ts", "../../src/text/utf8.js")).toBeDefined();
  });

  test(`no file is longer than ${LONGEST_FILE} lines`, () => {
    const long = sources.filter((file) => readFileSync(path.join(root, file), "utf8").split("\n").length > LONGEST_FILE);
    expect(long).toEqual([]);
  });
});
