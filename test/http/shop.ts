/** The shop of docs/http.md: its generated code, handlers, and a server of it over HTTP. */
import { readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { cacheControl } from "../../runtime/http/index.js";
import { serve, type CallOptions, type Channel, type Context, type RpcError, type ServeOptions, type ServiceBinding } from "../../runtime/index.js";
import { memoryStore } from "../../runtime/idempotency/index.js";
import { loadModules } from "../load-generated.js";

const page = readFileSync(new URL("../../docs/http.md", import.meta.url), "utf8");
const [, schema = ""] = /^```idl\n(.*?)^```$/ms.exec(page) ?? [];
const modules = await loadModules({ "shop.idl": schema });

interface Item {
  readonly sku: string;
  readonly quantity: number;
}

export interface Order {
  readonly id: string;
  readonly items: readonly Item[];
  readonly note?: string;
}

/** The generated client. */
export interface Orders {
  get(params: { id: string }, options?: CallOptions): Promise<Order>;
  place(params: { items: readonly Item[]; note?: string }, options?: CallOptions): Promise<Order>;
  ring(params: { times: number; secret?: string }, options?: CallOptions): Promise<number>;
  cancel(params: { id: string }, options?: CallOptions): Promise<void>;
  watch(params: { from: number }, options?: CallOptions): AsyncIterable<Order>;
  upload(items: AsyncIterable<Item> | readonly Item[], options?: CallOptions): Promise<number>;
  step(params: { round: bigint }): Promise<void>;
}

interface Shop {
  ordersService(handlers: object): ServiceBinding;
  readonly OrdersClient: new (channel: Channel) => Orders;
  readonly NotFound: new (fields: { id: string }) => RpcError;
  readonly OutOfStock: new (fields: { sku: string }) => RpcError;
}

export const { ordersService, OrdersClient, NotFound, OutOfStock } = modules.load("shop.js") as unknown as Shop;

/** What the handlers have done. */
export interface Books {
  readonly runs: string[];
  /** Of the last call that began. */
  ctx: Context | undefined;
}

const PLACED_AT = new Date("2026-11-27T12:00:00Z");

export function shop(): { readonly service: ServiceBinding; readonly books: Books } {
  const books: Books = { runs: [], ctx: undefined };
  const order = (id: string, items: readonly Item[] = [{ sku: "tea", quantity: 2 }]) => ({ id, items, placedAt: PLACED_AT, labels: new Map([["shop", "one"]]) });
  const begin = (name: string, ctx: Context): void => {
    books.runs.push(name);
    books.ctx = ctx;
  };
  const handlers = {
    get({ id }: { id: string }, ctx: Context) {
      begin("get", ctx);
      if (id === "404") throw new NotFound({ id });
      if (id === "cached") cacheControl(ctx, "public, max-age=60");
      return order(id);
    },
    place({ items, note }: { items: readonly Item[]; note?: string }, ctx: Context) {
      begin("place", ctx);
      const missing = items.find(({ quantity }) => quantity > 100);
      if (missing !== undefined) throw new OutOfStock({ sku: missing.sku });
      return { ...order(`order-${books.runs.length}`, items), ...(note !== undefined && { note }) };
    },
    async ring({ times }: { times: number }, ctx: Context) {
      begin("ring", ctx);
      if (times === 9) await new Promise((_, reject) => ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason)));
      return times;
    },
    cancel(_: object, ctx: Context) {
      begin("cancel", ctx);
    },
    async *watch({ from }: { from: number }, ctx: Context) {
      begin("watch", ctx);
      if (from === 404) throw new NotFound({ id: "404" });
      try {
        for (let n = from; n < from + 3; n++) yield order(String(n));
        if (from === 13) throw new NotFound({ id: "16" });
        if (from === 99) await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      } finally {
        books.runs.push("watched");
      }
    },
    async upload(items: AsyncIterable<Item>, ctx: Context) {
      begin("upload", ctx);
      let sum = 0;
      for await (const { sku, quantity } of items) {
        if (quantity > 100) throw new OutOfStock({ sku });
        sum += quantity;
      }
      return sum;
    },
    async *chat(lines: AsyncIterable<string>) {
      yield* lines;
    },
    step() {},
  };
  return { service: ordersService(handlers), books };
}

export interface Served {
  /** "http://127.0.0.1:40123" */
  readonly url: string;
  readonly books: Books;
  readonly close: (graceMs?: number) => Promise<void>;
}

export async function served(options: Partial<ServeOptions> = {}): Promise<Served> {
  const { service, books } = shop();
  const server = await serve({ listen: "http://127.0.0.1:0", services: [service], store: memoryStore(), onError: () => {}, ...options });
  const close = (graceMs = 0): Promise<void> => server.close({ graceMs });
  onTestFinished(() => close());
  return { url: server.addresses[0] ?? "", books, close };
}
