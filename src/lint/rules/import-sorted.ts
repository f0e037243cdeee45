/** Imports stand in the order of their paths. */
import { rule } from "../rule.js";

export const importSorted = rule({
  slug: "import-sorted",
  set: "strict",
  severity: "warning",
  fixable: true,
  why: "Two people who add an import then add it at one place.",
  bad: `// a.idl:
package shop;
alias A = u32;
// b.idl:
package shop;
alias B = u32;
// main.idl:
package shop;
import "./b.idl";
import "./a.idl";
message M { a: A = 1; b: B = 2; }
`,
  good: `// a.idl:
package shop;
alias A = u32;
// b.idl:
package shop;
alias B = u32;
// main.idl:
package shop;
import "./a.idl";
import "./b.idl";
message M { a: A = 1; b: B = 2; }
`,
  check(program, report) {
    for (const { source, node } of program.files) {
      const sorted = [...node.imports].sort((a, b) => compare(a.path.value, b.path.value));
      const wrong = node.imports.findIndex((written, at) => written !== sorted[at]);
      const first = node.imports[wrong];
      if (first === undefined) continue;
      // Comments among them, and behind the last, would have to move along.
      const [start, end] = [node.imports[0]?.span.start ?? 0, node.imports.at(-1)?.span.end ?? 0];
      const lastLine = source.position(end).line;
      const hasComments = node.comments.some(({ span }) => span.start > start && source.position(span.start).line <= lastLine);
      const fix = node.imports.map((written, at) => ({ span: written.span, text: source.text.slice(sorted[at]?.span.start, sorted[at]?.span.end) }));
      report(first.path.span, `"${first.path.value}" is not in the order of the paths.`, { help: `first comes \`${sorted[wrong]?.path.value}\``, ...(!hasComments && { fix }) });
    }
  },
});

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
