/** What is called a secret is `@sensitive`. */
import { insertBefore } from "../insert.js";
import { rule } from "../rule.js";
import { scalarOf } from "../types.js";
import { endsWith } from "../words.js";

const SECRET = new Set(["password", "passphrase", "secret", "access token", "refresh token", "auth token", "api key", "private key", "credential", "credentials", "cvv", "ssn"]);

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
      if (meaning.sensitive || (scalar !== "string" && scalar !== "bytes") || !endsWith(node.name.text, SECRET)) continue;
      report(node.name.span, `"${node.name.text}" is called a secret, and is not "@sensitive".`, { help: "write `@sensitive` before it", fix: insertBefore(node, "@sensitive ") });
    }
  },
});
