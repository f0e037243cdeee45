/** Names from a list of words to avoid. */
import { renaming } from "../rename.js";
import { rule } from "../rule.js";

export const nameInclusive = rule<{ words: Readonly<Record<string, string>> }>({
  slug: "name-inclusive",
  set: "recommended",
  severity: "warning",
  fixable: true,
  options: { words: { whitelist: "allowlist", blacklist: "denylist", slave: "replica", master: "primary" } },
  why: "Words that hurt some readers have plain replacements. The list is an option.",
  bad: `package shop;
message Filter {
  whitelist: string[] = 1;
}
`,
  good: `package shop;
message Filter {
  allowlist: string[] = 1;
}
`,
  check(program, report, options) {
    for (const subject of program.named) {
      const name = subject.node.name.text;
      const word = Object.keys(options.words).find((each) => name.toLowerCase().includes(each));
      if (word === undefined) continue;
      const to = name.replace(new RegExp(word, "i"), (found) => inStyleOf(found, options.words[word] ?? ""));
      report(subject.node.name.span, `"${name}" has the word "${word}".`, renaming(program, subject, to));
    }
  },
});

function inStyleOf(found: string, word: string): string {
  if (found === found.toUpperCase()) return word.toUpperCase();
  return found.charAt(0) === found.charAt(0).toUpperCase() ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
