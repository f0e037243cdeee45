/** What is called a uuid is one. */
import { rule } from "../rule.js";
import { scalarOf } from "../types.js";
import { endsWith } from "../words.js";

const UUID = new Set(["uuid", "guid"]);

export const uuidType = rule({
  slug: "uuid-type",
  set: "recommended",
  severity: "warning",
  why: "A `uuid` takes 16 bytes instead of 36 or more, and is checked when it is read.",
  bad: `package shop;
message Order {
  orderUuid: string = 1;
}
`,
  good: `package shop;
message Order {
  orderUuid: uuid = 1;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.fields) {
      const scalar = scalarOf(program, meaning.type);
      if ((scalar !== "string" && scalar !== "bytes") || !endsWith(node.name.text, UUID)) continue;
      report(node.type.span, `"${node.name.text}" is called a uuid, and is of the type ${scalar}.`, { help: "make it a `uuid`, under a number of its own" });
    }
  },
});
