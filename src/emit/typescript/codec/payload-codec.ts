/** The codec of one request or response, as an expression. */
import type { Doc } from "../code-writer/document.js";
import { quote } from "../code-writer/literal.js";
import { call, generic, pure } from "../code-writer/shapes.js";
import { fieldsIn } from "../../../ir/names-in.js";
import type { Payload as DescribedPayload } from "../descriptors.js";
import { declaredName, derivedNames, memberName } from "../names.js";
import { runtimeValue } from "../runtime-symbols.js";
import { sensitivePlaces } from "../sensitive.js";
import { typeExpression } from "../type-expression.js";
import { arrow, callWithFunctions } from "./assign.js";
import { checkOf, reachesConstraint } from "./checks.js";
import type { CodecModule } from "./codec-module.js";
import { partName, type Part } from "./part-name.js";
import { plainSlot } from "./payload.js";
import { getFlat, readBody } from "./read-payload.js";
import { putFlat, writeBody } from "./write-payload.js";

export function payloadCodec(module: CodecModule, payload: DescribedPayload): Doc {
  switch (payload.kind) {
    case "nothing":
      return runtimeValue("nothing");
    case "parameters": {
      const { service, method } = payload;
      if (method.parameters.kind === "stream") throw new Error("a stream has no parameters");
      const base = derivedNames.params(declaredName(service), memberName(method));
      const check = reachesConstraint(module, method.parameters.fields) ? [partName("check", base)] : [];
      return pure(call(runtimeValue("payloadCodec"), partName("write", base), partName("read", base), ...check));
    }
    case "value":
      return valueCodec(module, payload);
  }
}

/**
 * Of a declared type its bytes alone: a client that has no other use for its JSON does not carry that. The codec of the type itself
 * where that stands in another module, or hides what is secret.
 *
 * @param width of a struct that is flat.
 */
export function declaredCodec(module: CodecModule, fullName: string, width?: number): Doc {
  const { names } = module;
  const declaration = names.index.declaration(fullName);
  const fields = fieldsIn(declaration);
  const secrets = sensitivePlaces(names.index, { place: declaredName(declaration), fields });
  if (!module.has(fullName) || secrets.length > 0) return names.codec(fullName);
  const part = (name: Part): Doc => module.part(name, fullName);
  const check = reachesConstraint(module, fields) ? [part("check")] : [];
  if (width === undefined) return pure(call(runtimeValue("payloadCodec"), part("write"), part("read"), ...check));
  return pure(call(runtimeValue("flatPayloadCodec"), String(width), part("put"), part("get"), ...check));
}

/** A declared type has functions of its own; of any other, a codec is made of expressions. */
function valueCodec(module: CodecModule, { type }: Extract<DescribedPayload, { kind: "value" }>): Doc {
  const slot = plainSlot(type);
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "message":
    case "union":
    case "struct":
      return declaredCodec(module, payload.name);
    case "flatStruct":
      return declaredCodec(module, payload.name, payload.width);
    default:
  }
  const types = [typeExpression(module.names, type, "decoded"), typeExpression(module.names, type, "init")];
  const width = module.layout.flatWidth(type);
  const place = quote("value");
  const check = checkOf(module, slot);
  if (width !== undefined) {
    return pure(
      callWithFunctions(
        generic(runtimeValue("flatPayloadCodec"), ...types),
        String(width),
        arrow("w, at, v", putFlat(module, slot, "at", "v", place)),
        arrow("r, at", getFlat(module, slot, "at")),
      ),
    );
  }
  return pure(
    callWithFunctions(
      generic(runtimeValue("payloadCodec"), ...types),
      arrow("w, v", writeBody(module, slot, "w", "v", place)),
      arrow("r", readBody(module, slot)),
      ...(check === undefined ? [] : [check]),
    ),
  );
}
