/** Services as text of our language; what protobuf says of a method's effects becomes its promise. */
import type { IdlFile } from "./idl-file.js";
import { methodName, Taken } from "./naming.js";
import { annotations } from "./print-messages.js";
import { docLines } from "./print-parts.js";
import type { ProtoMethod, ProtoService } from "./proto-file.js";
import { EMPTY } from "./well-known.js";

export function printService(service: ProtoService, idl: IdlFile): string[] {
  const taken = new Taken();
  return [
    "",
    ...docLines(service.doc),
    `${annotations(service, idl)}service ${idl.names.idlName(idl.file, service.path)} {`,
    ...service.methods.flatMap((method) => printMethod(method, taken, idl)),
    "}",
  ];
}

function printMethod(method: ProtoMethod, taken: Taken, idl: IdlFile): string[] {
  const at = idl.span(method);
  const name = taken.claim(methodName(method.name), method.name);
  const isEmpty = (reference: string) => idl.names.find(reference, idl.file, "")?.fullName === EMPTY;
  const parameters = method.requestStream
    ? `stream ${idl.type(method.request, "", at)}`
    : isEmpty(method.request)
      ? ""
      : `request: ${idl.type(method.request, "", at)}`;
  const result = method.responseStream
    ? ` -> stream ${idl.type(method.response, "", at)}`
    : isEmpty(method.response)
      ? ""
      : ` -> ${idl.type(method.response, "", at)}`;
  const wireName = name === method.name ? "" : `@wireName(${JSON.stringify(method.name)}) `;
  const head = `${annotations(method, idl, new Set(["idempotency_level"]))}@${promiseOf(method)} ${wireName}`;
  return [...docLines(method.doc), `${head}${name}(${parameters})${result};`];
}

/** What is said plainly comes first; a GET of HTTP has no effect by its definition. */
function promiseOf({ options }: ProtoMethod): "readonly" | "idempotent" | "atMostOnce" {
  const level = options.find(({ name }) => name === "idempotency_level")?.value;
  if (level === "NO_SIDE_EFFECTS") return "readonly";
  if (level === "IDEMPOTENT") return "idempotent";
  const http = options.find(({ name }) => name === "(google.api.http)")?.value;
  return typeof http === "object" && http !== null && "get" in http ? "readonly" : "atMostOnce";
}
