/** Members of enums do not repeat the enum's name. */
import { namingRule } from "../naming.js";
import type { NamedSubject } from "../program.js";
import { upperSnakeCase } from "../words.js";

function withoutPrefix(name: string, subject: NamedSubject): string {
  if (subject.kind !== "enumMember") return name;
  const prefix = `${upperSnakeCase(subject.owner.node.name.text)}_`;
  const rest = name.slice(prefix.length);
  return name.startsWith(prefix) && /^[A-Za-z_]/.test(rest) ? rest : name;
}

export const enumMemberNoPrefix = namingRule({
  slug: "enum-member-no-prefix",
  kinds: ["enumMember"],
  better: withoutPrefix,
  fault: "repeats the name of its enum",
  why: "Members are always written behind their enum, as `Status.OPEN`; the prefix that C and Protobuf need says it twice.",
  bad: `package shop;
enum Status {
  STATUS_UNKNOWN = 0;
  STATUS_OPEN = 1;
}
`,
  good: `package shop;
enum Status {
  UNKNOWN = 0;
  OPEN = 1;
}
`,
});
