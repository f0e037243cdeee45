/** A request message belongs to one method. */
import type { MethodSubject } from "../program.js";
import { rule } from "../rule.js";
import { declaredOf, isCalledRequest } from "../types.js";

export const requestTypeUnique = rule({
  slug: "request-type-unique",
  set: "strict",
  severity: "warning",
  why: "What one method needs tomorrow would appear in the request of the other.",
  bad: `package shop;
message Request {
  id: string = 1;
}
service Orders {
  @readonly get(request: Request) -> u32;
  @idempotent cancel(request: Request);
}
`,
  good: `package shop;
service Orders {
  @readonly get(id: string) -> u32;
  @idempotent cancel(id: string);
}
`,
  check(program, report) {
    const first = new Map<string, MethodSubject>();
    for (const method of program.methods) {
      const { parameters } = method.meaning;
      const [only] = parameters.kind === "fields" && parameters.fields.length === 1 ? parameters.fields : [];
      const request = only === undefined ? undefined : declaredOf(program, only.type);
      if (request?.kind !== "message" || !isCalledRequest(request.name)) continue;
      const other = first.get(request.fullName);
      if (other === undefined) first.set(request.fullName, method);
      else report(method.node.name.span, `"${method.meaning.name}" takes "${request.name}", as "${other.meaning.name}" does.`, { help: "give each its own, or its parameters directly", related: [{ message: "the other one", span: other.node.name.span }] });
    }
  },
});
