/** The plugin of esbuild, which takes several errors of a file, each with its line of source and its notes. */
import path from "node:path";
import type { PartialMessage, PluginBuild } from "esbuild";
import { propertyLines } from "../cli/plain-lines.js";
import type { Finding, Place } from "../diagnostics/finding.js";
import { isError, type CompiledSource } from "./compile-source.js";
import { runtimeFolder } from "./find-runtime.js";
import type { LineMap } from "./line-map.js";
import { load } from "./load.js";
import { readModuleId } from "./module-id.js";
import type { Project } from "./project.js";
import { lineOf, throwing } from "./reports.js";

export function setupEsbuild(build: PluginBuild, project: Project): void {
  build.onStart(() => project.begin());
  build.onResolve({ filter: /^@rpcgen\/runtime\// }, async ({ path: source, importer, kind }) => {
    const resolveDir = runtimeFolder(source, importer, project.world.cwd);
    return resolveDir === undefined ? undefined : build.resolve(source, { resolveDir, kind });
  });
  build.onLoad({ filter: /\.idl$/ }, async ({ path: file, suffix, namespace }) => {
    const asked = namespace === "file" ? readModuleId(file + suffix) : undefined;
    if (asked === undefined) return undefined;
    const { made, compiled, watched, warnings, remarks } = await load(project, asked);
    const message = (finding: Finding): PartialMessage => messageOf(finding, compiled);
    return {
      contents: made === undefined ? throwing(compiled) : withMap(made.code, made.map),
      loader: "js",
      resolveDir: path.dirname(file),
      watchFiles: [...watched],
      errors: project.untold(compiled.findings.filter(isError)).map(message),
      warnings: [...project.untold(warnings).map(message), ...remarks.map((text) => ({ text }))],
    };
  });
}

/** In two parts, or tools would take it for the map of the plugin itself. */
const MAP_COMMENT = ["//#", "sourceMappingURL=data:application/json;base64,"].join(" ");

function withMap(code: string, map: LineMap): string {
  return `${code}\n${MAP_COMMENT}${Buffer.from(JSON.stringify(map)).toString("base64")}`;
}

function messageOf(finding: Finding, compiled: CompiledSource): PartialMessage {
  const notes = [
    ...(finding.related ?? []).map((related) => ({ text: related.message, location: locationOf(related, compiled) })),
    ...propertyLines(finding).map((text) => ({ text })),
    ...(finding.help === undefined ? [] : [{ text: `help: ${finding.help}` }]),
  ];
  return { id: finding.code, text: `${finding.code}: ${finding.message}`, location: locationOf(finding, compiled), notes };
}

function locationOf(place: Place, compiled: CompiledSource): NonNullable<PartialMessage["location"]> {
  const line = lineOf(place, compiled);
  if (line === undefined) return { file: place.file };
  return { file: place.file, line: place.line, column: line.column, length: line.length, lineText: line.text };
}
