/** `rpcgen call` against real servers: every kind of method, what goes wrong, and what a user may get wrong. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { serve, type ServeOptions } from "../../runtime/index.js";
import { reflectionService } from "../../runtime/reflection/index.js";
import { testSides } from "../transport/tls-sides.js";
import { call, callProcess, endWithTest, ordersServer, type Running } from "./command.js";
import { ORDERS_IDL, ordersService } from "./orders-service.js";

let folder = "";
let server: Running & { readonly addresses: readonly string[] };
let tcp = "";
let unix = "";

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "rpcgen-call-"));
  server = await ordersServer("tcp://127.0.0.1:0", `unix:${folder}/s.sock`);
  [tcp = "", unix = ""] = server.addresses;
});
afterAll(() => {
  server.process.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const ORDER = { id: "o-1", items: ["tea"], status: "OPEN", placedAt: "1970-01-01T00:00:00.000Z", weight: "1152921504606846976" };
const lines = (text: string): unknown[] => text.trimEnd().split("\n").map((line) => JSON.parse(line) as unknown);

/** A server in this process, at a free port. */
async function served(options: Partial<ServeOptions> = {}): Promise<string> {
  const { service } = await ordersService(() => {});
  const here = await serve({ listen: "tcp://127.0.0.1:0", services: [service], ...options });
  onTestFinished(() => here.close({ graceMs: 0 }));
  return here.addresses[0] ?? "";
}

describe("what there is to call", () => {
  it("is listed with its promises, as text and as JSON", async () => {
    const { exitCode, stdout, stderr } = await call([tcp]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^city\.orders\.Orders\n {2}@readonly {4}get\(id: string\) -> Order throws NotFound\n/);
    expect(stdout).toContain("\n  @atMostOnce  chat(stream string) -> stream string\n");
    const { services } = JSON.parse((await call([tcp, "--json"])).stdout) as { services: { name: string; doc: string; methods: object[] }[] };
    expect(services).toMatchObject([{ name: "city.orders.Orders", doc: "Orders of a shop." }]);
    expect(services[0]?.methods[0]).toEqual({
      name: "get",
      path: "city.orders.Orders/get",
      kind: "unary",
      semantics: "readonly",
      throws: ["city.orders.NotFound"],
      signature: "get(id: string) -> Order throws NotFound",
      doc: "The order of that id.",
    });
  });

  it("is shown with its documentation, types too", async () => {
    expect((await call([tcp, "Orders"])).stdout).toContain("/// Orders of a shop.\nservice Orders {\n  /// The order of that id.\n");
    expect((await call([tcp, "city.orders.Status"])).stdout).toBe("enum Status {\n  UNKNOWN = 0;\n  OPEN = 1;\n}\n");
  });
});

