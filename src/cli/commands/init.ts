/** `rpcgen init`: a small project that compiles, serves and calls as it is. */
import path from "node:path";
import { Option } from "commander";
import { diagnostic } from "../../diagnostics/collector.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { locate } from "../../diagnostics/finding.js";
import { folders } from "../candidates.js";
import { ExitCode } from "../exit-codes.js";
import type { StarterPackages } from "../../init/starter.js";
import type { Host } from "../host.js";
import { compareOutputs } from "../plan-outputs.js";
import { portablePath } from "../source-paths.js";
import type { Verb } from "../verb.js";
import { manifest } from "../version.js";
import { writeOutputs } from "../write-outputs.js";

export const init: Verb = {
  name: "init",
  summary: "make a small project: a schema, a server, a client, a test",
  operands: [["[folder]", "where; it is made if it is not there (default: the working folder)", folders]],
  options: () => [new Option("--dry-run", "write nothing; list the files that would be written")],
  examples: [
    ["init shop", "then: cd shop && npm install && npm start"],
    ["init", "the same in the working folder, beside what is there"],
  ],
  async run({ operands, options, host, reporter }) {
    // As a variable gives that is not set: to write into the working folder is not what was meant.
    if (operands[0] === "") {
      host.stderr.write('error: the folder is empty\n  help: name one; the working folder is "."\n');
      return ExitCode.USAGE;
    }
    const folder = portablePath(operands[0] ?? ".");
    const source = () => undefined;
    const [{ projectName }, { starterFiles }] = await Promise.all([import("../../init/project-name.js"), import("../../init/starter.js")]);
    const name = projectName(path.basename(path.resolve(host.cwd, folder)), Object.keys({ ...PACKAGES.dependencies, ...PACKAGES.devDependencies }));
    const files = starterFiles(name ?? "", packagesFor(path.resolve(host.cwd, folder), host.checkout())).map((file) => ({ ...file, path: portablePath(path.join(folder, file.path)) }));
    const problems = name === undefined ? [nameless(folder)] : obstacles(folder, files.map((file) => file.path), host);
    const planned = problems.length > 0 ? [] : compareOutputs(files, "", host);
    const found = problems.length > 0 || options.dryRun ? problems : writeOutputs({ outputs: planned }, "", host);
    const isRefused = found.length > 0;
    const count = `${planned.length} files`;
    reporter.report({
      findings: found.map((each) => locate(each, source)),
      source,
      json: { name: name ?? null, outputs: isRefused ? [] : planned.map(({ path: file }) => ({ path: file, state: options.dryRun ? "missing" : "written" })) },
      text: isRefused ? "" : planned.map(({ path: file }) => `${file}\n`).join(""),
      summary: isRefused ? "nothing was written" : options.dryRun ? `${count} would be written` : `${count} written\nnext: ${folder === "." ? "" : `cd ${quoted(folder)} && `}npm install && npm start`,
    });
    return isRefused ? ExitCode.USAGE : ExitCode.OK;
  },
};

/** What a project installs: this rpcgen, and what it was tested with. */
const PACKAGES = {
  dependencies: { "@rpcgen/runtime": manifest.peerDependencies["@rpcgen/runtime"] },
  devDependencies: {
    "@types/node": `^${manifest.devDependencies["@types/node"]}`,
    rpcgen: `^${manifest.version}`,
    tsx: `^${manifest.devDependencies.tsx}`,
    typescript: `^${manifest.devDependencies.typescript}`,
  },
};

/** A checkout may be of what no registry has: the project depends on its folders. */
function packagesFor(project: string, checkout: string | undefined): StarterPackages {
  if (checkout === undefined) return PACKAGES;
  const own = (folder: string): string => `file:${portablePath(path.relative(project, path.join(checkout, folder)))}`;
  return {
    dependencies: { "@rpcgen/runtime": own("runtime") },
    devDependencies: { ...PACKAGES.devDependencies, rpcgen: own(".") },
  };
}

function nameless(folder: string): Diagnostic {
  return obstacle(folder, folder, "npm has no name for a project in a folder that is called so", "call the folder by a name with letters of the Latin alphabet or digits");
}

/** What is in the way: something else where a folder must be, or files that would be overwritten. */
function obstacles(folder: string, files: readonly string[], { cwd, fs }: Host): Diagnostic[] {
  /** Links that lead nowhere stand there, too. */
  const stands = (file: string): boolean => {
    try {
      fs.lstatSync(path.resolve(cwd, file));
      return true;
    } catch {
      return false;
    }
  };
  let above = path.resolve(cwd, folder);
  while (!stands(above)) above = path.dirname(above);
  if (!fs.existsSync(above) || !fs.statSync(above).isDirectory()) {
    const shown = portablePath(path.relative(cwd, above));
    return [obstacle(folder, shown, `"${shown}" is no folder`, "choose another place")];
  }
  const taken = files.filter(stands);
  const [first] = taken;
  if (first === undefined) return [];
  const already = taken.length === 1 ? `"${first}" is already there` : `these are already there: ${taken.join(", ")}`;
  return [obstacle(folder, first, already, "choose another folder, or move away what is there")];
}

function obstacle(folder: string, file: string, reason: string, help: string): Diagnostic {
  return diagnostic("RPC7050", { file, start: 0, end: 0 }, { folder, reason, help });
}

/** As a shell takes it. */
function quoted(folder: string): string {
  return /^[\w./-]+$/.test(folder) && !folder.startsWith("-") ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
}
