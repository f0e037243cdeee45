/** Two messages of a package with the same fields. */
import { fieldsIn } from "../../ir/names-in.js";
import type { DeclarationSubject } from "../program.js";
import { rule } from "../rule.js";
import { declarationsOfKind, isCalledRequest } from "../types.js";

export const typeDuplicateShape = rule({
  slug: "type-duplicate-shape",
  set: "strict",
  severity: "info",
  why: "Two names for one thing need code that copies one to the other.",
  bad: `package shop;
message Address {
  street: string = 1;
  city: string = 2;
}
message Location {
  street: string = 1;
  city: string = 2;
}
`,
  good: `package shop;
message Address {
  street: string = 1;
  city: string = 2;
}
`,
  check(program, report) {
    const first = new Map<string, DeclarationSubject>();
    for (const subject of declarationsOfKind(program, "message", "struct")) {
      const fields = fieldsIn(subject.meaning);
      // What one method takes or answers is its own.
      if (fields.length < 2 || isCalledRequest(subject.meaning.name) || /(Response|Reply|Result|Answer)$/.test(subject.meaning.name)) continue;
      const shape = JSON.stringify([subject.file.schema.package, subject.kind, fields.map(({ name, number, type, optional }) => [name, number, type, optional])]);
      const other = first.get(shape);
      if (other === undefined) first.set(shape, subject);
      else report(subject.node.name.span, `"${subject.meaning.name}" has the fields of "${other.meaning.name}".`, { help: "use one of them", related: [{ message: "the same fields", span: other.node.name.span }] });
    }
  },
});
