/** Asks a server for its schema. What it tells is a stranger's text: it is bounded, and read as any source is. */
import type { CallOptions, Channel } from "@rpcgen/runtime";
import { CallError } from "./call-error.js";

const DEFAULT_TIMEOUT_MS = 10_000;
/** More than the schemas that people write have, and so few that to compile the worst of them takes seconds. */
const MOST_FILES = 2_000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

export interface ToldSchema {
  /** By path. Paths are names here, and never those of files. */
  readonly sources: ReadonlyMap<string, string>;
  /** The paths of the files whose services the server has. */
  readonly served: readonly string[];
}

/** @throws CallError if the server tells none, or too much; RpcError if the call fails for another reason. */
export async function askForSchema(channel: Channel, options: CallOptions): Promise<ToldSchema> {
  const { ReflectionClient } = await import("@rpcgen/runtime/reflection");
  const address = channel.path.address;
  const sources = new Map<string, string>();
  const served: string[] = [];
  let [files, characters] = [0, 0];
  try {
    for await (const file of new ReflectionClient(channel).files({}, { timeoutMs: DEFAULT_TIMEOUT_MS, ...options })) {
      files += 1;
      characters += file.path.length + file.text.length;
      if (files > MOST_FILES || characters > MOST_CHARACTERS) {
        const most = `${MOST_FILES} files and ${MOST_CHARACTERS / 1024 / 1024} MiB`;
        throw new CallError(`the schema that ${address} tells has more than ${most}`, "give the schema with --idl FILE");
      }
      sources.set(file.path, file.text);
      if (file.served) served.push(file.path);
    }
  } catch (error) {
    if ((error as { readonly code?: string }).code !== "UNIMPLEMENTED") throw error;
    const help = "give the schema with --idl FILE, or add reflectionService(…) of \"@rpcgen/runtime/reflection\" to the services of the server";
    throw new CallError(`${address} does not tell its schema`, help);
  }
  if (files === 0) {
    const help = "give the schema with --idl FILE, or give reflectionService(…) of the server the schemas of its services";
    throw new CallError(`${address} tells an empty schema`, help);
  }
  return { sources, served };
}
