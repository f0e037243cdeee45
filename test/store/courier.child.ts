/**
 * Takes orders, each in a transaction that also puts a letter into the outbox, and delivers the letters: `KIND PLACE LIFE [DIES_AT]`, of
 * which the kind is "log" or "postgres". Prints "stored KEY NUMBER" for the orders that it finds and then "open", "order KEY NUMBER" for
 * each commit, and "letter ID KEY NUMBER" for each delivery; within the delivery DIES_AT it kills itself. Life 0 takes no orders.
 */
import pg from "pg";
import { logOutbox, openLogStore } from "../../runtime/store/log/index.js";
import { deliverOutbox, type OutboxEntry } from "../../runtime/store/outbox/index.js";
import { openPostgresStore, postgresOutbox } from "../../runtime/store/postgres/index.js";
import { say } from "./say.js";

const LANES = 4;
const AT_ONCE = 8;
const [kind = "", place = "", life = "0", diesAt = "0"] = process.argv.slice(2);

interface Counter {
  stored(): Promise<string[]>;
  take(key: string, number: number): Promise<unknown>;
  deliver(deliver: (entry: OutboxEntry) => Promise<void>): void;
}

const options = { concurrency: AT_ONCE, pollMs: 2 };
const payloadOf = (key: string, number: number): Uint8Array => new TextEncoder().encode(`${key} ${number}`);

async function logCounter(): Promise<Counter> {
  const store = await openLogStore(place, { compactBytes: 8_000 });
  const outbox = logOutbox(store);
  return {
    stored: () =>
      store.transact(async ({ tx }) => {
        const found: string[] = [];
        for await (const { key } of tx.scan({ prefix: "order/" })) found.push(key.slice("order/".length).replace("/", " "));
        return found;
      }),
    take: (key, number) =>
      store.transact(async ({ tx }) => {
        await tx.put(`order/${key}/${number}`, new Uint8Array(100));
        await outbox.enqueue(tx, { key, payload: payloadOf(key, number) });
      }),
    deliver: (deliver) => void deliverOutbox(outbox, deliver, options),
  };
}

async function postgresCounter(): Promise<Counter> {
  const pool = new pg.Pool({ host: place, user: "test", database: "postgres", max: 20 });
  pool.on("error", () => {});
  const store = await openPostgresStore<pg.PoolClient>(pool);
  const outbox = postgresOutbox(pool);
  return {
    stored: async () => (await pool.query<{ key: string; number: number }>("SELECT key, number FROM orders")).rows.map(({ key, number }) => `${key} ${number}`),
    take: (key, number) =>
      store.transact(async ({ tx }) => {
        await tx.query("INSERT INTO orders VALUES ($1, $2)", [key, number]);
        await outbox.enqueue(tx, { key, payload: payloadOf(key, number) });
      }),
    deliver: (deliver) => void deliverOutbox(outbox, deliver, options),
  };
}

const counter = await (kind === "log" ? logCounter() : postgresCounter());
for (const order of await counter.stored()) say(`stored ${order}`);
say("open");
let letters = 0;
counter.deliver(async ({ id, payload }) => {
  say(`letter ${id} ${new TextDecoder().decode(payload)}`);
  letters += 1;
  if (letters === Number(diesAt)) process.kill(process.pid, "SIGKILL");
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
});
const lane = async (_: unknown, index: number): Promise<void> => {
  for (let count = 1; ; count += 1) {
    const number = Number(life) * 1_000_000 + count;
    await counter.take(`k${index}`, number);
    say(`order k${index} ${number}`);
  }
};
if (life !== "0") await Promise.all(Array.from({ length: LANES }, lane));
