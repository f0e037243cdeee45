/** What a user may write against generated code, and what must not compile. Read by compilers alone, never run. */
import {
  Closed,
  OutOfStock,
  OrdersClient,
  Status,
  ordersService,
  type Basket,
  type BasketInit,
  type Order,
  type OrderInit,
  type OrdersHandlers,
  type Payment,
  type PaymentInit,
  type Point,
} from "../golden/orders/ts/orders.js";
import type { Appearances } from "../golden/forms/ts/forms.js";
import type { Caller, Context } from "@rpcgen/runtime/generated";

/** Compiles only where `A` and `B` are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => {};

declare const order: Order;
declare const payment: Payment;
declare const caller: Caller;

// What a caller writes may leave out what is optional or has a default, and nothing else.
const least: OrderInit = { id: "a", items: [{ sku: "b" }], labels: new Map(), placedAt: new Date() };
const saysUndefined: OrderInit = { ...least, note: undefined, status: undefined };
// @ts-expect-error: `labels` is required.
const lacking: OrderInit = { id: "a", items: [], placedAt: new Date() };
// @ts-expect-error: there is no such field.
const unknownField: OrderInit = { ...least, colour: "red" };

// What is read has its defaults, and may be written again as it is.
same<Order["status"], Status>(true);
same<Order["note"], string | undefined>(true);
const again: OrderInit = order;
const basket: Basket = order.items;
const basketInit: BasketInit = basket;
// @ts-expect-error: what is read has every default filled in.
const notRead: Order = least;
// @ts-expect-error: an absent optional is an absent key.
order.note = undefined;
order.note = "changed";

// An enum is open: a switch over its known numbers is not exhaustive.
function nameOf(status: Status): string {
  switch (status) {
    case Status.UNKNOWN:
    case Status.OPEN:
    case Status.PAID:
    case Status.CLOSED:
      return "known";
    default:
      // @ts-expect-error: there may be numbers that this version does not know.
      status satisfies never;
      return "unknown";
  }
}
// @ts-expect-error: a number is no status.
const notStatus: Status = 5;

// A union is told apart by its kind, and has members that this version does not know.
function describePayment(): string | Uint8Array {
  switch (payment.kind) {
    case "card":
      return payment.value.number;
    case "iban":
      return payment.value;
    case "$unknown":
      return payment.bytes;
  }
}
const card: PaymentInit = { kind: "card", value: { number: "1" } };
// @ts-expect-error: the value is that of another member.
const mixed: PaymentInit = { kind: "iban", value: { number: "1" } };

// Errors are made of their fields; their message is one of them.
const error = new OutOfStock({ message: "none left", sku: "b" }, { cause: "why" });
same<typeof error.sku, string>(true);
same<typeof error.until, Status>(true);
same<typeof error.next, Date | undefined>(true);
new Closed();
new Closed({}, { message: "closed" });
// @ts-expect-error: `sku` is required.
new OutOfStock({ message: "none left" });
// @ts-expect-error: the fields of an error are not changed.
error.sku = "c";

// A client takes what may be written and gives what is read.
async function call(): Promise<void> {
  const orders = new OrdersClient(caller);
  same<Awaited<ReturnType<typeof orders.get>>, Order>(true);
  await orders.place({ order: least, payment: card }, { timeoutMs: 100 });
  await orders.ring();
  await orders.ring({ times: 2 });
  await orders.ping();
  await orders.upload([{ data: new Uint8Array() }]);
  for await (const event of orders.watch({ from: 0n })) same<typeof event.order, Order>(true);
  for await (const line of orders.chat([{ text: "hello" }])) same<typeof line.text, string>(true);
  // @ts-expect-error: `id` is required.
  await orders.get();
  // @ts-expect-error: an u64 is a bigint.
  orders.watch({ from: 0 });
}

// Handlers get what is read, and answer what may be written, at once or later.
const handlers: OrdersHandlers = {
  get: ({ id }) => ({ ...least, id }),
  cancel: async ({ id, reason }) => {
    same<typeof reason, string | undefined>(true);
    return { ...least, id };
  },
  place: async ({ order: placed, payment: paid }) => {
    same<typeof placed, Order>(true);
    return { order: placed.id, paid };
  },
  pay: ({ id, payment: paid }, ctx) => {
    same<typeof ctx.tx, unknown>(true);
    return { order: id, paid };
  },
  step: async (_params, ctx) => {
    // @ts-expect-error: only an exactly-once method has a transaction.
    ctx.tx satisfies unknown;
  },
  ring: ({ times }) => {
    same<typeof times, number>(true);
  },
  async ping() {},
  async *watch({ from }, ctx) {
    same<typeof from, bigint>(true);
    if (!ctx.signal.aborted) yield { at: new Date(), order: least };
  },
  async upload(chunks) {
    for await (const chunk of chunks) same<typeof chunk.data, Uint8Array>(true);
    return { order: "a", paid: card };
  },
  async *chat(lines) {
    yield* lines;
  },
};
ordersService(handlers);
// @ts-expect-error: a method is missing.
const incomplete: OrdersHandlers = { ping() {} };

// The handlers of exactly-once methods get the transaction of the store that they were written for.
interface Ledger {
  put(key: string, value: Uint8Array): void;
}
const withLedger: OrdersHandlers<Ledger> = {
  ...handlers,
  pay: async ({ id, payment: paid }, ctx) => {
    same<typeof ctx.tx, Ledger>(true);
    ctx.tx.put(id, new Uint8Array());
    return { order: id, paid };
  },
};
ordersService(withLedger);
ordersService<Ledger>(withLedger);
// @ts-expect-error: the transaction of another store.
ordersService<Date>(withLedger);

// A readonly handler calls what is readonly and nothing else; any other handler calls what it likes.
const asReader: OrdersHandlers["get"] = async ({ id }, ctx) => {
  const reader = ctx.client(OrdersClient, caller);
  await reader.ping();
  for await (const event of reader.watch({ from: 0n })) same<typeof event.order, Order>(true);
  // @ts-expect-error: it has an effect.
  await reader.cancel({ id });
  // @ts-expect-error: it has an effect.
  reader["place"] satisfies unknown;
  // @ts-expect-error: a readonly handler is not given what another may ask for.
  ctx satisfies Context;
  return reader.get({ id });
};
const asWriter: OrdersHandlers["cancel"] = ({ id }, ctx) => {
  const writer = ctx.client(OrdersClient, caller);
  same<typeof writer, OrdersClient>(true);
  return writer.cancel({ id });
};
const asPayer: OrdersHandlers<Ledger>["pay"] = (params, ctx) => ctx.client(OrdersClient, caller).pay(params);
same<(typeof OrdersClient.readonlyMethods)[number], "get" | "ping" | "watch">(true);

// Fields appear as their annotations ask.
same<Appearances["id"], number>(true);
same<Appearances["byId"], Map<number, number[]>>(true);
same<Appearances["at"], bigint>(true);
same<Appearances["samples"], Float32Array>(true);
same<Appearances["rows"], Float64Array[]>(true);
same<Appearances["plainIds"], bigint[]>(true);
same<Point, { x: number; y: number }>(true);

export {
  again,
  asPayer,
  asReader,
  asWriter,
  basketInit,
  call,
  describePayment,
  incomplete,
  lacking,
  mixed,
  nameOf,
  notRead,
  notStatus,
  saysUndefined,
  unknownField,
};
