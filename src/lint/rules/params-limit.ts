/** A method has not too many parameters. */
import { rule } from "../rule.js";

export const paramsLimit = rule<{ max: number }>({
  slug: "params-limit",
  set: "recommended",
  severity: "warning",
  options: { max: 7 },
  why: "From some number on they belong together, and a message can be passed on and reused.",
  bad: `package shop;
service Orders {
  @readonly find(a: u8, b: u8, c: u8) -> u32;
}
`,
  good: `package shop;
message Query {
  a: u8 = 1;
  b: u8 = 2;
  c: u8 = 3;
}
service Orders {
  @readonly find(query: Query) -> u32;
}
`,
  exampleOptions: { max: 2 },
  check(program, report, options) {
    for (const method of program.methods) {
      const { length } = program.fieldsOf(method);
      if (length > options.max) report(method.node.name.span, `"${method.meaning.name}" has ${length} parameters.`, { help: "put those that belong together in a message" });
    }
  },
});
