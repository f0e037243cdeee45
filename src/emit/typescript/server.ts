/** Prints the module of servers: the interface of the handlers, and the function that binds them to their service. */
import type { Method, SchemaFile, Service } from "../../ir/schema.js";
import { group, ifBroken, indent, softline, type Doc } from "./code-writer/document.js";
import { annotated, block, generic, objectLiteral, property, signature } from "./code-writer/shapes.js";
import { quote } from "./code-writer/literal.js";
import { docComment } from "./doc-comment.js";
import type { GeneratedFile } from "./generated-file.js";
import { requestType, responseType } from "./method-shape.js";
import { declaredName, derivedNames, memberName, type Names } from "./names.js";
import { runtimeType } from "./runtime-symbols.js";
import { serviceJson } from "./service-json.js";
import { globalSymbol } from "./symbol.js";

export function printServers(file: GeneratedFile, names: Names, source: SchemaFile): void {
  // No name of a schema has a `$`.
  const tx = source.declarations.some((declaration) => declaredName(declaration) === "Tx") ? "Tx$" : "Tx";
  file.reserve("handlers", tx);
  const nameOfTx = file.question((_: undefined) => tx);
  for (const declaration of source.declarations) {
    if (declaration.kind !== "service") continue;
    file.unit(declaration.fullName, [declaration.fullName], () => {
      const tx = nameOfTx(undefined);
      printHandlers(file, names, declaration, tx);
      printBinding(file, names, declaration, tx);
    });
  }
}

function printHandlers(file: GeneratedFile, names: Names, service: Service, tx: string): void {
  const name = derivedNames.handlers(declaredName(service));
  file.reserve(name);
  const parameter = hasTransactions(service) ? typeParameter(`${tx} = unknown`) : "";
  const methods = service.methods.flatMap((method) => [
    ...docComment(method),
    [handlerSignature(names, service, method, tx), ";"],
  ]);
  file.section(...docComment(service), block([`export interface ${name}`, parameter], ...methods));
}

/** Whether the handlers of the service are given a transaction, so that they have its type as a parameter. */
function hasTransactions(service: Service): boolean {
  return service.methods.some(({ semantics }) => semantics === "exactlyOnce");
}

function typeParameter(declared: string): Doc {
  return group("<", indent(softline, declared), ifBroken(","), softline, ">");
}

/** A handler may answer with what a caller may write, at once or later. */
function handlerSignature(names: Names, service: Service, method: Method, tx: string): Doc {
  const request = requestType(names, service, method, "decoded");
  const input =
    method.parameters.kind === "stream"
      ? annotated("requests", generic(globalSymbol("AsyncIterable"), request))
      : annotated("params", request);
  const response = responseType(names, method, "init");
  const result =
    method.result?.stream === true
      ? [generic(globalSymbol("AsyncIterable"), response)]
      : [response, generic(globalSymbol("Promise"), response)];
  const name = memberName(method);
  // In an interface, a bare `new(…)` is the signature of a constructor.
  return signature(name === "new" ? quote(name) : name, [input, annotated("ctx", contextType(method, tx))], result);
}

/** What the promise lets the handler do. */
function contextType(method: Method, tx: string): Doc {
  if (method.semantics === "readonly") return runtimeType("ReadonlyContext");
  if (method.semantics === "exactlyOnce") return generic(runtimeType("ExactlyOnceContext"), tx);
  return runtimeType("Context");
}

function printBinding(file: GeneratedFile, names: Names, service: Service, tx: string): void {
  const base = declaredName(service);
  const name = derivedNames.binding(base);
  file.reserve(name);
  const [parameter, type] = hasTransactions(service)
    ? [typeParameter(tx), generic(derivedNames.handlers(base), tx)]
    : ["", derivedNames.handlers(base)];
  const handlers = annotated("handlers", type);
  const json = serviceJson(file, names, service);
  file.section(
    `/** Binds handlers to ${base}, to be given to \`serve\`. */`,
    block(signature([`export function ${name}`, parameter], [handlers], [runtimeType("ServiceBinding")]), [
      "return ",
      objectLiteral(property("descriptor", names.descriptor(service)), "handlers", ["json: () => (", json, ")"]),
      ";",
    ]),
  );
}
