/** Not too many attempts. */
import { rule } from "../rule.js";

export const retryAttempts = rule<{ max: number }>({
  slug: "retry-attempts",
  set: "recommended",
  severity: "warning",
  options: { max: 5 },
  why: "Each attempt is load on a server that has just failed, and layers multiply: three services with five attempts each make 125.",
  bad: `package shop;
service Orders {
  @readonly @retry(attempts: 10) get() -> u32;
}
`,
  good: `package shop;
service Orders {
  @readonly @retry(attempts: 3) get() -> u32;
}
`,
  check(program, report, options) {
    for (const { node, meaning } of program.methods) {
      if ((meaning.attempts ?? 0) > options.max) report(node.name.span, `"${meaning.name}" is tried up to ${meaning.attempts} times.`, { help: `${options.max} attempts are enough where a retry helps at all` });
    }
  },
});