describe("a call", () => {
  it("that is answered once: by short and full name, over a socket of each kind", async () => {
    const first = await call([tcp, "Orders/get", '{ "id": "o-1" }']);
    expect(first).toMatchObject({ exitCode: 0, stderr: "" });
    expect(first.stdout).toBe(`${JSON.stringify(ORDER, null, 2)}\n`);
    expect(JSON.parse((await call([unix, "city.orders.Orders/place", '{ "items": ["x"], "note": "now" }'])).stdout)).toEqual({ ...ORDER, id: "new", items: ["x"], note: "now" });
    expect(JSON.parse((await call([tcp, "Orders/get", '{ "id": "o-1" }', "--json"])).stdout)).toEqual({ version: 1, diagnostics: [], method: "city.orders.Orders/get", result: ORDER });
  });

  it("takes its JSON from the standard input or a file, and none where nothing must be said", async () => {
    writeFileSync(path.join(folder, "get.json"), '{ "id": "o-1" }\n');
    expect(JSON.parse((await call([tcp, "Orders/get", "@get.json"], { cwd: folder })).stdout)).toEqual(ORDER);
    expect(JSON.parse((await call([tcp, "Orders/get", "-"], { stdin: '{\n"id": "o-1"\n}' })).stdout)).toEqual(ORDER);
    // What a terminal would obey is escaped, and is still the same JSON.
    expect((await call([tcp, "Orders/names"])).stdout).toBe('[\n  "a",\n  "\\u009b31mb"\n]\n');
  });

  it("that is answered by a stream: a line for each item", async () => {
    const { exitCode, stdout } = await call([tcp, "Orders/watch", '{ "from": "7", "count": 3 }']);
    expect(exitCode).toBe(0);
    expect(lines(stdout)).toEqual(["7", "8", "9"].map((id) => ({ ...ORDER, id })));
    expect(JSON.parse((await call([tcp, "Orders/watch", "{}", "--json"])).stdout)).toMatchObject({ results: [] });
  });

  it("with a stream of requests: a value a line, from the standard input, a file or the command line", async () => {
    writeFileSync(path.join(folder, "numbers.jsonl"), "1\r\n2\r\n\r\n");
    expect((await call([tcp, "Orders/upload"], { stdin: "1\n2\n\n39" })).stdout).toBe('"42"\n');
    expect((await call([tcp, "Orders/upload", "@numbers.jsonl"], { cwd: folder })).stdout).toBe('"3"\n');
    expect((await call([tcp, "Orders/upload", "40\n2"])).stdout).toBe('"42"\n');
    expect(lines((await call([tcp, "Orders/chat"], { stdin: '"a"\n"bye"\n"b"\n' })).stdout)).toEqual(["A", "BYE"]);
  });

  it("carries headers, tells of its attempts, and keeps the promise of its method", async () => {
    expect(JSON.parse((await call([tcp, "Orders/whoami", "-H", "user=me", "--header", "trace=a=b"])).stdout)).toEqual({ user: "me", trace: "a=b" });
    const { exitCode, stdout, stderr } = await call([unix, "Orders/forget", '{ "id": "x" }', "--verbose"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toMatch(/Orders\/forget: attempt 1 to \S+ over unix.*\n.*attempt 2 .*\n.*Orders\/forget: OK, executed: yes, 2 attempts/);
  });

  it("by a schema of one's own, where the server tells none", async () => {
    const address = await served();
    const { exitCode, stderr } = await call([address, "Orders/get"]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(`error: ${address} does not tell its schema\n  help: give the schema with --idl FILE, or add reflectionService(…) of "@rpcgen/runtime/reflection" to the services of the server\n`);
    expect(JSON.parse((await call([address, "Orders/get", '{ "id": "o-1" }', "--idl", ORDERS_IDL])).stdout)).toEqual(ORDER);
    expect(await call([address, "--idl", "none.idl"])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("RPC7001") });
    writeFileSync(path.join(folder, "wrong.idl"), "package wrong;\nmesage A {}\n");
    expect(await call([address, "--idl", "wrong.idl"], { cwd: folder })).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("RPC1106") });
  });

  it("is not made by the schema of a server that tells an empty one", async () => {
    const { service } = await ordersService(() => {});
    const address = await served({ services: [service, reflectionService()] });
    const { exitCode, stderr } = await call([address, "Orders/get"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `error: ${address} tells an empty schema\n  help: give the schema with --idl FILE, or give reflectionService(…) of the server the schemas of its services\n`,
    });
  });

  it("over HTTP, with streams of one way", async () => {
    const { service, schema } = await ordersService(() => {});
    const address = await served({ listen: "http://127.0.0.1:0/api", services: [service, reflectionService(schema)] });
    expect(JSON.parse((await call([address, "Orders/get", '{ "id": "o-1" }', "-H", "authorization=x"])).stdout)).toEqual(ORDER);
    expect(lines((await call([address, "Orders/watch", '{ "from": "7", "count": 3 }'])).stdout)).toHaveLength(3);
    expect((await call([address, "Orders/upload", "40\n2"])).stdout).toBe('"42"\n');
    expect(await call([address, "Orders/chat", '"a"'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("use ws:, h2: or tcp:") });
  });

  it("over TLS, with a certificate where the server asks for one", async () => {
    const { server: own, client } = testSides();
    const { service, schema } = await ordersService(() => {});
    const address = await served({ listen: "tls://127.0.0.1:0", tls: own, services: [service, reflectionService(schema)] });
    for (const [name, text] of Object.entries({ "ca.pem": client.ca, "cert.pem": client.cert, "key.pem": client.key })) writeFileSync(path.join(folder, name), text);
    const shown = ["--ca", "ca.pem", "--cert", "cert.pem", "--key", "key.pem"];
    expect(await call([address, "Orders/names", ...shown], { cwd: folder })).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await call([address, "Orders/names"], { cwd: folder })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("certificate") });
    expect(await call([address, "--cert", "cert.pem"], { cwd: folder })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("give both --cert and --key") });
  });
});

