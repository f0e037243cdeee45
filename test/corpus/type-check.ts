/** Type-checks generated files under `strict`, many in one program: most of the time goes into what they share. */
import path from "node:path";
import ts from "typescript";

const runtime = path.resolve("runtime");

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  types: [],
};

/** Parsed once, for all batches: the library and the runtime. */
const shared = new Map<string, ts.SourceFile | undefined>();

/** `files` by path below a folder that is not there. What is wrong, by the path of the file that has it. */
export function typeCheck(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const root = path.resolve("test/corpus/gen");
  const texts = new Map([...files].map(([file, text]) => [path.join(root, file), text]));
  const folders = new Set([...texts.keys()].flatMap((file) => foldersOf(file, root)));
  const host = ts.createCompilerHost(options);
  const onDisk = { getSourceFile: host.getSourceFile, fileExists: host.fileExists, readFile: host.readFile, directoryExists: host.directoryExists };
  host.getSourceFile = (file, version) => {
    const text = texts.get(file);
    if (text !== undefined) return ts.createSourceFile(file, text, version);
    if (!shared.has(file)) shared.set(file, onDisk.getSourceFile(file, version));
    return shared.get(file);
  };
  host.fileExists = (file) => texts.has(file) || (!file.startsWith(root) && onDisk.fileExists(file));
  host.readFile = (file) => texts.get(file) ?? onDisk.readFile(file);
  host.directoryExists = (folder) => folders.has(folder) || onDisk.directoryExists?.(folder) === true;
  host.resolveModuleNameLiterals = (literals, from, redirected, resolving) =>
    literals.map((literal) => {
      if (literal.text === "@rpcgen/runtime/generated") {
        return { resolvedModule: { resolvedFileName: path.join(runtime, "dist/generated.d.ts"), extension: ts.Extension.Dts, isExternalLibraryImport: true } };
      }
      return ts.resolveModuleName(literal.text, from, resolving, host, undefined, redirected, ts.ModuleKind.ESNext);
    });
  const program = ts.createProgram({ rootNames: [...texts.keys()], options, host });
  const wrong = new Map<string, string>();
  for (const found of [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()]) {
    const file = found.file === undefined ? "" : path.relative(root, found.file.fileName);
    const line = found.file === undefined ? 0 : found.file.getLineAndCharacterOfPosition(found.start ?? 0).line + 1;
    if (!wrong.has(file)) wrong.set(file, `TS${found.code} ${file}:${line}: ${ts.flattenDiagnosticMessageText(found.messageText, " ")}`);
  }
  return wrong;
}

function foldersOf(file: string, root: string): string[] {
  const folders: string[] = [];
  for (let folder = path.dirname(file); folder.length >= root.length; folder = path.dirname(folder)) folders.push(folder);
  return folders;
}
