/** Prints the module of clients: a class a service, whose methods make calls. */
import type { Method, SchemaFile, Semantics, Service } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import { annotated, arrayLiteral, assignment, block, call, generic, signature } from "./code-writer/shapes.js";
import { docComment } from "./doc-comment.js";
import type { GeneratedFile } from "./generated-file.js";
import { methodKind, needsNoParameters, requestType, responseType } from "./method-shape.js";
import { declaredName, derivedNames, memberName, type Names } from "./names.js";
import { runtimeType, runtimeValue, type RuntimeName } from "./runtime-symbols.js";
import { globalSymbol } from "./symbol.js";

/** What a caller should know of the promise, wherever the method is called. */
const PROMISES: Readonly<Record<Semantics, string>> = {
  readonly: "Has no effect, and may be retried.",
  idempotent: "May run more than once, to the effect of one run.",
  atMostOnce: "Runs once or not at all.",
  exactlyOnce: "Takes effect exactly once when it answers.",
  failStop: "Runs in order and once, or the session ends.",
};

/** How a client's methods give their results. */
export interface ClientForm {
  readonly className: (service: string) => string;
  readonly caller: RuntimeName;
  readonly options: RuntimeName;
  /** Members beside the methods. */
  readonly statics: (names: Names, service: Service) => Doc[];
  readonly result: (response: Doc, isStream: boolean) => Doc;
  /** What a request stream may be, of these elements. */
  readonly requests: (element: Doc) => Doc[];
}

/** Clients whose callers await. */
const awaited: ClientForm = {
  className: derivedNames.client,
  caller: "Caller",
  options: "CallOptions",
  statics: (names, service) => [
    [assignment(annotated("static readonly service", runtimeType("ServiceDescriptor")), names.descriptor(service)), ";"],
    readonlyMethods(service),
  ],
  result: (response, isStream) => generic(globalSymbol(isStream ? "AsyncIterable" : "Promise"), response),
  requests: (element) => [generic(globalSymbol("AsyncIterable"), element), generic(globalSymbol("Iterable"), element)],
};

export function printClients(file: GeneratedFile, names: Names, source: SchemaFile): void {
  printClientsOf(awaited, file, names, source);
}

export function printClientsOf(form: ClientForm, file: GeneratedFile, names: Names, source: SchemaFile): void {
  file.reserve("channel", "params", "requests", "options");
  for (const declaration of source.declarations) {
    if (declaration.kind !== "service") continue;
    file.unit(declaration.fullName, [declaration.fullName], () => printClient(form, file, names, declaration));
  }
}

function printClient(form: ClientForm, file: GeneratedFile, names: Names, service: Service): void {
  const name = form.className(declaredName(service));
  file.reserve(name);
  const statics = form.statics(names, service);
  file.section(...docComment(service), block(`export class ${name}`, ...statics, ...instanceMembers(form, names, service, statics.length > 0)));
}

/** What a handler of a `@readonly` method may call: its context gives it clients of these alone. */
function readonlyMethods(service: Service): Doc {
  const methods = service.methods.filter(({ semantics }) => semantics === "readonly");
  const list = arrayLiteral(...methods.map((method) => quote(memberName(method))));
  return ["static readonly readonlyMethods = ", list, " as const;"];
}

/** A service without methods keeps no caller, which nothing would read. */
function instanceMembers(form: ClientForm, names: Names, service: Service, follows: boolean): Doc[] {
  const caller = runtimeType(form.caller);
  if (service.methods.length === 0) {
    return [...(follows ? [""] : []), block(signature("constructor", [annotated("_channel", caller)]))];
  }
  return [
    [annotated("readonly #caller", caller), ";"],
    "",
    block(signature("constructor", [annotated("channel", caller)]), ["this.#caller = ", carrier(service), ";"]),
    ...service.methods.flatMap((method) => ["", ...methodDoc(names, method), clientMethod(form, names, service, method)]),
  ];
}

/** A client with `@failStop` methods is a session of its own. */
function carrier(service: Service): Doc {
  const hasSession = service.methods.some(({ semantics }) => semantics === "failStop");
  return call(runtimeValue(hasSession ? "failStopSession" : "callerOf"), "channel");
}

function methodDoc(names: Names, method: Method): Doc[] {
  const tags = method.throws.map((error) => `@throws {${declaredName(names.index.declaration(error))}}`);
  return docComment(method, [PROMISES[method.semantics]], tags);
}

function clientMethod(form: ClientForm, names: Names, service: Service, method: Method): Doc {
  const kind = methodKind(method);
  const input = method.parameters.kind === "stream" ? "requests" : "params";
  const options = annotated("options?", runtimeType(form.options));
  const result = form.result(responseType(names, method, "decoded"), method.result?.stream === true);
  const descriptor: Doc = [names.methods(service), ".", memberName(method)];
  return block(signature(memberName(method), [inputParameter(form, names, service, method), options], [result]), [
    "return ",
    call(`this.#caller.${kind}`, descriptor, input, "options"),
    ";",
  ]);
}

function inputParameter(form: ClientForm, names: Names, service: Service, method: Method): Doc {
  const type = requestType(names, service, method, "init");
  if (method.parameters.kind === "stream") return annotated("requests", ...form.requests(type));
  const parameter = annotated("params", type);
  return needsNoParameters(method) ? [parameter, " = {}"] : parameter;
}
