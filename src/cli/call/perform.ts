/** Makes the call, and prints what comes as it comes. */
import type { CallOptions, Channel, RpcError } from "@rpcgen/runtime";
import { failureJson, failureText, isRpcError } from "../../call/failure.js";
import { NotGenerated } from "../../call/generated-modules.js";
import { jsonText } from "../../call/json-text.js";
import { Stub } from "../../call/stub.js";
import { locate } from "../../diagnostics/finding.js";
import type { FoundMethod } from "../../inspect/find-declaration.js";
import { ExitCode } from "../exit-codes.js";
import { shown } from "../render-text.js";
import type { Invocation } from "../verb.js";
import { readCallOptions } from "./options.js";
import { requestOf } from "./request.js";
import type { CallSchema } from "./schema.js";

/**
 * All of a call that needs no server: its code and its request. What it gives makes the call; an exit code where no code can
 * be made of the schema, which is reported by then.
 * @throws CallError if the request is none.
 */
export async function prepare(invocation: Invocation, called: CallSchema, { service, method }: FoundMethod, text: string | undefined): Promise<ExitCode | ((channel: Channel) => Promise<ExitCode>)> {
  const stub = await stubOf(invocation, called, { service, method });
  if (stub === undefined) return ExitCode.FINDINGS;
  const over = new AbortController();
  const input = await requestOf(stub, text, invocation.host, over.signal);
  return (channel) => perform(invocation, channel, called, { stub, input, over });
}

interface Prepared {
  readonly stub: Stub;
  readonly input: unknown;
  /** Ends the reading of requests. */
  readonly over: AbortController;
}

async function perform(invocation: Invocation, channel: Channel, called: CallSchema, { stub, input, over }: Prepared): Promise<ExitCode> {
  const { host, options, reporter } = invocation;
  const stopped = new AbortController();
  void host.watcher.interrupted().then(() => stopped.abort());
  const { idempotencyKey } = options;
  const callOptions: CallOptions = { ...readCallOptions(options), signal: stopped.signal, ...(idempotencyKey !== undefined && { idempotencyKey }) };
  const results = new Results(invocation, stub);
  let failure: RpcError | undefined;
  try {
    for await (const value of stub.call(channel, input, callOptions)) if (!(await results.take(value))) break;
  } catch (error) {
    if (!isRpcError(error)) throw error;
    failure = error;
  } finally {
    over.abort();
  }
  const details = failure && stub.details(failure);
  if (options.report !== "text") {
    reporter.report({ findings: called.findings, source: called.source, json: { method: stub.method.path, ...results.json, ...(failure && { error: failureJson(failure, details) }) } });
  }
  // Of all reports, the JSON document alone has a place for it.
  if (failure !== undefined && options.report !== "json") host.stderr.write(shown(failureText(failure, details)));
  return failure === undefined ? ExitCode.OK : ExitCode.FINDINGS;
}

/** Undefined where no code can be made of the schema, which is reported. */
async function stubOf({ reporter }: Invocation, { schema, findings, source }: CallSchema, { service, method }: FoundMethod): Promise<Stub | undefined> {
  const runtime = await import("@rpcgen/runtime/generated");
  try {
    return new Stub(schema, service, method, runtime);
  } catch (error) {
    if (!(error instanceof NotGenerated)) throw error;
    reporter.report({ findings: [...findings, ...error.diagnostics.map((found) => locate(found, source))], source });
    return undefined;
  }
}

/** What came, printed at once where people read it, else kept for the one document. */
class Results {
  readonly #invocation: Invocation;
  readonly #stub: Stub;
  readonly #kept: unknown[] = [];

  constructor(invocation: Invocation, stub: Stub) {
    this.#invocation = invocation;
    this.#stub = stub;
  }

  /** Whether more is wanted: not where nobody reads any more (`| head`). */
  async take(value: unknown): Promise<boolean> {
    const { host, options } = this.#invocation;
    const json = this.#stub.response(value);
    if (options.report !== "text") return this.#kept.push(json) > 0;
    if (json === undefined) return true;
    host.stdout.write(`${jsonText(json, this.#isStream ? 0 : 2)}\n`);
    return host.flushed();
  }

  get json(): Record<string, unknown> {
    return this.#isStream ? { results: this.#kept } : this.#kept.length === 0 ? {} : { result: this.#kept[0] ?? null };
  }

  get #isStream(): boolean {
    return this.#stub.method.result?.stream === true;
  }
}
