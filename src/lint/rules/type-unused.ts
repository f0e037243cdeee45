/** A declaration that neither a service nor a constant nor an annotation reaches. */
import { namesIn, namesUsedBy } from "../../ir/names-in.js";
import { rule } from "../rule.js";
import { declarationsOfKind } from "../types.js";

export const typeUnused = rule({
  slug: "type-unused",
  set: "recommended",
  severity: "info",
  why: "Generated code, documentation and review all carry it along. A file without services is a library, and is left alone together with what it imports.",
  bad: `package shop;
message Order {
  id: string = 1;
}
message Leftover {
  id: string = 1;
}
service Orders {
  @readonly get() -> Order;
}
`,
  good: `package shop;
message Order {
  id: string = 1;
}
service Orders {
  @readonly get() -> Order;
}
`,
  check(program, report) {
    const reached = new Set<string>();
    const open = declarationsOfKind(program, "service", "const", "annotation").map(({ meaning }) => meaning);
    const hasService = new Set(declarationsOfKind(program, "service").map(({ file }) => file));
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next.fullName)) continue;
      reached.add(next.fullName);
      for (const name of next.kind === "annotation" ? next.parameters.flatMap(({ type }) => namesIn(type)) : namesUsedBy(next)) open.push(program.index.declaration(name));
    }
    for (const { node, meaning, file } of declarationsOfKind(program, "message", "struct", "union", "enum", "error", "alias")) {
      if (!hasService.has(file) || reached.has(meaning.fullName)) continue;
      report(node.name.span, `No service reaches "${meaning.name}".`, { help: "take it out, or move it to the file that needs it" });
    }
  },
});
