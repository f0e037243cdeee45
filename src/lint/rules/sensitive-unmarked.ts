/** What is called a secret is `@sensitive`. */
import { insertBefore } from "../insert.js";
import { rule } from "../rule.js";
import { scalarOf } from "../types.js";

const SECRET = /(^|[a-z])([Pp]assword|[Pp]assphrase|[Ss]ecret|[Aa]ccessToken|[Rr]efreshToken|[Aa]uthToken|[Aa]piKey|[Pp]rivateKey|[Cc]redentials?|[Cc]vv|[Ss]sn)$/;

export const sensitiveUnmarked = rule({
  slug: "sensitive-unmarked",
  set: "recommended",
  severity: "warning",
  fixable: true,
  why: "A value that is not marked reaches logs and error messages.",
  bad: `package shop;
message Login {
  password: string = 1;
}
`,
  good: `package shop;
message Login {
  @sensitive password: string = 1;
}
`,
  check(program, report) {
    for (const { node, meaning } of program.fields) {
      const scalar = scalarOf(program, meaning.type);
      if (meaning.sensitive || (scalar !== "string" && scalar !== "bytes") || !SECRET.test(node.name.text)) continue;
      report(node.name.span, `"${node.name.text}" is called a secret, and is not "@sensitive".`, { help: "write `@sensitive` before it", fix: insertBefore(node, "@sensitive ") });
    }
  },
});
