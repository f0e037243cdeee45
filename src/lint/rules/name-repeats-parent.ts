/** A field does not begin with its message's name. */
import { namingRule } from "../naming.js";
import type { NamedSubject } from "../program.js";

function withoutParent(name: string, subject: NamedSubject): string {
  if (!("owner" in subject)) return name;
  const parent = subject.owner.node.name.text;
  const prefix = parent.charAt(0).toLowerCase() + parent.slice(1);
  const rest = name.slice(prefix.length);
  if (!name.startsWith(prefix) || !/^[A-Z]/.test(rest) || /^(Id|Ids|Key|Name)$/.test(rest)) return name;
  return rest.charAt(0).toLowerCase() + rest.slice(1);
}

export const nameRepeatsParent = namingRule({
  slug: "name-repeats-parent",
  set: "strict",
  kinds: ["field", "structField", "unionMember"],
  better: withoutParent,
  fault: "begins with the name of what holds it",
  why: "`order.orderStatus` says it twice. A field that identifies something, such as `orderId`, may.",
  bad: `package shop;
message Order {
  orderStatus: u32 = 1;
}
`,
  good: `package shop;
message Order {
  status: u32 = 1;
}
`,
});
