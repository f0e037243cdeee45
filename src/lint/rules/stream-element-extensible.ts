/** The elements of a stream are messages. */
import { rule } from "../rule.js";
import { declaredOf } from "../types.js";

export const streamElementExtensible = rule({
  slug: "stream-element-extensible",
  set: "strict",
  severity: "warning",
  why: "A stream lives long, across releases on both sides; its elements are what will change.",
  bad: `package shop;
service Orders {
  @readonly watch() -> stream string;
}
`,
  good: `package shop;
message Event {
  id: string = 1;
}
service Orders {
  @readonly watch() -> stream Event;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.methods) {
      const { parameters, result } = meaning;
      const elements = [...(parameters.kind === "stream" ? [parameters.element] : []), ...(result?.stream === true ? [result.type] : [])];
      const isFixed = elements.some((type) => !/^(message|union)$/.test(declaredOf(program, type)?.kind ?? ""));
      if (isFixed) report(node.name.span, `The elements of "${meaning.name}" can never gain a field.`, { help: "stream a message" });
    }
  },
});
