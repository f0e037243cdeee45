/** What a method's calls look like in TypeScript, seen from the caller and from the handler. */
import type { Method, Service } from "../../ir/schema.js";
import type { Doc } from "./code-writer/document.js";
import { mayBeLeftOut } from "./input-forms.js";
import type { Names } from "./names.js";
import { typeExpression, type Form } from "./type-expression.js";

/** As the runtime calls them, in descriptors and as the methods of `Caller`. */
export type MethodKind = "unary" | "serverStream" | "clientStream" | "duplex";

export function methodKind(method: Method): MethodKind {
  if (method.parameters.kind === "stream") return method.result?.stream === true ? "duplex" : "clientStream";
  return method.result?.stream === true ? "serverStream" : "unary";
}

/** The parameters, or one element of the request stream. */
export function requestType(names: Names, service: Service, method: Method, form: Form): Doc {
  if (method.parameters.kind === "stream") return typeExpression(names, method.parameters.element, form);
  return form === "init" ? names.paramsInit(service, method) : names.params(service, method);
}

/** The result, or one element of the response stream. */
export function responseType(names: Names, method: Method, form: Form): Doc {
  return method.result === undefined ? "void" : typeExpression(names, method.result.type, form);
}

/** Whether a caller may leave out the parameters as a whole. */
export function needsNoParameters(method: Method): boolean {
  return method.parameters.kind === "fields" && method.parameters.fields.every(mayBeLeftOut);
}