describe("a call that fails", () => {
  it("tells code, message, details, and whether it ran", async () => {
    const { exitCode, stdout, stderr } = await call([tcp, "Orders/get", '{ "id": "none-1" }']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^error: NOT_FOUND, city\.orders\.NotFound: there is no order none-1\n {2}details: \{"id":"none-1"\}\n {2}executed: yes, the handler ran\n {2}call: \w{32}\/\d+, 1 attempt\n$/);
    expect(JSON.parse((await call([tcp, "Orders/get", '{ "id": "none-1" }', "--json"])).stdout)).toMatchObject({
      error: { code: "NOT_FOUND", name: "city.orders.NotFound", message: "there is no order none-1", details: { id: "none-1" }, executed: "yes", attempts: 1 },
    });
    for (const form of ["github", "sarif", "junit"]) expect((await call([tcp, "Orders/get", '{ "id": "none-1" }', "--report", form])).stderr).toMatch(/^error: NOT_FOUND/);
    expect(await call([tcp, "Orders/place"])).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^error: INVALID_ARGUMENT: .*@length\(min: 1\)\n {2}executed: no, the handler has not run\n$/) });
    expect(await call([tcp, "Orders/hang", "--timeout", "300ms"])).toMatchObject({ exitCode: 1, stdout: "1\n", stderr: expect.stringMatching(/^error: DEADLINE_EXCEEDED/) });
  });

  it("says that nobody knows, where the server died in it", async () => {
    const mortal = await ordersServer("tcp://127.0.0.1:0");
    endWithTest(mortal);
    const { exitCode, stderr } = await call([mortal.addresses[0] ?? "", "Orders/fall", "--timeout", "1s"]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: .*\n {2}executed: unknown, the handler may have run\n/);
  });
});

