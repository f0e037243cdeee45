/** Prints what tells the runtime about services: the descriptors of their methods, and of the services themselves. */
import type { Method, Service, TypeRef } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { quote } from "./code-writer/literal.js";
import {
  annotated,
  arrayLiteral,
  assignment,
  block,
  generic,
  objectLiteral,
  property,
  propertyOfWhole,
} from "./code-writer/shapes.js";
import type { GeneratedFile } from "./generated-file.js";
import { methodKind, requestType, responseType } from "./method-shape.js";
import { declaredName, derivedNames, memberName, type Names } from "./names.js";
import { runtimeType } from "./runtime-symbols.js";
import { discreetly, sensitivePlaces } from "./sensitive.js";

/** One request or response. */
export type Payload =
  | { readonly kind: "parameters"; readonly service: Service; readonly method: Method }
  /** A result, or an element of a stream. */
  | { readonly kind: "value"; readonly type: TypeRef }
  /** The answer of a method without a result: no bytes. */
  | { readonly kind: "nothing" };

/** The expressions that the codec module has for what descriptors refer to. */
export interface DescriptorParts {
  /** A `PayloadCodec`. */
  readonly payloadCodec: (payload: Payload) => Doc;
  /** An `ErrorDescriptor`, by the full name of the error. */
  readonly errorDescriptor: (fullName: string) => Doc;
  /** The fingerprint of the service, in hexadecimal. */
  readonly fingerprint: (service: Service) => string;
}

/** Into the module of codecs, below them. */
export function printDescriptors(file: GeneratedFile, names: Names, service: Service, parts: DescriptorParts): void {
  const base = declaredName(service);
  const methods = derivedNames.methods(base);
  const descriptor = derivedNames.descriptor(base);
  file.reserve(methods, descriptor);
  const types = service.methods.map((method) => [
    `readonly ${memberName(method)}: `,
    descriptorType(names, service, method),
    ";",
  ]);
  const entries = service.methods.map((method) =>
    property(memberName(method), methodDescriptor(file, names, service, method, parts)),
  );
  file.section([assignment(block(`export const ${methods}:`, ...types), objectLiteral(...entries)), ";"]);
  const value = objectLiteral(
    propertyOfWhole("name", quote(service.wireName)),
    propertyOfWhole("fingerprint", quote(parts.fingerprint(service))),
    property("methods", methods),
  );
  file.section([assignment(annotated(`export const ${descriptor}`, runtimeType("ServiceDescriptor")), value), ";"]);
}

export function requestPayload(service: Service, method: Method): Payload {
  const { parameters } = method;
  return parameters.kind === "stream" ? { kind: "value", type: parameters.element } : { kind: "parameters", service, method };
}

export function responsePayload({ result }: Method): Payload {
  return result === undefined ? { kind: "nothing" } : { kind: "value", type: result.type };
}

/** Of what has no codec of its own, which would be discreet by itself. */
export function placesOf(names: Names, payload: Payload): readonly string[] {
  if (payload.kind === "nothing") return [];
  if (payload.kind === "value") {
    const { kind } = names.index.concrete(payload.type);
    return kind === "declared" ? [] : sensitivePlaces(names.index, payload.type);
  }
  const { service, method } = payload;
  const fields = method.parameters.kind === "stream" ? [] : method.parameters.fields;
  return sensitivePlaces(names.index, { place: `${declaredName(service)}.${memberName(method)}`, fields });
}

/** Seen from the caller: it writes the input form and reads the decoded one. */
function descriptorType(names: Names, service: Service, method: Method): Doc {
  const request = requestType(names, service, method, "init");
  return generic(runtimeType("MethodDescriptor"), request, responseType(names, method, "decoded"));
}

function methodDescriptor(
  file: GeneratedFile,
  names: Names,
  service: Service,
  method: Method,
  parts: DescriptorParts,
): Doc {
  const { retainMs, deadlineMs, attempts, hedge } = method;
  const codecOf = (payload: Payload, role: string): Doc => {
    const base = derivedNames.params(declaredName(service), memberName(method)).replace(/Params$/, role);
    return discreetly(file, base, placesOf(names, payload), parts.payloadCodec(payload));
  };
  return objectLiteral(
    propertyOfWhole("name", quote(memberName(method))),
    propertyOfWhole("path", quote(method.path)),
    `kind: ${quote(methodKind(method))}`,
    `semantics: ${quote(method.semantics)}`,
    ...(retainMs === undefined ? [] : [`retainMs: ${retainMs}`]),
    ...(deadlineMs === undefined ? [] : [`deadlineMs: ${deadlineMs}`]),
    ...(attempts === undefined ? [] : [`attempts: ${attempts}`]),
    ...(hedge ? ["hedge: true"] : []),
    property("request", codecOf(requestPayload(service, method), "Request")),
    property("response", codecOf(responsePayload(method), "Response")),
    ["errors: ", arrayLiteral(...method.throws.map(parts.errorDescriptor))],
  );
}
