/** The service of orders.idl, with its schema, as generated code has them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { RpcError, type Context, type ServiceBinding } from "../../runtime/index.js";
import type { SchemaText } from "../../runtime/reflection/index.js";
import { loadModules } from "../load-generated.js";

export const ORDERS_IDL = fileURLToPath(new URL("orders.idl", import.meta.url));

export interface OrdersService {
  readonly service: ServiceBinding;
  readonly schema: SchemaText;
}

/** `say` is told of what clients cannot see. */
export async function ordersService(say: (line: string) => void): Promise<OrdersService> {
  const modules = await loadModules({ "orders.idl": readFileSync(ORDERS_IDL, "utf8") });
  const { ordersService: bind } = modules.load("orders.server.js") as { ordersService: (handlers: object) => ServiceBinding };
  const { NotFound } = modules.load("orders.types.js") as { NotFound: new (fields: object, options: object) => Error };
  const { ordersSchema } = modules.load("orders.schema.js") as { ordersSchema: SchemaText };

  const order = (id: string) => ({ id, items: ["tea"], status: 1, placedAt: new Date(0), weight: 2n ** 60n });
  const watched = (name: string, { signal }: Context): void => signal.addEventListener("abort", () => say(`cancelled ${name}`));
  let failures = 1;
  const service = bind({
    get({ id }: { id: string }) {
      if (id.startsWith("none")) throw new NotFound({ id }, { message: `there is no order ${id}` });
      return order(id);
    },
    place: ({ items, note }: { items: string[]; note?: string }) => ({ ...order("new"), items, ...(note !== undefined && { note }) }),
    forget() {
      if (failures-- > 0) throw new RpcError({ code: "UNAVAILABLE", message: "not now" });
    },
    names: () => ["a", "\u009b31mb"],
    async *watch({ from, count }: { from: bigint; count: number }, context: Context) {
      watched("watch", context);
      for (let at = 0; at < count; at++) yield order(String(from + BigInt(at)));
    },
    async upload(numbers: AsyncIterable<number>) {
      let sum = 0n;
      for await (const number of numbers) sum += BigInt(number);
      return sum;
    },
    async *chat(lines: AsyncIterable<string>) {
      for await (const line of lines) {
        yield line.toUpperCase();
        if (line === "bye") return;
      }
    },
    whoami: (_: object, { headers }: Context) => new Map(Object.entries({ user: headers["user"] ?? "", trace: headers["trace"] ?? "" })),
    async *hang(_: object, context: Context) {
      watched("hang", context);
      yield 1;
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
    },
    fall: () => void process.kill(process.pid, "SIGKILL"),
  });
  return { service, schema: ordersSchema };
}
