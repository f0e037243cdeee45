/**
 * Serves test/call/orders.idl: `ADDRESS`, and then "silent" for no reflection, "tls" for TLS, "fall" to die in the call of
 * that name. It prints where it listens, what it is told of calls that are cancelled, and closes when its standard input ends.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { serve, type Context } from "../../runtime/index.js";
import type { ServiceBinding } from "../../runtime/index.js";
import { reflectionService, type SchemaText } from "../../runtime/reflection/index.js";
import { loadModules } from "../load-generated.js";
import { testSides } from "../transport/tls-sides.js";

const [address = "", ...ways] = process.argv.slice(2);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const modules = await loadModules({ "orders.idl": readFileSync(fileURLToPath(new URL("orders.idl", import.meta.url)), "utf8") });
const { ordersService } = modules.load("orders.server.js") as { ordersService: (handlers: object) => ServiceBinding };
const { NotFound } = modules.load("orders.types.js") as { NotFound: new (fields: object, options: object) => Error };
const { ordersSchema } = modules.load("orders.schema.js") as { ordersSchema: SchemaText };

const order = (id: string) => ({ id, items: ["tea"], status: 1, placedAt: new Date(0), weight: 2n ** 60n });
const cancelled = (name: string, { signal }: Context): void => signal.addEventListener("abort", () => say(`cancelled ${name}`));

const handlers = {
  get({ id }: { id: string }) {
    if (id.startsWith("none")) throw new NotFound({ id }, { message: `there is no order ${id}` });
    return order(id);
  },
  place: ({ items, note }: { items: string[]; note?: string }) => ({ ...order("new"), items, ...(note !== undefined && { note }) }),
  forget: () => undefined,
  names: () => ["a", "\u009b31mb"],
  async *watch({ from, count }: { from: bigint; count: number }, context: Context) {
    cancelled("watch", context);
    for (let at = 0; at < count; at++) yield order(String(from + BigInt(at)));
  },
  async upload(numbers: AsyncIterable<number>) {
    let sum = 0n;
    for await (const number of numbers) {
      say(`took ${number}`);
      sum += BigInt(number);
    }
    return sum;
  },
  async *chat(lines: AsyncIterable<string>) {
    for await (const line of lines) {
      yield line.toUpperCase();
      if (line === "bye") return;
    }
  },
  whoami: (_: unknown, { headers }: Context) => new Map(Object.entries({ user: headers["user"] ?? "", trace: headers["trace"] ?? "" })),
  async *hang(_: unknown, context: Context) {
    cancelled("hang", context);
    yield 1;
    await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
  },
  fall: () => void process.kill(process.pid, "SIGKILL"),
};

const server = await serve({
  listen: address,
  services: [ordersService(handlers), ...(ways.includes("silent") ? [] : [reflectionService(ordersSchema)])],
  ...(ways.includes("tls") && { tls: testSides().server }),
});
say(server.addresses[0] ?? "");
if (!address.startsWith("stdio:")) process.stdin.resume().on("end", () => void server.close({ graceMs: 0 }));
