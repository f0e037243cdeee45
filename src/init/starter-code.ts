/** The schema and the program of a new project: one service, a method for each of three promises. */

export const IDL = `/// Orders of a small shop, and what a caller may rely on.
package orders;

enum Status {
  UNKNOWN = 0;
  OPEN = 1;
  CANCELLED = 2;
}

message Order {
  id: string = 1;
  items: string[] = 2;
  status: Status = 3;
}

/// There is no order with this id.
@code(NOT_FOUND)
error NoSuchOrder {
  id: string = 1;
}

/// Where customers order.
service Orders {
  /// Changes nothing, so the client asks again by itself when an answer is lost.
  @readonly get(id: string) -> Order throws NoSuchOrder;

  /// An order that is cancelled twice is cancelled, so this is sent again by itself, too.
  @idempotent cancel(id: string) -> Order throws NoSuchOrder;

  /// Two runs would be two orders, so it runs once or not at all, whatever is sent again.
  @atMostOnce place(@length(min: 1, max: 100) items: string[]) -> Order;
}
`;

export const HANDLERS = `/** What the service does. The types come from idl/orders.idl, by \`rpcgen generate\`. */
import { setTimeout as sleep } from "node:timers/promises";
import { NoSuchOrder, Status, type Order, type OrdersHandlers } from "./gen/orders.js";

export const orders = new Map<string, Order>();

function find(id: string): Order {
  const order = orders.get(id);
  if (order === undefined) throw new NoSuchOrder({ id });
  return order;
}

export const handlers: OrdersHandlers = {
  get: ({ id }) => find(id),

  cancel({ id }) {
    const cancelled = { ...find(id), status: Status.CANCELLED };
    orders.set(id, cancelled);
    return cancelled;
  },

  async place({ items }) {
    const order = { id: \`order-\${orders.size + 1}\`, items, status: Status.OPEN };
    orders.set(order.id, order);
    await sleep(60); // The answer takes its time: src/client.ts shows what that means for an impatient caller.
    return order;
  },
};
`;

export const SERVER = `import { serve, type Server } from "@rpcgen/runtime";
import { ordersService } from "./gen/orders.js";
import { handlers } from "./handlers.js";

/** Serves orders at an address: "tcp://127.0.0.1:4000", "unix:/tmp/orders.sock", "ws://127.0.0.1:4000/rpc", and others. */
export function startServer(address: string): Promise<Server> {
  return serve({ listen: [address], services: [ordersService(handlers)] });
}
`;

export const CLIENT = `import { connect, outcomeOf } from "@rpcgen/runtime";
import { NoSuchOrder, OrdersClient } from "./gen/orders.js";

/** Calls a server, and tells what came of it. */
export async function callServer(address: string): Promise<void> {
  const channel = await connect(address);
  const client = new OrdersClient(channel);

  const order = await client.place({ items: ["tea", "biscuits"] });
  console.log(\`placed     \${order.id}: \${order.items.join(", ")}\`);
  await client.cancel({ id: order.id });
  await client.cancel({ id: order.id });
  console.log("cancelled  twice, which is the same as once");

  // A declared error is a class of its own, fields and all.
  await client.get({ id: "order-0" }).catch((error: unknown) => {
    if (!(error instanceof NoSuchOrder)) throw error;
    console.log(\`refused    there is no \${error.id}\`);
  });

  // Nobody waited for this answer. Was the order placed? The outcome says what is known, and settle() asks the server.
  const outcome = await outcomeOf(client.place({ items: ["cake"] }, { timeoutMs: 30 }));
  console.log(\`gave up    place() after 30 ms; executed: \${outcome.executed}\`);
  if (outcome.executed === "unknown") {
    const settled = await outcome.settle();
    console.log(\`asked      executed: \${settled.executed}\${settled.value === undefined ? "" : \`, it is \${settled.value.id}\`}\`);
  }
  await channel.close();
}
`;

export const MAIN = `/** npm start serves and calls in one process; npm run serve and npm run call do it in two. */
import { callServer } from "./client.js";
import { startServer } from "./server.js";

const [mode = "both", address = mode === "both" ? "tcp://127.0.0.1:0" : "tcp://127.0.0.1:4000"] = process.argv.slice(2);
if (mode === "call") {
  await callServer(address);
} else {
  const server = await startServer(address);
  console.log(\`serving    \${server.addresses.join(", ")}\`);
  if (mode === "both") {
    await callServer(server.addresses[0] ?? address);
    await server.close();
  }
}
`;

export const TEST = `import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, type Channel, type Server } from "@rpcgen/runtime";
import { NoSuchOrder, OrdersClient, Status } from "../src/gen/orders.js";
import { startServer } from "../src/server.js";

let server: Server;
let channel: Channel;
before(async () => {
  server = await startServer("inproc:orders");
  channel = await connect("inproc:orders");
});
after(async () => {
  await channel.close();
  await server.close();
});

test("what was placed can be read and cancelled", async () => {
  const client = new OrdersClient(channel);
  const { id } = await client.place({ items: ["tea"] });
  assert.equal((await client.get({ id })).status, Status.OPEN);
  await client.cancel({ id });
  assert.deepEqual(await client.get({ id }), { id, items: ["tea"], status: Status.CANCELLED });
});

test("what was not placed cannot", async () => {
  await assert.rejects(new OrdersClient(channel).cancel({ id: "order-0" }), NoSuchOrder);
});
`;

export const VERIFY = `/** For rpcgen verify: the promises of idl/orders.idl, tested on the handlers. */
import { handlers, orders } from "../src/handlers.js";

export { handlers };
export const reset = (): void => orders.clear();
export const snapshot = (): unknown => orders;
`;
