/** `rpcgen import` as its user sees it: a tree of .proto files before, .idl files after, what is said. */
import { describe, expect, test } from "vitest";
import { run } from "./memory-host.js";

const files = {
  "protos/shop/orders.proto": `syntax = "proto3";
package shop;
import "shop/money.proto";
import "google/protobuf/timestamp.proto";
option java_package = "com.shop";
/* An order. */
message Order {
  string order_id = 1;
  Money price = 2 [deprecated = true];
  google.protobuf.Timestamp at = 3;
  oneof pay { string iban = 4; Card card = 5; }
  message Card { string number = 1; }
}
service Orders { rpc GetOrder(Order) returns (stream Order); }
`,
  "protos/shop/money.proto": 'syntax = "proto3";\npackage shop;\nimport public "lib/currency.proto";\nmessage Money { int64 cents = 1; lib.Currency currency = 2; }\n',
  "third_party/lib/currency.proto": 'syntax = "proto2";\npackage lib;\nenum Currency { EUR = 1; EURO = 1; USD = 2; option allow_alias = true; }\n',
  "third_party/lib/unused.proto": 'syntax = "proto3";\npackage lib;\nmessage Unused {}\n',
};
const includes = ["-I", "protos", "-I", "third_party"];
const idlOf = (all: Readonly<Record<string, string>>) => Object.keys(all).filter((file) => file.endsWith(".idl")).sort();

describe("a tree of files", () => {
  test("becomes .idl files that stand as they stood, with what they need and nothing more", async () => {
    const { exitCode, stdout, stderr, files: after, volume } = await run(["import", "protos/**/*.proto", ...includes], { files });
    expect(exitCode).toBe(0);
    expect(idlOf(after)).toEqual(["idl/lib/currency.idl", "idl/rpcgen/proto.idl", "idl/shop/money.idl", "idl/shop/orders.idl"]);
    expect(stdout).toBe("idl/lib/currency.idl\nidl/rpcgen/proto.idl\nidl/shop/money.idl\nidl/shop/orders.idl\n");
    expect(after["idl/shop/orders.idl"]).toBe(`package shop;

import "../rpcgen/proto.idl" as proto;
import "./money.idl";

/// An order.
message Order {
  orderId: string = 1;
  @deprecated("") price?: Money = 2;
  at?: timestamp = 3;
  pay?: OrderPay = 4;
  reserved 5;
}

union OrderPay {
  iban: string = 4;
  card: OrderCard = 5;
}

@proto.name("Order.Card")
message OrderCard {
  number: string = 1;
}

service Orders {
  @atMostOnce @wireName("GetOrder") getOrder(request: Order) -> stream Order;
}
`);
    expect(stderr).toMatch(/^protos\/shop\/orders\.proto:1:1: info\[RPC8004\]: The option "java_package"/m);
    expect(stderr).toMatch(/^third_party\/lib\/currency\.proto:3:6: warning\[RPC8007\]: "Currency" has no 0 and gets "UNSPECIFIED"/m);
    expect(stderr).toMatch(/^third_party\/lib\/currency\.proto:3:26: warning\[RPC8006\]: "Currency\.EURO" is a second name/m);
    expect(stderr).toMatch(/4 files written\n$/);
    expect(await run(["idl/**/*.idl", "--target", "ts"], { volume })).toMatchObject({ exitCode: 0 });
    const back = await run(["generate", "idl/**/*.idl", "--target", "proto", "--root", "idl", "--out", "back"], { volume });
    expect(back.exitCode).toBe(0);
    expect(back.files["back/shop/orders.proto"]).toContain("  oneof pay {\n    string iban = 4;\n    .shop.Order.Card card = 5;\n  }\n");
    expect(back.files).not.toHaveProperty(["back/rpcgen/proto.proto"]);
  });

  test("--out chooses the place, and --dry-run writes nothing", async () => {
    const { exitCode, stdout, stderr, files: after } = await run(["import", "protos/shop/money.proto", ...includes, "--out", "src/schemas", "--dry-run"], { files });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "src/schemas/lib/currency.idl\nsrc/schemas/rpcgen/proto.idl\nsrc/schemas/shop/money.idl\n" });
    expect(stderr).toMatch(/3 files would be written\n$/);
    expect(idlOf(after)).toEqual([]);
    const written = await run(["import", "protos/shop/money.proto", ...includes, "--out", "src/schemas"], { files });
    expect(idlOf(written.files)).toEqual(stdout.trimEnd().split("\n"));
  });

  test("the standard input is a file of the working folder", async () => {
    const { exitCode, files: after } = await run(["import", "-", "--stdin-filename", "protos/shop/orders.proto", ...includes], { files, stdin: 'syntax = "proto3";\npackage shop;\nimport "shop/money.proto";\nmessage Bill { Money sum = 1; }\n' });
    expect(exitCode).toBe(0);
    expect(after["idl/shop/orders.idl"]).toContain("sum?: Money = 1;");
    expect(idlOf((await run(["import", "-"], { stdin: 'syntax = "proto3";\npackage a;\nmessage A {}\n' })).files)).toEqual(["idl/stdin.idl"]);
  });
});

