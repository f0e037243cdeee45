/** A number that is left out is reserved. */
import { fieldsIn } from "../../ir/names-in.js";
import { rule } from "../rule.js";
import { declarationsOfKind } from "../types.js";

export const numberGap = rule({
  slug: "number-gap",
  set: "strict",
  severity: "warning",
  fixable: true,
  why: "A hole says that a field was here once, and then old data may still have it. `reserved` says so to whoever looks for a free number.",
  bad: `package shop;
message Order {
  id: string = 1;
  note: string = 3;
}
`,
  good: `package shop;
message Order {
  id: string = 1;
  note: string = 3;
  reserved 2;
}
`,
  check(program, report) {
    for (const { node, meaning, file } of declarationsOfKind(program, "message", "union", "error")) {
      if (!("reserved" in meaning) || meaning.kind === "enum") continue;
      const gaps = gapsIn(fieldsIn(meaning).map(({ number }) => number), meaning.reserved.ranges);
      if (gaps.length === 0) continue;
      const [one, it] = gaps.length === 1 && gaps[0]?.from === gaps[0]?.to ? ["a number", "it"] : ["numbers", "them"];
      const reservation = `reserved ${gaps.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(", ")};`;
      const end = node.span.end - 1;
      const before = file.source.text.slice(0, end);
      const lineStart = before.lastIndexOf("\n") + 1;
      // Before the closing brace: on a line of its own where that stands on one.
      const isAlone = before.slice(lineStart).trim() === "";
      const place = isAlone ? lineStart : end;
      const fix = [{ span: { file: node.span.file, start: place, end: place }, text: isAlone ? `  ${before.slice(lineStart)}${reservation}\n` : `${reservation} ` }];
      report(node.name.span, `"${meaning.name}" leaves out ${one} without reserving ${it}.`, { help: `write \`${reservation}\``, fix });
    }
  },
});

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The numbers below the highest that are neither used nor reserved, of which none is both. */
function gapsIn(numbers: readonly number[], reserved: readonly Range[]): Range[] {
  const taken = [...numbers.map((number) => ({ from: number, to: number })), ...reserved].sort((a, b) => a.from - b.from);
  const gaps: Range[] = [];
  let next = 1;
  for (const { from, to } of taken) {
    if (from > next) gaps.push({ from: next, to: from - 1 });
    next = to + 1;
  }
  return gaps;
}
