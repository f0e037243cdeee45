/** What .proto files become, and that what they become compiles. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { importProtos } from "../../src/import.js";
import type { Span } from "../../src/text/span.js";

/** Imports one file, checks what came of it, and gives its text and the codes of its findings. */
function imported(body: string, more: Readonly<Record<string, string>> = {}) {
  const texts: Readonly<Record<string, string>> = { "a.proto": body, ...more };
  const { outputs, diagnostics, sources } = importProtos(["a.proto"], (name) => {
    const text = texts[name];
    return text === undefined ? undefined : { path: name, text };
  });
  const compiled = compile({ sources: Object.fromEntries(outputs.map(({ path, text }) => [path, text])), targets: ["ts"] });
  const errors = compiled.diagnostics.filter(({ severity }) => severity === "error");
  expect(errors).toEqual([]);
  const lineOf = (at: number) => sources.get("a.proto")?.position(at).line;
  return {
    idl: outputs.find(({ path }) => path === "a.idl")?.text ?? "",
    paths: outputs.map(({ path }) => path),
    codes: diagnostics.map(({ code, span }) => `${code}:${lineOf(span?.start ?? 0)}`),
  };
}

const proto3 = (body: string) => `syntax = "proto3";\npackage shop;\n${body}`;

describe("import", () => {
  test("a oneof is a union at the smallest number, and its other numbers are reserved", () => {
    const { idl } = imported(proto3("message Order { string id = 1; oneof pay { string iban = 4; int32 cash = 2; } reserved 9; }"));
    expect(idl).toContain("pay?: OrderPay = 2;");
    expect(idl).toContain("reserved 4, 9;");
    expect(idl).toMatch(/union OrderPay \{\s+iban: string = 4;\s+cash: i32 = 2;/);
  });

  test("a comment stays one, whatever ends its lines", () => {
    const { idl } = imported('/* head\rmessage A {} */\nsyntax = "proto3";\npackage shop;\n/* docs\rmessage B {} */\nmessage M {}\n');
    expect(idl).toBe("// head\n// message A {}\n\npackage shop;\n\n/// docs\n/// message B {}\nmessage M {}\n");
  });

  test("a name of a million letters is read at once", () => {
    expect(imported(`syntax = "proto3";\nmessage ${"a".repeat(1_000_000)} {}\n`).codes).toEqual(["RPC8011:1"]);
  });

  test("presence follows syntax, features and labels", () => {
    const fields = "message M { string a = 1; optional string b = 2; M c = 3; }";
    expect(imported(proto3(fields)).idl).toMatch(/a: string = 1;\s+b\?: string = 2;\s+c\?: M = 3;/);
    expect(imported('syntax = "proto2";\nmessage M { optional string a = 1; required string b = 2; }').idl).toMatch(/a\?: string = 1;\s+b: string = 2;/);
    const edition = 'edition = "2023";\nmessage M { string a = 1; string b = 2 [features.field_presence = IMPLICIT]; }';
    expect(imported(edition).idl).toMatch(/a\?: string = 1;\s+b: string = 2;/);
    expect(imported('edition = "2023";\noption features.field_presence = IMPLICIT;\nmessage M { string a = 1; }').idl).toContain("a: string = 1;");
  });

  test("well-known types are ours, and the rest of them come along", () => {
    const { idl, paths } = imported(
      proto3(`import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/empty.proto";
message M { google.protobuf.Timestamp at = 1; google.protobuf.Int64Value n = 2; google.protobuf.Struct s = 3; }
service S { rpc Ping(google.protobuf.Empty) returns (google.protobuf.Empty); }`),
    );
    expect(idl).toContain("at?: timestamp = 1;");
    expect(idl).toContain("n?: i64 = 2;");
    expect(idl).toContain("s?: struct.Struct = 3;");
    expect(idl).toContain("ping();");
    expect(paths).toEqual(["a.idl", "google/protobuf/struct.idl", "rpcgen/proto.idl"]);
  });

  test("what is known of effects becomes a promise", () => {
    const { idl } = imported(
      proto3(`message M {}
service S {
  rpc A(M) returns (M) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc B(M) returns (M) { option idempotency_level = IDEMPOTENT; }
  rpc C(M) returns (M) { option (google.api.http) = { get: "/v1/{name=x/*}" }; }
  rpc D(M) returns (M) { option (google.api.http) = { post: "/v1" body: "*" }; }
  rpc E(stream M) returns (stream M);
}`),
    );
    expect(idl.match(/@(readonly|idempotent|atMostOnce) @wireName\("\w"\) \w/g)).toEqual([
      '@readonly @wireName("A") a',
      '@idempotent @wireName("B") b',
      '@readonly @wireName("C") c',
      '@atMostOnce @wireName("D") d',
      '@atMostOnce @wireName("E") e',
    ]);
  });

  test("what cannot be carried over is a finding where it stands", () => {
    const { codes, idl } = imported(`syntax = "proto2";
option java_package = "x";
message M {
  required string a = 1;
  optional bytes b = 2 [default = "x"];
  optional E e = 3 [default = TWO];
  extensions 100 to max;
}
enum E {
  option allow_alias = true;
  TWO = 2;
  ZWEI = 2;
}
extend M { optional string extra = 100; }
`);
    expect(new Set(codes)).toEqual(new Set(["RPC8004:1", "RPC8011:1", "RPC8008:4", "RPC8009:5", "RPC8010:6", "RPC8007:9", "RPC8006:12", "RPC8005:14"]));
    expect(idl).toContain("@default(TWO) e: E = 3;");
    expect(idl).toContain("reserved 100 to 536870911;");
  });

  test("a default says what protobuf's says, or is left behind aloud", () => {
    const proto = String.raw`syntax = "proto2";
package p;
message M {
  optional string a = 1 [default = "\x41\101\303\251\u00e9\U0001F600\n\"\'\\\a" 'b; default = "c"'];
  optional string b = 2 [default = "\377"];
  optional double c = 3 [default = -0.0];
  optional float d = 4 [default = 3.5e38];
  oneof o { int32 e = 5 [default = 7]; }
  optional string f = 6 [deprecated = true, default = "\"; // é"]; optional string g = 7 [default = ""];
}
`;
    const { idl, codes } = imported(proto);
    expect(idl).toContain(`@default(${JSON.stringify('AAéé😀\n"\'\\\u0007b; default = "c"')}) a: string`);
    expect(idl).toContain("@default(-0.0) c: f64");
    expect(idl).toContain('@default("\\"; // é") @deprecated("") f: string');
    expect(idl).toContain('@default("") g: string');
    expect(codes.filter((code) => code.startsWith("RPC8009"))).toEqual(["RPC8009:5", "RPC8009:7", "RPC8009:8"]);
  });

  test("what must hold another one of its kind, without end, may be absent", () => {
    const { codes, idl } = imported(`syntax = "proto2";
package shop;
message A { required B b = 1; required C c = 2; }
message B { required A a = 1; }
message C { optional A a = 1; }
`);
    expect(new Set(codes)).toEqual(new Set(["RPC8013:3", "RPC8008:3", "RPC8013:4"]));
    expect(idl).toMatch(/b\?: B = 1;\s+c: C = 2;/);
  });

  test("the presence of an edition is carried over and not told as left behind; other features are", () => {
    const { codes, idl } = imported(`edition = "2023";
package shop;
option features.field_presence = IMPLICIT;
message A { string a = 1; string b = 2 [features.field_presence = EXPLICIT]; }
message B { option features.field_presence = EXPLICIT; string a = 1; }
service S { rpc a(A) returns (B); }
`);
    expect(codes).toEqual([]);
    expect(idl).toMatch(/message A \{\s+a: string = 1;\s+b\?: string = 2;\s+\}\s+message B \{\s+a\?: string = 1;/);
    const closed = imported('edition = "2023";\npackage shop;\nenum E { option features.enum_type = CLOSED; A = 0; }\nmessage M { M m = 1 [features.message_encoding = DELIMITED]; }');
    expect(closed.codes).toEqual(["RPC8004:3", "RPC8004:4"]);
  });

  test("a name that the reader steps over is an error, and nothing is missing in silence", () => {
    const { codes } = imported(proto3('message M {\n  string __proto__ = 1; // __proto__\n  string b = 2 [json_name = "__proto__"];\n}\nservice S {\n  rpc __proto__(M) returns (M);\n}'));
    expect(codes.map((code) => code.split(":")[0])).toEqual(["RPC8014", "RPC8014"]);
  });

  test("names that meet are kept apart", () => {
    const { idl } = imported(proto3("message AB { string x_y = 1; string xY = 2; }\nmessage A { message B {} B b = 1; }\nmessage bytes { bytes b = 1; }"));
    expect(idl).toContain("message A_B {");
    expect(idl).toContain("message Bytes {");
  });

  test("reserved names are those of fields here, less what a field is called by now", () => {
    expect(imported(proto3('message M { reserved "old_name", "xY"; string x_y = 1; }')).idl).toContain('reserved "oldName";');
  });

  test("the syntax is what the file says first, whatever comments stand around it", () => {
    const message = "message M { string a = 1; }";
    expect(imported(`/* a */ syntax = 'proto3'; ${message}`).idl).toContain("a: string = 1;");
    expect(imported(`// syntax = "proto3";\n/*\nedition = "2023"; */\nsyntax /* = */ = "proto2";\nmessage M { optional string a = 1; }`).idl).toContain("a?: string = 1;");
  });

  test("files that protoc refuses are refused: an unknown syntax, and imports that run in a cycle", () => {
    const fail = (texts: Readonly<Record<string, string>>) => {
      const { diagnostics, sources } = importProtos(["a.proto"], (name) => {
        const text = texts[name];
        return text === undefined ? undefined : { path: name, text };
      });
      const at = (span: Span | undefined) => `${span?.file}:${sources.get(span?.file ?? "")?.position(span?.start ?? 0).line} ${sources.get(span?.file ?? "")?.text.slice(span?.start, span?.end)}`;
      return diagnostics.filter(({ severity }) => severity === "error").map(({ code, span, message, related = [] }) => [code, at(span), message, ...related.map((each) => at(each.span))]);
    };
    const syntax = (name: string) => ["RPC8015", `a.proto:2 "${name}"`, `There is no syntax "${name}" of protobuf.`];
    expect(fail({ "a.proto": '// new\nsyntax = "proto9";\nmessage M {}' })).toEqual([syntax("proto9")]);
    expect(fail({ "a.proto": '\nsyntax = "2023";\nmessage M {}' })).toEqual([syntax("2023")]);
    expect(fail({ "a.proto": '\nedition = "2099";\nmessage M {}' })).toEqual([["RPC8001", 'a.proto:2 edition = "2099";', "The file is no protobuf schema: illegal edition '2099'."]]);
    const cycle = ["RPC8016", 'a.proto:3 "b.proto"', "The files import each other in a cycle: a.proto -> b.proto -> a.proto.", 'b.proto:1 "a.proto"'];
    const b = { "b.proto": 'import "a.proto";\nimport "c.proto";', "c.proto": 'import "b.proto";' };
    expect(fail({ "a.proto": proto3('import "b.proto";\nmessage M {}'), ...b })).toEqual([cycle]);
    const self = ["RPC8016", 'a.proto:3 "a.proto"', "The files import each other in a cycle: a.proto -> a.proto."];
    expect(fail({ "a.proto": proto3('import "a.proto";\nmessage M {}') })).toEqual([self]);
    const below = ["RPC8016", 'b.proto:1 "c.proto"', "The files import each other in a cycle: b.proto -> c.proto -> b.proto.", 'c.proto:1 "b.proto"'];
    expect(fail({ "a.proto": proto3('import "b.proto";\nmessage M {}'), "b.proto": 'import "c.proto";', "c.proto": 'import "b.proto";' })).toEqual([below]);
  });

  test("mistakes of the schema have a place", () => {
    const fail = (body: string) => importProtos(["a.proto"], (name) => (name === "a.proto" ? { path: name, text: body } : undefined)).diagnostics;
    expect(fail("message M {\n  string id;\n}").map(({ code }) => code)).toEqual(["RPC8001"]);
    expect(fail(proto3('import "b.proto";')).map(({ code }) => code)).toEqual(["RPC8002"]);
    expect(fail(proto3("message M { Gone g = 1; }")).map(({ code }) => code)).toEqual(["RPC8003"]);
  });
});
