/** Who goes to a definition in an editor ends in the schema. */
import path from "node:path";
import { eachMapping, TraceMap } from "@jridgewell/trace-mapping";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import type { Span } from "../../src/text/span.js";
import { packageOf, Project, schemasIn } from "./make-package.js";
import { TypeScriptServer } from "./typescript-server.js";

const schemas = schemasIn("test/sdk/idl");
const project = new Project();
let files: Record<string, string> = {};

beforeAll(async () => {
  files = await packageOf(schemas, "@acme/shop");
  project.install("@acme/shop", files);
});
afterAll(() => project.remove());

describe("the server that editors run", () => {
  const program = `import { OrdersClient, NotFound, Status, OrderCodec, type Order, type Payment, type OrdersHandlers, MAX_ITEMS } from "@acme/shop/orders";
import { v2, CouriersClient } from "@acme/shop";
declare const client: OrdersClient;
declare const couriers: CouriersClient;
declare const handlers: OrdersHandlers;
const order: Order = await client.get({ id: "" });
const payment: Payment = { kind: "card", value: "1" };
console.log(order.total, order.at.x, Status.OPEN, new NotFound({ id: "" }).id, OrderCodec, MAX_ITEMS, payment, couriers.renew, handlers.place, v2.OrdersClient);
new OrdersClient(client as never);
`;
  let server: TypeScriptServer;
  beforeAll(async () => {
    project.write("tsconfig.json", JSON.stringify({ compilerOptions: { module: "NodeNext", target: "ES2023", lib: ["ES2024"], types: [] }, files: ["main.ts"] }));
    server = new TypeScriptServer(project.write("main.ts", program), program);
    // The first question waits for the whole program.
    await server.definition(program.indexOf("OrdersClient"));
  });
  afterAll(() => server.stop());

  /** What is pointed at, and the line of the schema where that is declared. */
  test.each([
    ["OrdersClient;", "orders.idl", "service Orders {"],
    ["OrdersClient(", "orders.idl", "service Orders {"],
    ["get(", "orders.idl", "get(id: uuid) -> Order throws NotFound;"],
    ['id: "" });\nconst', "orders.idl", "get(id: uuid) -> Order throws NotFound;"],
    ["Order =", "orders.idl", "message Order {"],
    ["total,", "orders.idl", "total: money.Money = 8;"],
    ["x,", "orders.idl", "x: f64;"],
    ["Status.OPEN", "orders.idl", "enum Status {"],
    ["OPEN,", "orders.idl", "OPEN = 1;"],
    ["NotFound(", "orders.idl", "error NotFound {"],
    ["id, OrderCodec", "orders.idl", "id: uuid = 1;"],
    ["OrderCodec, MAX_ITEMS, payment", "orders.idl", "message Order {"],
    ["MAX_ITEMS, payment", "orders.idl", "const MAX_ITEMS"],
    ["value: ", "orders.idl", "card: string = 1;"],
    ["Payment =", "orders.idl", "union Payment {"],
    ["renew,", "orders.idl", "new("],
    ["place,", "orders.idl", "place("],
    ["OrdersClient);", "v2/orders.idl", "service Orders {"],
  ])("leads from %s to %s: %s", async (word, schema, line) => {
    const { file, start, end } = await server.definition(program.indexOf(word));
    expect(file).toBe(path.join(project.folder, "node_modules/@acme/shop/idl", schema));
    const found = (schemas[schema] ?? "").split("\n")[start.line - 1] ?? "";
    expect(found).toContain(line);
    // All of a name, and nothing else.
    expect([end.line, found.slice(start.offset - 1, end.offset - 1)]).toEqual([start.line, expect.stringMatching(/^\w+$/)]);
  });
});

describe("the maps", () => {
  /** Every name in the schemas, as `line:column` by file. */
  const declared = (): Map<string, string[]> => {
    const { schema, diagnostics } = compile({ sources: schemas, targets: [] });
    expect(diagnostics).toEqual([]);
    const names = new Map<string, string[]>();
    for (const file of schema?.files ?? []) {
      const text = schemas[file.path] ?? "";
      const placed = (part: unknown): number[] => {
        if (typeof part !== "object" || part === null) return [];
        const own = "span" in part && "name" in part && !("kind" in part && part.kind === "annotation") ? [(part.span as Span).start] : [];
        return [...own, ...Object.values(part).flatMap(placed)];
      };
      names.set(file.path, file.declarations.flatMap(placed).map((at) => `${text.slice(0, at).split("\n").length}:${at - text.lastIndexOf("\n", at - 1) - 1}`));
    }
    return names;
  };

  test("lead to every name of the schemas, and to nothing else", () => {
    const reached = new Map(Object.keys(schemas).map((schema) => [schema, new Set<string>()]));
    for (const [file, text] of Object.entries(files).filter(([name]) => name.endsWith(".d.ts") && name.startsWith("dist/gen/"))) {
      expect(text.endsWith(`\n//# sourceMappingURL=${path.basename(file)}.map\n`)).toBe(true);
      const lines = text.split("\n");
      eachMapping(new TraceMap(files[`${file}.map`] ?? ""), ({ source, generatedLine, generatedColumn, originalLine, originalColumn }) => {
        const schema = path.posix.relative("idl", path.posix.join(path.posix.dirname(file), source ?? ""));
        // Where a name begins that is made of the one in the schema.
        const word = /^\w+/.exec(lines[generatedLine - 1]?.slice(generatedColumn) ?? "")?.[0];
        const meant = /^\w+/.exec((schemas[schema] ?? "").split("\n")[(originalLine ?? 0) - 1]?.slice(originalColumn ?? 0) ?? "")?.[0];
        if (word !== undefined && meant !== undefined && (word.startsWith(meant) || word === "renew" || word.startsWith("Couriers"))) reached.get(schema)?.add(`${originalLine}:${originalColumn}`);
      });
    }
    const names = declared();
    expect([...names.values()].flat().length).toBeGreaterThan(60);
    for (const [schema, places] of names) expect([...(reached.get(schema) ?? [])].sort(), schema).toEqual([...new Set(places)].sort());
  });
});
