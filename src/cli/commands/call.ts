/** `rpcgen call`: one call by hand, its request and its answer as JSON. */
import type { Channel } from "@rpcgen/runtime";
import { Option } from "commander";
import { CallError } from "../../call/call-error.js";
import { failureText, isRpcError } from "../../call/failure.js";
import { connectionTo } from "../call/connection.js";
import { callOptions, readCallOptions } from "../call/options.js";
import { schemaOfFiles, schemaOfServer, type CallSchema } from "../call/schema.js";
import { ExitCode } from "../exit-codes.js";
import { shown } from "../render-text.js";
import type { Invocation, Verb } from "../verb.js";

export const call: Verb = {
  name: "call",
  summary: "call a method by hand, or list what a server has",
  operands: [
    ["<address>", "of the server: tcp://HOST:PORT, unix:PATH, stdio:COMMAND or any other"],
    ["[method]", "Service/method, the service by its short or full name; or a service or type, to read what it is. Without it, the services are listed"],
    ["[json]", "the parameters as a JSON object (default: {}); of a request stream a JSON value a line (default: -). @FILE for what is in a file, or - for the standard input"],
  ],
  options: () => [
    new Option("--idl <file>", "the schema, a file or quoted pattern, instead of asking the server; may be given several times").argParser(
      (value: string, before: readonly string[] = []) => [...before, value],
    ),
    ...callOptions(),
    new Option("--ca <file>", "for tls:, wss:, h2s: and https:, the authority to trust, as PEM"),
    new Option("--cert <file>", "the certificate to show where the server asks for one, as PEM"),
    new Option("--key <file>", "its key, as PEM"),
    new Option("-v, --verbose", "tell of each attempt: where it goes, what it weighs, how it ends"),
  ],
  examples: [
    [`call tcp://127.0.0.1:4000 Orders/get '{ "id": "o-1" }'`, "one call, by the schema that the server tells"],
    ["call tcp://127.0.0.1:4000", "what there is to call"],
    ["call unix:/run/orders.sock Orders/watch --idl orders.idl", "a stream, a line for each item; by a schema of your own"],
    ["call tcp://127.0.0.1:4000 Orders/upload @chunks.jsonl", "a stream of requests, a JSON value a line"],
  ],
  async run(invocation) {
    const { operands, options, host } = invocation;
    const [address = "", name, text] = operands;
    let channel: Channel | undefined;
    try {
      const given = options.idl === undefined ? undefined : await schemaOfFiles(invocation, options.idl);
      if (typeof given === "number") return given;
      // With a schema of its own, what cannot be asked is told before anybody is.
      const early = given && (await questionOf(invocation, given, name, text));
      if (typeof early === "number") return early;
      channel = await connectionTo(address, invocation);
      const found = given ?? (await schemaOfServer(invocation, channel, readCallOptions(options)));
      if (typeof found === "number") return found;
      const question = early ?? (await questionOf(invocation, found, name, text));
      return typeof question === "number" ? question : await question(channel);
    } catch (error) {
      if (isRpcError(error)) {
        host.stderr.write(shown(failureText(error, undefined)));
        return ExitCode.FINDINGS;
      }
      if (!(error instanceof CallError)) throw error;
      host.stderr.write(`error: ${shown(error.message)}\n${error.help === undefined ? "" : `  help: ${shown(error.help)}\n`}`);
      return ExitCode.USAGE;
    } finally {
      await channel?.close();
    }
  },
};

/** What is left to do once there is a connection. */
type Question = (channel: Channel) => Promise<ExitCode>;

/**
 * A name with a method's form is called; any other is described. An exit code if there are errors, which are reported by then.
 * @throws CallError if the schema has no such name, or the request does not fit.
 */
async function questionOf(invocation: Invocation, called: CallSchema, name: string | undefined, text: string | undefined): Promise<Question | ExitCode> {
  const { findMethod, declarationsOf, pick } = await import("../../inspect/find-declaration.js");
  const { schema } = called;
  const method = name === undefined ? undefined : findMethod(schema, name);
  if (method !== undefined && "problem" in method) throw new CallError(method.problem, method.help);
  if (method !== undefined) {
    const { prepare } = await import("../call/perform.js");
    return prepare(invocation, called, method.found, text);
  }
  const { declarationText, servicesJson, servicesOf, servicesText } = await import("../../call/describe.js");
  const { reporter } = invocation;
  const declaration = name === undefined ? undefined : pick(schema, declarationsOf(schema), name);
  if (declaration !== undefined && "problem" in declaration) throw new CallError(declaration.problem, declaration.help);
  return async () => {
    if (declaration === undefined) {
      const services = servicesOf(schema, called.served);
      const empty = services.length === 0 ? { summary: "there is no service in the schema" } : {};
      reporter.report({ ...called, findings: [], json: { services: servicesJson(schema, services) }, text: shown(servicesText(schema, services)), ...empty });
    } else {
      const described = declarationText(schema, declaration.found);
      reporter.report({ ...called, findings: [], json: { name: declaration.found.fullName, idl: described }, text: shown(described) });
    }
    return ExitCode.OK;
  };
}
