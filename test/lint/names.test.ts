/** What rules read out of names: what they find, and what only looks like it. */
import { expect, test } from "vitest";
import { lint } from "../../src/lint.js";
import { lintRules } from "../../src/lint/rules.js";
import { wordsOf } from "../../src/lint/words.js";

function found(slug: string, members: readonly string[], around = (text: string) => `message M { ${text} }`): string[] {
  const text = `package a;\n${around(members.join(" "))}\n`;
  const { diagnostics, isChecked } = lint({ sources: { "a.idl": text }, config: { sets: [], rules: { [slug]: "warning" } } });
  expect(isChecked, JSON.stringify(diagnostics)).toBe(true);
  return diagnostics.map(({ code, column, endColumn, line }) => `${lintRules[code]?.slug === slug ? "" : code}${(text.split("\n")[line - 1] ?? "").slice(column - 1, endColumn - 1)}`);
}

/** Findings at a name, or at its type, by the names. */
function named(slug: string, type: string, names: readonly string[]): string[] {
  return names.filter((name) => found(slug, [`${name}: ${type} = 1;`]).length > 0);
}

function isSplit(named: readonly string[], all: string): void {
  expect(named.join(" ")).toBe(all);
}

test("moments, amounts of time, and what is neither", () => {
  const names = "createdAt created_at deleteTime startDate addedOn expiresOn timestamp basedOn dependsOn lookAt daysSinceStartTime costPerHourBeforeStartTime responseTime maxTransitTime waitTime lifetime candidate time".split(" ");
  isSplit(named("timestamp-type", "i64", names), "createdAt created_at deleteTime startDate addedOn expiresOn timestamp");
  isSplit(named("duration-unit", "i64", [...names, "ttl", "throttle", "retryDelay", "retry_delay"]), "responseTime maxTransitTime waitTime ttl retryDelay retry_delay");
});

test("money, secrets and uuids end in their word", () => {
  isSplit(named("money-not-float", "f64", "fee serviceFee coffee price_total subtotal amounts".split(" ")), "fee serviceFee price_total subtotal");
  isSplit(named("sensitive-unmarked", "string", "password user_password apiKey APIKey passwords keyboard".split(" ")), "password user_password apiKey APIKey");
  isSplit(named("uuid-type", "string", "uuid orderUuid order_uuid druid".split(" ")), "uuid orderUuid order_uuid");
});

test("bools that say what is not, behind an alias too", () => {
  isSplit(named("boolean-positive", "bool", "notFound isNotFound non_empty disabled rulesDisabled noReply notify nonce note none".split(" ")), "notFound isNotFound non_empty disabled rulesDisabled noReply");
  expect(found("boolean-positive", ["notFound: B = 1;"], (text) => `alias B = bool; message M { ${text} }`)).toEqual(["notFound"]);
});

test("words to avoid are whole words, in one style or another", () => {
  isSplit(named("name-inclusive", "u8", "whitelist whiteList white_list WHITELIST slaves isMaster mastercard mastery enslaved".split(" ")), "whitelist whiteList white_list WHITELIST slaves isMaster");
  const { diagnostics } = lint({ sources: { "a.idl": "package a;\nmessage M { whiteList: u8 = 1; slaves: u8 = 2; masters: u8 = 3; }\n" } });
  expect(diagnostics.map(({ help }) => help)).toEqual(["call it `allowlist`", "call it `replicas`", "call it `primaries`"]);
});

test("the zero of an enum may say what is unknown", () => {
  const of = (name: string) => found("enum-zero-unknown", [name], (text) => `enum E { ${text} = 0; }`).length > 0;
  isSplit(["UNKNOWN", "STATE_UNSPECIFIED", "UNDEFINED_STATE", "UNKNOWN_TYPE", "MODE_UNSET", "RED", "UNKNOWNS"].filter(of), "RED UNKNOWNS");
});

test("what gets or creates is no reading", () => {
  const methods = "get find getOrCreate findAndModify getterOf".split(" ").map((name) => `${name}() -> u8;`);
  expect(found("readonly-verb", methods, (text) => `@idempotent service S { ${text} }`)).toEqual(["get", "find"]);
});

