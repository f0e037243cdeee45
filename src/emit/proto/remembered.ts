/** What annotations remember of a schema that came from protobuf. People write them too, so they may say what cannot be. */
import type { CustomAnnotation, Scalar } from "../../ir/schema.js";
import { REMEMBERING } from "../../text/protobuf-names.js";
import { scalars } from "../../text/protobuf-scalars.js";

/** What can be the name of anything in protobuf. */
export const NAME = /^[A-Za-z_]\w*$/;

export function remembered(annotations: readonly CustomAnnotation[], what: "name" | "type" | "key"): string | undefined {
  const value = annotations.find(({ name }) => name === `${REMEMBERING}.${what}`)?.arguments[what];
  return value?.kind === "string" && value.value !== "" ? value.value : undefined;
}

/** What protobuf has for a scalar and remembers of it: one of its own scalars, or a message around one. */
export function rememberedScalar(annotations: readonly CustomAnnotation[], what: "type" | "key", scalar: Scalar): string | undefined {
  const type = remembered(annotations, what);
  const wrapped = /^google\.protobuf\.(\w+)Value$/.exec(type ?? "")?.[1]?.toLowerCase();
  return type !== undefined && scalars[(what === "type" ? wrapped : undefined) ?? type] === scalar ? type : undefined;
}