describe("what a user gets wrong", () => {
  it.each<[argv: readonly string[], stdin: string, message: RegExp]>([
    [["Orders/gett"], "", /has no method "gett"\n {2}help: did you mean "Orders\/get"\?/],
    [["Ordesr/get"], "", /there is no "Ordesr" in the schema\n {2}help: did you mean "Orders"\?/],
    [["Nothing/get"], "", /there is no "Nothing" in the schema\n {2}help: there (is|are) .*Orders/],
    [["Ordr"], "", /there is no "Ordr"[^]*did you mean "Order/],
    [["Orders/get", '{ "idd": "x" }'], "", /request of city\.orders\.Orders\/get: \$: there is no "idd"; did you mean "id"\?/],
    [["Orders/get", "{ id: x }"], "", /it is no JSON: [^]*help: a shell takes quotes away/],
    [["Orders/get", '{ "id": 7 }'], "", /\$\.id: /],
    [["Orders/get", '"x"'], "", /\$: /],
    [["Orders/get", "@none.json"], "", /none\.json/],
    [["Orders/upload"], "1\n-2\n", /line 2 is no request of city\.orders\.Orders\/upload: \$: u32 /],
    [["Orders/upload"], "1\n\nnull\n", /line 3 [^]*null is no element/],
    [["Orders/get", "--header", "user"], "", /behind a "="/],
    [["Orders/get", "--timeout", "10"], "", /a number and its unit/],
    [["--ca", "none.pem"], "", /none\.pem/],
  ])("%j", async (argv, stdin, message) => {
    const { exitCode, stdout, stderr } = await call([tcp, ...argv], { stdin, cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  it.each<[argv: readonly string[], message: RegExp]>([
    [["Orders/gett"], /did you mean "Orders\/get"/],
    [["Ordr"], /there is no "Ordr"/],
    [["Orders/get", "{ id: x }"], /it is no JSON/],
    [["Orders/get", '{ "id": 7 }'], /\$\.id: /],
    [["Orders/get", "-"], /\$\.id: /],
    [["Orders/upload", "1\n-2\n"], /line 2 is no request/],
    [["Orders/upload", "@numbers.jsonl"], /line 3 is no request/],
  ])("with a schema of one's own, %j before anybody is asked", async (argv, message) => {
    writeFileSync(path.join(folder, "numbers.jsonl"), '1\n2\n"three"\n');
    const { exitCode, stdout, stderr } = await call(["tcp://127.0.0.1:1", ...argv, "--idl", ORDERS_IDL], { cwd: folder, stdin: '{ "id": false }' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  it("a schema of which no code can be made, before anybody is asked", async () => {
    writeFileSync(path.join(folder, "clash.idl"), "package a;\nservice S { @readonly then(); }\n");
    const { exitCode, stderr } = await call(["tcp://127.0.0.1:1", "S/then", "--idl", "clash.idl"], { cwd: folder });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error[RPC6005]");
  });

  it("an address where nobody is, or that is none", async () => {
    expect(await call(["tcp://127.0.0.1:1"])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("nobody listens there") });
    expect(await call(["tpc://127.0.0.1:1"])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean "tcp://127.0.0.1:1"') });
  });
});

describe("as a process", () => {
  it("sends each line as it comes and prints each answer as it comes; it ends with the call, though its input does not", async () => {
    const chat = callProcess(tcp, "Orders/chat");
    endWithTest(chat);
    chat.process.stdin?.write('"one"\n');
    await chat.until("stdout", '"ONE"\n');
    chat.process.stdin?.write('"bye"\n');
    expect(await chat.gone).toBe(0);
    expect(chat.said).toEqual({ stdout: '"ONE"\n"BYE"\n', stderr: "" });
  });

  it("cancels the call at Ctrl-C", async () => {
    const hanging = callProcess(tcp, "Orders/hang");
    endWithTest(hanging);
    await hanging.until("stdout", "1\n");
    hanging.process.kill("SIGINT");
    expect(await hanging.gone).toBe(1);
    expect(hanging.said.stderr).toMatch(/^error: CANCELLED/);
    await server.until("stderr", "cancelled hang");
  });

  it("cancels the call when nobody reads its answers any more", async () => {
    const watching = callProcess(tcp, "Orders/watch", '{ "count": 4000000000 }');
    endWithTest(watching);
    await watching.until("stdout", "\n");
    watching.process.stdout?.destroy();
    expect(await watching.gone).toBe(0);
    expect(watching.said.stderr).toBe("");
    await server.until("stderr", "cancelled watch");
  });

  it("calls a server that it starts itself", async () => {
    const address = "stdio:node test/call/stdio-server.js";
    const [listing, calling] = [callProcess(address), callProcess(address, "Reflection/files", "--idl", "runtime/reflection/idl/reflection.idl")];
    [listing, calling].forEach(endWithTest);
    expect(await listing.gone).toBe(0);
    expect(listing.said).toEqual({ stdout: "a.Silent\n", stderr: "" });
    expect(await calling.gone).toBe(0);
    expect(JSON.parse(calling.said.stdout)).toEqual({ path: "a.idl", text: "package a;\nservice Silent {}\n", served: true });
  });
});
