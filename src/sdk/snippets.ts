/** The programs of the README: for each service one that calls it, and one that serves it. They compile, and they run against each other. */
import { group, ifBroken, indent, join, line, lines, type Doc } from "../emit/typescript/code-writer/document.js";
import { render } from "../emit/typescript/code-writer/render.js";
import { block, call, objectLiteral } from "../emit/typescript/code-writer/shapes.js";
import { quote } from "../emit/typescript/code-writer/literal.js";
import { needsNoParameters } from "../emit/typescript/method-shape.js";
import { declaredName, derivedNames, memberName } from "../emit/typescript/names.js";
import { sensitivePlaces } from "../emit/typescript/sensitive.js";
import type { SchemaIndex } from "../ir/schema-index.js";
import type { Method, Service } from "../ir/schema.js";
import type { Entry } from "./entries.js";
import { Samples, type TextsOf } from "./sample.js";

const RUNTIME = "@rpcgen/runtime";
const ADDRESS = quote("tcp://127.0.0.1:4000");

export interface SnippetSubject {
  readonly index: SchemaIndex;
  readonly service: Service;
  readonly entry: Entry;
  /** What the entry is imported by: "@acme/orders/orders". */
  readonly specifier: string;
  readonly textsOf: TextsOf;
}

/** What the snippets call: what reads before what acts, and one value before streams. */
function shownMethod({ methods }: Service): Method | undefined {
  const rank = ({ semantics, parameters, result, deprecated }: Method): number =>
    (deprecated === undefined ? 0 : 100) +
    (parameters.kind === "stream" ? 20 : 0) +
    (result === undefined ? 5 : result.stream ? 10 : 0) +
    (semantics === "readonly" ? 0 : semantics === "exactlyOnce" ? 2 : 1);
  return methods.reduce<Method | undefined>((best, method) => (best === undefined || rank(method) < rank(best) ? method : best), undefined);
}

export function clientSnippet(subject: SnippetSubject): string {
  const { service, specifier } = subject;
  return callerSnippet(subject, { connect: "connect", from: RUNTIME, client: derivedNames.client(declaredName(service)), entry: specifier, wait: "await " });
}

/** The same for a caller that waits: its client is in an entry of its own, and the rest where it was. */
export function blockingSnippet(subject: SnippetSubject): string {
  const { service, specifier } = subject;
  return callerSnippet(subject, { connect: "connectSync", from: `${RUNTIME}/sync`, client: derivedNames.syncClient(declaredName(service)), entry: `${specifier}/sync`, wait: "" });
}

interface CallerForm {
  /** What opens a channel, and what it is imported from. */
  readonly connect: string;
  readonly from: string;
  /** The class, and what it is imported from. */
  readonly client: string;
  readonly entry: string;
  readonly wait: "await " | "";
}

function callerSnippet({ index, service, entry, specifier, textsOf }: SnippetSubject, form: CallerForm): string {
  const samples = new Samples(index, textsOf, entry.names);
  const method = shownMethod(service);
  const body = method === undefined ? [] : callOf(method, samples, form.wait);
  const values = [...samples.names];
  const imports =
    form.entry === specifier
      ? [importOf([form.client, ...values], specifier)]
      : [...(values.length > 0 ? [importOf(values, specifier)] : []), importOf([form.client], form.entry)];
  return program(
    [importOf([form.connect], form.from), ...imports],
    [
      `const channel = ${form.wait}${form.connect}(${ADDRESS});`,
      `const client = new ${form.client}(channel);`,
      ...body,
      `${form.wait}channel.close();`,
    ],
  );
}

function callOf(method: Method, samples: Samples, wait: "await " | ""): Doc[] {
  const callee = `client.${memberName(method)}`;
  const options = "{ timeoutMs: 1000 }";
  const { parameters, result } = method;
  // Whatever can be iterated is a request stream.
  const input = parameters.kind === "stream" ? samples.list(parameters.element, "text") : needsNoParameters(method) ? "{}" : samples.object(parameters.fields);
  if (result?.stream === true) return [block([`for ${wait}(const element of `, call(callee, input), ")"], "console.log(element);", "break;")];
  if (result === undefined) return [[wait, call(callee, input, options), ";"]];
  return [[`const result = ${wait}`, call(callee, input, options), ";"], "console.log(result);"];
}

export function serverSnippet({ index, service, entry, specifier, textsOf }: SnippetSubject): string {
  const samples = new Samples(index, textsOf, entry.names);
  const shown = shownMethod(service);
  const base = declaredName(service);
  const [handlers, binding] = [derivedNames.handlers(base), derivedNames.binding(base)];
  const needsStore = service.methods.some(({ semantics }) => semantics === "exactlyOnce");
  const others = service.methods.filter((method) => method !== shown);
  const members = [...(shown === undefined ? [] : [handlerOf(index, service, shown, samples)]), ...others.map((method) => `${memberName(method)}: later`)];
  return program(
    [
      importOf(["serve", ...(others.length > 0 ? ["RpcError"] : [])], RUNTIME),
      ...(needsStore ? [importOf(["openLogStore"], `${RUNTIME}/store/log`)] : []),
      importOf([`type ${handlers}`, binding, ...samples.names], specifier),
    ],
    [
      ...(others.length > 0 ? [[block("const later = (): never =>", 'throw new RpcError({ code: "UNIMPLEMENTED", executed: "no" });'), ";"]] : []),
      [`const handlers: ${handlers} = `, objectLiteral(...members), ";"],
      ...(needsStore ? ['const store = await openLogStore("data");'] : []),
      ["const server = await serve(", objectLiteral(`listen: [${ADDRESS}]`, `services: [${binding}(handlers)]`, ...(needsStore ? ["store"] : [])), ");"],
      'console.log("listening on", server.addresses.join(", "));',
    ],
  );
}

/** Answers with a sample. */
function handlerOf(index: SchemaIndex, service: Service, method: Method, samples: Samples): Doc {
  const { result, parameters } = method;
  const name = memberName(method);
  const answer: Doc[] = result === undefined ? [] : [[result.stream ? "yield " : "return ", samples.value(result.type, "text"), ";"]];
  const head = result?.stream === true ? `async *${name}` : `async ${name}`;
  if (parameters.kind === "stream") return block(`${head}(requests)`, block("for await (const request of requests)", "console.log(request);"), ...answer);
  // What is secret is not logged, in examples least of all.
  const isSecret = sensitivePlaces(index, { place: declaredName(service), fields: parameters.fields }).length > 0;
  return isSecret ? block(`${head}()`, ...answer) : block(`${head}(params)`, "console.log(params);", ...answer);
}

function importOf(names: readonly string[], specifier: string): Doc {
  const bare = (name: string): string => name.replace(/^type /, "");
  const sorted = [...new Set(names)].sort((a, b) => (bare(a) < bare(b) ? -1 : 1));
  return [group("import {", indent(line, join([",", line], sorted)), ifBroken(","), line, "}"), ` from ${quote(specifier)};`];
}

function program(imports: readonly Doc[], statements: readonly Doc[]): string {
  return render(lines(...imports, "", ...statements), ({ name }) => name);
}
