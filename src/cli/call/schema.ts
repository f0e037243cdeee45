/** The schema of `rpcgen call`: of files, or told by the server and compiled by the same compiler. */
import type { CallOptions, Channel } from "@rpcgen/runtime";
import { normalisePath } from "../../checker/import-paths.js";
import type { Finding, SourceLookup } from "../../diagnostics/finding.js";
import type { Schema } from "../../ir/schema.js";
import { SourceFile } from "../../text/source-file.js";
import { compileFiles } from "../compile-files.js";
import { ExitCode } from "../exit-codes.js";
import type { Invocation } from "../verb.js";

export interface CallSchema {
  readonly schema: Schema;
  /** The files whose services the server has, as far as is known. */
  readonly served: readonly string[];
  readonly findings: readonly Finding[];
  readonly source: SourceLookup;
}

/** Of the files of `--idl`; an exit code if there are errors, which are reported by then. */
export async function schemaOfFiles(invocation: Invocation, files: readonly string[]): Promise<CallSchema | ExitCode> {
  const { findings, source, schema, exitCode } = await compileFiles({ ...invocation, operands: files }, []);
  if (schema !== undefined && exitCode === ExitCode.OK) return { schema, served: schema.files.map((file) => file.path), findings, source };
  invocation.reporter.report({ findings, source });
  return exitCode;
}

/**
 * Told by the server. Nothing is read but what it told: what its files import is among them, or missing.
 * @throws CallError if it tells none; RpcError if the call fails.
 */
export async function schemaOfServer(invocation: Invocation, channel: Channel, options: CallOptions): Promise<CallSchema | ExitCode> {
  const [{ askForSchema }, { compile }] = await Promise.all([import("../../call/ask-for-schema.js"), import("../../compile.js")]);
  const told = await askForSchema(channel, options);
  const sources = new Map(Array.from(told.sources, ([file, text]) => [normalisePath(file), text]));
  const { diagnostics, schema } = compile({ sources: Object.fromEntries(sources), files: [...sources.keys()], targets: [] });
  const source: SourceLookup = (file) => {
    const text = sources.get(file);
    return text === undefined ? undefined : new SourceFile(file, text);
  };
  // Its warnings are its own.
  const findings = diagnostics.filter(({ severity }) => severity === "error");
  if (schema !== undefined) return { schema, served: told.served.map(normalisePath), findings, source };
  invocation.reporter.report({ findings, source, summary: `the schema that ${channel.path.address} tells has mistakes; give it with --idl FILE` });
  return ExitCode.FINDINGS;
}
