/** What `import` writes, `generate` takes: names that TypeScript has no room for come with one that it has. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Compiler } from "../../src/compiler.js";
import { importProtos } from "../../src/import.js";

function imported(text: string): string {
  const { outputs, diagnostics } = importProtos(["a.proto"], (path) => (path === "a.proto" ? { path, text } : undefined));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const sources = Object.fromEntries(outputs.map((output) => [output.path, output.text]));
  const { diagnostics: found } = new Compiler({ targets: ["ts", "sync", "dts", "kit", "proto"], root: "." }).update(sources);
  expect(found.filter(({ severity }) => severity === "error").map(({ code, message }) => `${code} ${message}\n${sources["a.idl"]}`)).toEqual([]);
  return outputs.find(({ path }) => path === "a.idl")?.text ?? "";
}

const proto3 = (body: string) => `syntax = "proto3";\npackage shop;\n${body}`;

describe("import", () => {
  test("gives a field that may be absent and that every object inherits another name in TypeScript, and keeps its own", () => {
    expect(imported(proto3("message M { optional string to_string = 1; string plain = 2; }"))).toMatch(/@tsName\("toStringValue"\) toString\?: string = 1;\s+plain: string = 2;/);
  });

  test("so methods that no client can have, with what the file says of them", () => {
    const idl = imported(proto3("message M {}\nservice S { rpc Then(M) returns (M); rpc thenCall(M) returns (M); }"));
    expect(idl).toContain('@tsName("thenCall2") @atMostOnce @wireName("Then") then(request: M) -> M;');
  });

  test("so types that are words of TypeScript, or what is made from another", () => {
    const idl = imported(proto3("message object {}\nmessage Object {}\nmessage OrderInit {}\nmessage Order { message Init {} }\nmessage SGetParams {}\nservice S { rpc Get(Order) returns (Order); }"));
    expect(idl).toContain('@tsName("Object2")\nmessage object {}');
    expect(idl).toContain('@tsName("OrderInitMessage")\nmessage OrderInit {}');
    expect(idl).toContain('@tsName("SGetParamsMessage")\nmessage SGetParams {}');
    expect(idl).not.toMatch(/@tsName\("\w+"\)\s+(message Order |service)/);
  });

  test("whatever things are called", () => {
    const word = fc.constantFrom(
      ..."any object Object string String_ class default then Then thenCall constructor Constructor constructorCall to_string toString value_of has_own_property __lookupGetter__".split(" "),
      ..."A AInit AInitInit ACodec AClient AHandlers aService AMethods ADescriptor AGetParams AGetParamsInit Get get get_ B BInit b map true on to as from code stack".split(" "),
    );
    const names = (maxLength: number) => fc.uniqueArray(word, { maxLength, selector: (name) => name.replace(/_/g, "").toLowerCase() });
    const members = (of: readonly string[], label: string) => of.map((name, at) => `${label}string ${name} = ${at + 2};`).join(" ");
    const declarations: readonly ((name: string, its: readonly string[], label: string) => string)[] = [
      (name, its, label) => `message ${name} { ${members(its, label)} }`,
      (name, its) => `service ${name} { ${its.map((method) => `rpc ${method}(M) returns (M);`).join(" ")} }`,
      (name, its, label) => `message ${name} { enum Kind { ${["NONE", ...its].map((value, at) => `${value} = ${at};`).join(" ")} } ${label}Kind kind = 1; }`,
      (name, its) => `message ${name} { ${its.map((of, at) => `oneof ${of} { string a${at} = ${at + 2}; }`).join(" ")} }`,
      (name, its) => `message ${name} { oneof it { string first = 1; ${members(its, "")} } }`,
    ];
    fc.assert(
      fc.property(names(12), names(6), fc.constantFrom(["proto2", "optional "], ["proto3", ""], ["proto3", "optional "]), (types, its, [syntax, label = ""]) => {
        const body = types.map((name, at) => declarations[at % declarations.length]?.(name, its, label));
        imported(`syntax = "${syntax}";\npackage shop;\nmessage M {}\n${body.join("\n")}\n`);
      }),
      { numRuns: 200 },
    );
  });
});
