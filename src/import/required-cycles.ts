/** Required fields that lead back to their own message: what holds one could never end. */
import type { NamedType, NameTable } from "./name-table.js";
import type { ProtoField, ProtoFile, ProtoMessage } from "./proto-file.js";

/** Whether the message of a required field must hold the message that the field is in, at whatever depth. */
export function leadsBack(field: ProtoField, message: ProtoMessage, file: ProtoFile, names: NameTable): boolean {
  const reached = new Set<NamedType>();
  const follow = (from: ProtoField, scope: ProtoMessage, at: ProtoFile): void => {
    const type = from.presence === "required" ? names.find(from.type, at, scope.path) : undefined;
    if (type !== undefined) reached.add(type);
  };
  follow(field, message, file);
  // A set is walked in order of insertion, so that what is added on the way is visited too.
  for (const { declaration, file: at } of reached) {
    if (declaration === message) return true;
    if (declaration.kind === "message") for (const each of declaration.fields) follow(each, declaration, at);
  }
  return false;
}
