/** Prints the module of clients: a class a service, whose methods make calls. */
import type { Method, SchemaFile, Semantics, Service } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import { annotated, arrayLiteral, assignment, block, call, generic, signature } from "./code-writer/shapes.js";
import { docComment } from "./doc-comment.js";
import type { GeneratedFile } from "./generated-file.js";
import { methodKind, needsNoParameters, requestType, responseType } from "./method-shape.js";
import { declaredName, derivedNames, memberName, type Names } from "./names.js";
import { runtimeType, runtimeValue } from "./runtime-symbols.js";
import { globalSymbol } from "./symbol.js";

/** What a caller should know of the promise, wherever the method is called. */
const PROMISES: Readonly<Record<Semantics, string>> = {
  readonly: "Has no effect, and may be retried.",
  idempotent: "May run more than once, to the effect of one run.",
  atMostOnce: "Runs once or not at all.",
  exactlyOnce: "Takes effect exactly once when it answers.",
  failStop: "Runs in order and once, or the session ends.",
};

export function printClients(file: GeneratedFile, names: Names, source: SchemaFile): void {
  file.reserve("channel", "params", "requests", "options");
  for (const declaration of source.declarations) {
    if (declaration.kind !== "service") continue;
    file.unit(declaration.fullName, [declaration.fullName], () => printClient(file, names, declaration));
  }
}

function printClient(file: GeneratedFile, names: Names, service: Service): void {
  const name = derivedNames.client(declaredName(service));
  file.reserve(name);
  const descriptor = annotated("static readonly service", runtimeType("ServiceDescriptor"));
  file.section(
    ...docComment(service),
    block(
      `export class ${name}`,
      [assignment(descriptor, names.descriptor(service)), ";"],
      readonlyMethods(service),
      ...instanceMembers(names, service),
    ),
  );
}

/** What a handler of a `@readonly` method may call: its context gives it clients of these alone. */
function readonlyMethods(service: Service): Doc {
  const methods = service.methods.filter(({ semantics }) => semantics === "readonly");
  const list = arrayLiteral(...methods.map((method) => quote(memberName(method))));
  return ["static readonly readonlyMethods = ", list, " as const;"];
}

/** A service without methods keeps no caller, which nothing would read. */
function instanceMembers(names: Names, service: Service): Doc[] {
  const caller = runtimeType("Caller");
  if (service.methods.length === 0) return ["", block(signature("constructor", [annotated("_channel", caller)]))];
  return [
    [annotated("readonly #caller", caller), ";"],
    "",
    block(signature("constructor", [annotated("channel", caller)]), ["this.#caller = ", carrier(service), ";"]),
    ...service.methods.flatMap((method) => ["", ...methodDoc(names, method), clientMethod(names, service, method)]),
  ];
}

/** A client with `@failStop` methods is a session of its own. */
function carrier(service: Service): Doc {
  const hasSession = service.methods.some(({ semantics }) => semantics === "failStop");
  return hasSession ? call(runtimeValue("failStopSession"), "channel") : "channel";
}

function methodDoc(names: Names, method: Method): Doc[] {
  const tags = method.throws.map((error) => `@throws {${declaredName(names.index.declaration(error))}}`);
  return docComment(method, [PROMISES[method.semantics]], tags);
}

function clientMethod(names: Names, service: Service, method: Method): Doc {
  const kind = methodKind(method);
  const input = method.parameters.kind === "stream" ? "requests" : "params";
  const options = annotated("options?", runtimeType("CallOptions"));
  const response = responseType(names, method, "decoded");
  const result = generic(globalSymbol(method.result?.stream === true ? "AsyncIterable" : "Promise"), response);
  const descriptor: Doc = [names.methods(service), ".", memberName(method)];
  return block(signature(memberName(method), [inputParameter(names, service, method), options], [result]), [
    "return ",
    call(`this.#caller.${kind}`, descriptor, input, "options"),
    ";",
  ]);
}

function inputParameter(names: Names, service: Service, method: Method): Doc {
  const type = requestType(names, service, method, "init");
  if (method.parameters.kind === "stream") {
    return annotated("requests", generic(globalSymbol("AsyncIterable"), type), generic(globalSymbol("Iterable"), type));
  }
  const parameter = annotated("params", type);
  return needsNoParameters(method) ? [parameter, " = {}"] : parameter;
}
