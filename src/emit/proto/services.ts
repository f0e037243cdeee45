/** Services as text of protobuf. The path of a call stays what it is. */
import type { Method, Service, TypeRef } from "../../ir/schema.js";
import { pascalCase } from "../../text/protobuf-names.js";
import { commentLines, fieldLines, indent } from "./declarations.js";
import type { ProtoFile } from "./proto-file.js";

export function printService(service: Service, proto: ProtoFile): string[] {
  const deprecated = service.deprecated === undefined ? [] : ["  option deprecated = true;"];
  return ["", ...commentLines(service.doc), `service ${service.name} {`, ...deprecated, ...service.methods.flatMap((method) => indent(methodLines(method, service, proto))), "}"];
}

function methodLines(method: Method, service: Service, proto: ProtoFile): string[] {
  const base = `${service.name}${pascalCase(method.name)}`;
  const request = requestOf(method, base, proto);
  const { result } = method;
  const response = result === undefined ? proto.wellKnown("Empty") : `${result.stream ? "stream " : ""}${messageOf(result.type, `${base}Response`, proto)}`;
  const name = method.wireName;
  const options = [
    ...(method.semantics === "readonly" ? ["  option idempotency_level = NO_SIDE_EFFECTS;"] : []),
    ...(method.semantics === "idempotent" ? ["  option idempotency_level = IDEMPOTENT;"] : []),
    ...(method.deprecated === undefined ? [] : ["  option deprecated = true;"]),
  ];
  if (method.semantics === "exactlyOnce" || method.semantics === "failStop") proto.leave(`"@${method.semantics}"`, method.span);
  if (method.deadlineMs !== undefined) proto.leave('"@deadline"', method.span);
  if (method.attempts !== undefined || method.hedge) proto.leave('"@retry" or "@hedge"', method.span);
  if (method.throws.length > 0) proto.leave("which errors a method throws", method.span);
  const head = `rpc ${name}(${request}) returns (${response})`;
  return [...commentLines(method.doc), ...(options.length === 0 ? [`${head};`] : [`${head} {`, ...options, "}"])];
}

/** One parameter `request` of a message type is the request; other parameters are the fields of a message of their own. */
function requestOf({ parameters }: Method, base: string, proto: ProtoFile): string {
  if (parameters.kind === "stream") return `stream ${messageOf(parameters.element, `${base}Request`, proto)}`;
  const [only, ...others] = parameters.fields;
  if (only === undefined) return proto.wellKnown("Empty");
  if (others.length === 0 && only.name === "request" && only.number === 1 && !only.optional && isMessage(only.type, proto)) {
    return messageOf(only.type, "", proto);
  }
  const name = proto.claimRequest(`${base}Request`);
  return proto.make(name, fieldLines(parameters.fields, name, proto));
}

function isMessage(type: TypeRef, proto: ProtoFile): boolean {
  const concrete = proto.input.index.concrete(type);
  if (concrete.kind === "declared") return concrete.declaration.kind !== "enum";
  return concrete.kind === "scalar" && (concrete.scalar === "timestamp" || concrete.scalar === "duration");
}

function messageOf(type: TypeRef, wish: string, proto: ProtoFile): string {
  if (!isMessage(type, proto)) return proto.wrap(wish, "value", type);
  const concrete = proto.input.index.concrete(type);
  if (concrete.kind === "declared") return proto.reference(concrete.declaration);
  return proto.wellKnown(concrete.kind === "scalar" && concrete.scalar === "timestamp" ? "Timestamp" : "Duration");
}
