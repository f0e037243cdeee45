/** The codec of one request or response, as an expression. */
import type { Doc } from "../code-writer/document.js";
import { quote } from "../code-writer/literal.js";
import { call, generic, pure } from "../code-writer/shapes.js";
import type { Payload as DescribedPayload } from "../descriptors.js";
import { declaredName, derivedNames, memberName } from "../names.js";
import { runtimeValue } from "../runtime-symbols.js";
import { typeExpression } from "../type-expression.js";
import { arrow, callWithFunctions } from "./assign.js";
import { checkOf, reachesConstraint } from "./checks.js";
import { partName, type CodecModule } from "./codec-module.js";
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

/** A declared type has a codec; of any other, one is made of expressions. */
function valueCodec(module: CodecModule, { type }: Extract<DescribedPayload, { kind: "value" }>): Doc {
  const slot = plainSlot(type);
  const payload = module.layout.payload(slot);
  switch (payload.kind) {
    case "message":
    case "union":
    case "struct":
    case "flatStruct":
      return module.names.codec(payload.name);
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
