/** Names from a list of words to avoid. */
import { renaming } from "../rename.js";
import { rule } from "../rule.js";
import { wordsOf } from "../words.js";

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
      const found = findWord(name, Object.keys(options.words));
      if (found === undefined) continue;
      const { word, text, plural } = found;
      const better = options.words[word] ?? "";
      const to = name.replace(text, inStyleOf(text, plural ? pluralOf(better) : better));
      report(subject.node.name.span, `"${name}" has the word "${word}".`, renaming(program, subject, to));
    }
  },
});

/** Whole words only, for a mastercard is no primarycard; but `whiteList` too. */
function findWord(name: string, words: readonly string[]) {
  const parts = wordsOf(name);
  for (let start = 0; start < parts.length; start++) {
    for (let end = start + 1; end <= parts.length; end++) {
      const text = [parts.slice(start, end).join(""), parts.slice(start, end).join("_")].find((each) => name.includes(each));
      const plain = parts.slice(start, end).join("").toLowerCase();
      const word = words.find((each) => plain === each.toLowerCase() || plain === `${each.toLowerCase()}s`);
      if (word !== undefined && text !== undefined) return { word, text, plural: plain.length > word.length };
    }
  }
  return undefined;
}

function pluralOf(word: string): string {
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

function inStyleOf(found: string, word: string): string {
  if (found === found.toUpperCase()) return word.toUpperCase();
  return found.charAt(0) === found.charAt(0).toUpperCase() ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