describe("what is there already", () => {
  test("is left if it is equal, and not written over unless that is asked for", async () => {
    const { volume } = await run(["import", "protos/shop/money.proto", ...includes], { files });
    expect(await run(["import", "protos/shop/money.proto", ...includes], { volume })).toMatchObject({ exitCode: 0, stdout: "" });
    volume.writeFileSync("/project/idl/shop/money.idl", "package shop;\n// Mine.\n");
    volume.rmSync("/project/idl/lib/currency.idl");
    const refused = await run(["import", "protos/shop/money.proto", ...includes], { volume });
    expect({ exitCode: refused.exitCode, stdout: refused.stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain('idl/shop/money.idl: error[RPC7019]: "idl/shop/money.idl" is there already, with another text.');
    expect(refused.stderr).toContain("--force");
    expect(refused.stderr).toMatch(/nothing was written\n$/);
    expect(idlOf(refused.files)).not.toContain("idl/lib/currency.idl");
    expect(refused.files["idl/shop/money.idl"]).toContain("// Mine.");
    const forced = await run(["import", "protos/shop/money.proto", ...includes, "--force"], { volume });
    expect(forced).toMatchObject({ exitCode: 0, stdout: "idl/lib/currency.idl\nidl/shop/money.idl\n" });
    expect(forced.files["idl/shop/money.idl"]).toContain("message Money");
  });

  test("may be a folder", async () => {
    const { exitCode, stderr, files: after } = await run(["import", "protos/shop/money.proto", ...includes, "--force"], { files: { ...files, "idl/shop/money.idl/keep": "" } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("error[RPC7007]");
    expect(Object.keys(after).filter((file) => file.startsWith("idl/"))).toEqual(["idl/shop/money.idl/keep"]);
  });
});

describe("a mistake", () => {
  const failed = async (body: string, more: Readonly<Record<string, string>> = {}, ...argv: string[]) => {
    const { exitCode, stdout, stderr, files: after } = await run(["import", "protos/a.proto", ...argv], { files: { "protos/a.proto": body, ...more } });
    expect({ exitCode, stdout, written: idlOf(after) }).toEqual({ exitCode: 1, stdout: "", written: [] });
    expect(stderr).toMatch(/nothing was written\n$/);
    return stderr;
  };

  test("of protobuf has its line and its reason", async () => {
    expect(await failed('syntax = "proto3";\nmessage M {\n  string id;\n}\n')).toMatch(/^protos\/a\.proto:3:1: error\[RPC8001\]: The file is no protobuf schema: .+\n3 \| {3}string id;\n/);
    expect(await failed("\u0000\u0001")).toContain("error[RPC8001]");
    expect(await failed('syntax = "proto3";\npackage a;\nmessage M { Monye m = 1; }\n')).toContain('protos/a.proto:3:19: error[RPC8003]: No file that was read declares "Monye".');
  });

  test("an import that is not there is named where it stands, with the -I that would find it, and its types are no mistakes of their own", async () => {
    const body = 'syntax = "proto3";\npackage a;\nimport "lib/b.proto";\nimport "gone.proto";\nmessage M { lib.B b = 1; Gone g = 2; }\n';
    const stderr = await failed(body, { "protos/lib/b.proto": 'syntax = "proto3";\npackage lib;\nmessage B {}\n' });
    expect(stderr).toContain('protos/a.proto:3:8: error[RPC8002]: No include path has "lib/b.proto".\n3 | import "lib/b.proto";\n  |        ^^^^^^^^^^^^^\n  help: -I protos would find it\n');
    expect(stderr).toContain('protos/a.proto:4:8: error[RPC8002]: No include path has "gone.proto".');
    expect(stderr).toContain("  help: name the folder that it stands below with -I\n");
    expect(stderr).toMatch(/\n2 errors; nothing was written\n$/);
  });

  test("an import that leads out of its include path is none, whatever stands there: nothing is written above --out", async () => {
    const body = 'syntax = "proto3";\npackage a;\nimport "../b.proto";\nmessage M {}\n';
    expect(await failed(body, { "b.proto": 'syntax = "proto3";\n' }, "-I", "protos")).toContain(
      'protos/a.proto:3:8: error[RPC7004]: "../b.proto" cannot be read: it leads out of its include path; write its path from there (-I), without "..".',
    );
  });

  test("in an import has its place there, and an import that cannot be read has one here", async () => {
    const body = 'syntax = "proto3";\npackage a;\nimport "b.proto";\nmessage M {}\n';
    expect(await failed(body, { "protos/b.proto": "message {" }, "-I", "protos")).toContain("protos/b.proto:1:1: error[RPC8001]");
    expect(await failed(body, { "protos/b.proto/c": "" }, "-I", "protos")).toContain('protos/a.proto:3:8: error[RPC7004]: "protos/b.proto" cannot be read: it is a folder.');
  });

  test("two files that would be one, or say two things under one name, are both named", async () => {
    const one = 'syntax = "proto3";\npackage shop;\nmessage Order {}\n';
    const clash = await run(["import", "v1/order.proto", "v2/Order.proto", "-I", "v1", "-I", "v2"], { files: { "v1/order.proto": one, "v2/Order.proto": one } });
    expect(clash.exitCode).toBe(1);
    expect(clash.stderr).toContain('v2/Order.proto:1:1: error[RPC7006]: "v1/order.proto" and "v2/Order.proto" would both write "Order.idl".');
    const twice = await run(["import", "v1/order.proto", "v2/order.proto"], { files: { "v1/order.proto": one, "v2/order.proto": one } });
    expect(twice.exitCode).toBe(1);
    expect(twice.stderr).toMatch(/^v2\/order\.proto:3:9: error\[RPC8012\]: "shop\.Order" is declared twice\.\n(.*\n)*v1\/order\.proto:3:9: note: first declared here\n/);
    expect([...idlOf(clash.files), ...idlOf(twice.files)]).toEqual([]);
  });

  test("a file that is not there is a mistake of the command line", async () => {
    expect(await run(["import", "protos/shop/order.proto", ...includes], { files })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean "protos/shop/orders.proto"?') as string });
  });
});

describe("remarks", () => {
  const argv = (format: string) => ["import", "protos/**/*.proto", ...includes, "--report", format];
  const remarks = ["protos/shop/orders.proto RPC8004 1", "third_party/lib/currency.proto RPC8006 3", "third_party/lib/currency.proto RPC8007 3"];

  test("json: with places, and the files with what became of them", async () => {
    const { exitCode, stdout } = await run(argv("json"), { files });
    const { diagnostics, outputs } = JSON.parse(stdout) as { diagnostics: { file: string; code: string; line: number }[]; outputs: unknown[] };
    expect(exitCode).toBe(0);
    expect(diagnostics.map(({ file, code, line }) => `${file} ${code} ${line}`).sort()).toEqual(remarks);
    expect(outputs).toContainEqual({ path: "idl/shop/orders.idl", state: "written" });
    const broken = JSON.parse((await run(["import", "a.proto", "--json"], { files: { "a.proto": "message {" } })).stdout) as { outputs: unknown[] };
    expect(broken.outputs).toEqual([]);
  });

  test("sarif, junit, github: the same ones", async () => {
    const sarif = JSON.parse((await run(argv("sarif"), { files })).stdout) as {
      runs: { results: { ruleId: string; level: string; locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[] }[] }[];
    };
    const results = sarif.runs.flatMap((each) => each.results);
    expect(results.flatMap(({ ruleId, locations }) => locations.map(({ physicalLocation: { artifactLocation, region } }) => `${artifactLocation.uri} ${ruleId} ${region.startLine}`)).sort()).toEqual(remarks);
    expect(new Set(results.map(({ level }) => level))).toEqual(new Set(["note", "warning"]));

    const junit = (await run(argv("junit"), { files })).stdout;
    expect([...junit.matchAll(/<testcase classname="(.*?)" name="(RPC\d+) at (\d+):/g)].map(([, file, code, line]) => `${file} ${code} ${line}`).sort()).toEqual(remarks);
    expect(junit).toContain('failures="0"');

    const github = (await run(argv("github"), { files })).stdout;
    expect([...github.matchAll(/^::(?:notice|warning) file=(.*?),line=(\d+),.*?title=(RPC\d+)::/gm)].map(([, file, line, code]) => `${file} ${code} ${line}`).sort()).toEqual(remarks);
  });
});
