/** `[default = …]` of a proto2 field as the argument of `@default`. */
import type { IdlFile } from "./idl-file.js";
import { defaultText } from "./string-escapes.js";
import type { ProtoField, ProtoMessage } from "./proto-file.js";

/** Undefined where there is none, or none that can be said, as of a oneof's field; the latter is reported. */
export function defaultOf(field: ProtoField, message: ProtoMessage, idl: IdlFile): string | undefined {
  const option = field.options.find(({ name }) => name === "default");
  if (option === undefined || field.presence === "repeated") return undefined;
  const text = field.oneof !== undefined ? undefined : literal(option.value, field, message, idl);
  if (text === undefined) idl.collector.report("RPC8009", idl.span(field), { field: field.path, value: String(option.value) });
  else idl.collector.report("RPC8010", idl.span(field), { field: field.path });
  return text;
}

function literal(value: unknown, field: ProtoField, message: ProtoMessage, idl: IdlFile): string | undefined {
  if (field.type === "bytes") return undefined;
  if (field.type === "string") {
    // Where the field stands is known but for a few that are written oddly.
    const text = field.offset === 0 ? String(value) : defaultText(idl.file.source.text, field.offset);
    return text === undefined ? undefined : JSON.stringify(text);
  }
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    const isWhole = field.type !== "double" && field.type !== "float";
    if (!Number.isFinite(field.type === "float" ? Math.fround(value) : value) || (isWhole && !Number.isSafeInteger(value))) return undefined;
    return Object.is(value, -0) && !isWhole ? "-0.0" : String(value).replace("e+", "e");
  }
  const type = idl.names.find(field.type, idl.file, message.path)?.declaration;
  if (type?.kind !== "enum") return undefined;
  const number = type.values.find(({ name }) => name === value)?.number;
  return type.values.find((each) => each.number === number)?.name;
}
