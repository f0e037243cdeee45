/** Prints how the requests, responses and errors of a service appear in JSON, for callers who have no codec of ours. */
import type { Method, Service } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import { call, objectLiteral, property } from "./code-writer/shapes.js";
import { jsonTable, jsonType, type JsonModule } from "./codec/json-table.js";
import { Layout, plainSlot } from "./codec/payload.js";
import { placesOf, requestPayload, responsePayload, type Payload } from "./descriptors.js";
import type { GeneratedFile } from "./generated-file.js";
import { declaredName, derivedNames, memberName, type Names } from "./names.js";
import { runtimeValue } from "./runtime-symbols.js";
import { discreetly } from "./sensitive.js";

/** A `ServiceJson`, as an expression of the module of servers. */
export function serviceJson(file: GeneratedFile, names: Names, service: Service): Doc {
  const module: JsonModule = { names, layout: new Layout(names), json: (fullName) => [names.codec(fullName), ".json"] };
  const codecOf = (payload: Payload, base: string): Doc =>
    discreetly(file, base, placesOf(names, payload), jsonCodec(module, payload));
  const methodEntry = (method: Method): Doc => {
    const base = derivedNames.params(declaredName(service), memberName(method)).replace(/Params$/, "");
    const response = responsePayload(method);
    return objectLiteral(
      property("request", codecOf(requestPayload(service, method), `${base}Request`)),
      ...(response.kind === "nothing" ? [] : [property("response", codecOf(response, `${base}Response`))]),
    );
  };
  const errors = [...new Set(service.methods.flatMap((method) => method.throws))].map((fullName) =>
    property(quote(names.index.declaration(fullName).wireName), names.codec(fullName)),
  );
  return objectLiteral(
    property("methods", objectLiteral(...service.methods.map((method) => property(memberName(method), methodEntry(method))))),
    property("errors", objectLiteral(...errors)),
  );
}

/** A declared type has a codec, which has JSON too; of any other, one is made of its table. */
function jsonCodec(module: JsonModule, payload: Payload): Doc {
  if (payload.kind === "nothing") throw new Error("nothing has no JSON");
  if (payload.kind === "parameters") {
    const { parameters } = payload.method;
    if (parameters.kind === "stream") throw new Error("a stream has no parameters");
    return call(runtimeValue("jsonCodec"), jsonTable(module, "record", parameters.fields));
  }
  const slot = plainSlot(payload.type);
  const layout = module.layout.payload(slot);
  switch (layout.kind) {
    case "message":
    case "union":
    case "struct":
    case "flatStruct":
      return module.names.codec(layout.name);
    default:
      return call(runtimeValue("jsonCodec"), jsonType(module, slot));
  }
}
