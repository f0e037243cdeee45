/** Which regular expressions `@pattern` takes: those known to be harmless, and none of those known to be slow. */
import { describe, expect, it } from "vitest";
import { PatternChecker } from "../../src/checker/check-pattern.js";
import { Collector } from "../../src/diagnostics/collector.js";

function codesOf(pattern: string): string[] {
  const found = new Collector();
  const accepted = new PatternChecker(found).check(pattern, { file: "a.idl", start: 0, end: 0 });
  const codes = found.sorted().map((each) => each.code);
  expect(accepted).toBe(codes.length === 0);
  return codes;
}

const exponential = [
  "(a+)+",
  "(a+)+$",
  "^(a+)+$",
  "([a-zA-Z]+)*$",
  "(a|aa)+$",
  "(a|a?)+$",
  "(a*)*",
  "(a|b*)*",
  "(.*)*",
  "(\\w+\\s?)*$",
  "^(\\w+\\s*)+$",
  "(a|ab|b)*c",
  "^(([a-z])+.)+[A-Z]([a-z])+$",
  "(x+x+)+y",
  "((a?|b?)c)*",
  "(?:a|a)*",
  '([^"]|\\w)*',
  "(ab|a(b))*",
  "(?:\\p{L}|\\w)+",
  "(\\d{1,200}){1,200}",
  "(a{1,20}){1,20}",
  "(a?){25}a{25}",
  `${"a?".repeat(20)}${"a".repeat(20)}`,
  "(?:(?:a+)b?)+",
  "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
];

const polynomial = [
  "a*a*",
  "\\d+\\d+x",
  ".*.*",
  "\\s*\\s+x",
  "^\\w+\\d*$",
  ".*,.*,.*,x",
  "(.*a){12}",
  "^[^,]*\\w+$",
  "a+(?:b|a)+",
];

/** Of which a match begins anew at each place of a long run, and goes to its end. */
const restarting = [
  "a+b",
  "a+$",
  "\\s+$",
  "[a-z]+@x",
  "[^@]+@[^@]+",
  "x[a-z]+y",
  "[a-z]{3,}x",
  "(ab)*c",
  "^x|a+b",
  "(?:^|,)a+b|a+b",
  "a+\\b",
];

/** The same, where a match may end in the run, or can begin in few places of it. */
const found = ["a+", "x[a-z]+", "[0-9]+(?:\\.[0-9]+)?", "foo.", "a{1,500}b", "^a+b|^c+d", "^(?:a+b|c)$", "(^a+b)+", "\\b\\w+@", "-[a-z]+:", "(foo|bar)+"];

const harmless = [
  "",
  "^$",
  "^a+$",
  "^[A-Z]{3}$",
  "^\\d{4}-\\d{2}-\\d{2}$",
  "^\\d+(\\.\\d+)?$",
  "^\\+?[1-9]\\d{1,14}$",
  "^\\s*\\S+$",
  "(foo|bar)*",
  "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
  "^(\\w+\\s)*\\w+$",
  "^[a-z]{3,20}[a-z0-9]{0,20}$",
  "^\\p{Lu}\\p{Ll}+$",
  "^.*foo.*$",
  "^a{2,}?b$",
  "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
  "^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\\.[a-zA-Z]{2,}$",
  "^https?://[^\\s/]+(/\\S*)?$",
  "^(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}$",
  "^#(?:[0-9a-f]{3}){1,2}$",
  "^([0-9a-f]{2}){16}$",
  "^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
  "^[a-z]{1,63}(\\.[a-z]{1,63}){1,10}$",
  "^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?$",
  "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
  "^[\\u{1F600}-\\u{1F64F}]+x$",
  "(?<year>\\d{4})",
];

describe("@pattern", () => {
  it.each(exponential)("refuses %s, which takes exponential time", (pattern) =>
    expect(codesOf(pattern)).toEqual(["RPC2112"]),
  );
  it.each(polynomial)("refuses %s, which takes polynomial time", (pattern) =>
    expect(codesOf(pattern)).toEqual(["RPC2112"]),
  );
  it.each(restarting)("refuses %s, which looks at a run from each place in it", (pattern) =>
    expect(codesOf(pattern)).toEqual(["RPC2112"]),
  );
  it.each([...found, ...restarting.map((pattern) => `^(?:${pattern})`)])("takes %s, which looks at a run once", (pattern) => expect(codesOf(pattern)).toEqual([]));
  it.each(harmless)("takes %s", (pattern) => expect(codesOf(pattern)).toEqual([]));

  it.each(["(a)\\1", "(?<x>a)\\k<x>", "a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b"])(
    "refuses %s: no backreferences, no lookaround",
    (pattern) => {
      expect(codesOf(pattern)).toEqual(["RPC2113"]);
    },
  );

  it.each(["[a-z", "(", "a**", "\\q", "{", "a{2,1}"])("refuses %s, which is no expression", (pattern) => {
    expect(codesOf(pattern)).toEqual(["RPC2111"]);
  });

  it("refuses what is too long or too deep to look at", () => {
    expect(codesOf("a".repeat(1001))).toEqual(["RPC2111"]);
    expect(codesOf(`${"(".repeat(200)}a${")".repeat(200)}`)).toEqual(["RPC2113"]);
  });

  it("answers on patterns made to be hard to check", () => {
    for (const hard of ["(?:a|b|c|d|e|f)*".repeat(60), "[^a]+b".repeat(150), `(?:${"(?:ab?)|".repeat(100)}c)*`]) {
      expect(codesOf(hard)).toEqual(["RPC2112"]);
    }
  });
});