test("abbreviations with what belongs to them", () => {
  expect(["homeURLs", "userIDs", "IPv4Address", "HTTPServerID2", "order_item", "aIDs"].map(wordsOf)).toEqual([["home", "URLs"], ["user", "IDs"], ["IPv4", "Address"], ["HTTP", "Server", "ID2"], ["order", "item"], ["a", "IDs"]]);
  const { diagnostics } = lint({ sources: { "a.idl": "package a;\nmessage M { homeURLs: u8 = 1; APIKey: u8 = 2; }\nmessage IPv4 {}\n" } });
  expect(diagnostics.map(({ help }) => help)).toEqual(["call it `homeUrls`", "call it `apiKey`", "call it `Ipv4`"]);
});

test("a comment in another script does not say the name again", () => {
  expect(found("comment-echoes-name", ["\n/// \u8ba2\u5355\u7684 id\n", "id: u8 = 1;", "\n/// The name.\n", "name: u8 = 2;"])).toEqual(["/// The name."]);
});

test("a list that is paged by its parameters", () => {
  const service = (text: string) => `@readonly service S { ${text} }`;
  expect(found("list-has-paging", ["list() -> u8[];", "listAll(pageToken?: string) -> u8[];", "search(text: string, limit: u32) -> u8[];"], service)).toEqual(["list"]);
});

test("a constant is used where a value says it", () => {
  const text = "package a;\nconst USED: u8 = 1;\nconst UNUSED: u8 = 2; // UNUSED\nmessage M { @max(USED) a: u8 = 1; }\n";
  const other = "package b;\nconst UNUSED: u8 = 2;\nmessage M { @max(UNUSED) a: u8 = 1; }\n";
  const { diagnostics } = lint({ sources: { "a/a.idl": text, "b/b.idl": other }, config: { sets: [], rules: { "constant-unused": "warning" } } });
  expect(diagnostics.map(({ file, line }) => `${file}:${line}`)).toEqual(["a/a.idl:3"]);
});

test("types of annotations and constants are used", () => {
  const text = "package a;\nenum L { UNKNOWN = 0; }\nenum C { UNKNOWN = 0; }\nenum N { UNKNOWN = 0; }\nannotation at(level: L) on method;\nconst FIRST: C = UNKNOWN;\nservice S { @readonly @at(UNKNOWN) get() -> u8; }\n";
  const { diagnostics } = lint({ sources: { "a.idl": text }, config: { sets: [], rules: { "type-unused": "warning" } } });
  expect(diagnostics.map(({ line }) => line)).toEqual([4]);
});

test("what is deprecated is used by aliases and streams too, and not by what is deprecated itself", () => {
  const text = `package a;
@deprecated("use N") message M {}
alias A = M;
@deprecated("old") service Old { @readonly get(m: M) -> M; }
service New { @readonly get() -> M[]; @atMostOnce put(stream M); @deprecated("x") old(m: M); }
`;
  const { diagnostics } = lint({ sources: { "a.idl": text }, config: { sets: [], rules: { "deprecated-used": "warning" } } });
  expect(diagnostics.map(({ line, column, endColumn }) => `${line}:${column}-${endColumn}`)).toEqual(["3:11-12", "5:34-37", "5:62-63"]);
});

test("imports whose comments would stay behind are not moved", () => {
  const sources = (behind: string) => ({ "a.idl": "package s;\nalias A = u8;\n", "b.idl": "package s;\nalias B = u8;\n", "m.idl": `package s;\nimport "./b.idl";\nimport "./a.idl";${behind}\nmessage M { a: A = 1; b: B = 2; }\n` });
  const fixes = (behind: string) => lint({ sources: sources(behind), config: { sets: [], rules: { "import-sorted": "warning" } } }).diagnostics.map(({ fix }) => fix !== undefined);
  expect([fixes(""), fixes(" // for A"), fixes("\n// M.")]).toEqual([[true], [false], [true]]);
});
