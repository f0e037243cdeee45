/** A real server that is lost: before, at and after the commit, by a cut line, by a crash; and replicas that race. */
import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type CompletionKey, CommitRefused, CommitUnknown, StoreUnavailable } from "../../runtime/idempotency/completion-store.js";
import { migrate, openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "../../runtime/store/postgres/index.js";
import { describeUnless } from "../left-out.js";
import { call, completion, reply } from "./call.js";
import { CuttingProxy } from "./cutting-proxy.js";
import { Cluster, missingPostgres } from "./postgres-cluster.js";

describeUnless(missingPostgres(), "PostgreSQL that fails", () => {
  let cluster: Cluster;
  let direct: pg.Pool;
  let proxy: CuttingProxy;
  const pools: pg.Pool[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
    direct = cluster.pool();
    await migrate(direct);
    await direct.query("CREATE TABLE entries (client text, sequence integer, PRIMARY KEY (client, sequence))");
    proxy = await CuttingProxy.start(cluster.socket);
  });
  afterAll(async () => {
    await proxy.close();
    await direct.end();
    await cluster.remove();
  });
  beforeEach(async () => {
    await direct.query("TRUNCATE entries, rpcgen.completions, rpcgen.clients");
    proxy.down = false;
    proxy.cut = undefined;
  });
  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.end();
  });

  function pool(options: pg.PoolConfig): pg.Pool {
    const made = cluster.pool(options);
    pools.push(made);
    return made;
  }
  const throughProxy = (): pg.Pool => pool({ host: "127.0.0.1", port: proxy.port });
  const open = (over: pg.Pool, options?: PostgresStoreOptions) => openPostgresStore<pg.PoolClient>(over, options);

  /** Returns whether it ran, or was answered from its completion. */
  function deposit(store: PostgresStore<pg.PoolClient>, key: CompletionKey): Promise<"ran" | "known"> {
    return store.transact(async (transaction) => {
      if ((await transaction.find(key)) !== undefined) return "known";
      await transaction.tx.query("INSERT INTO entries VALUES ($1, $2)", [key.client, key.sequence]);
      await transaction.put(key, completion(1, reply("done")));
      return "ran";
    });
  }

  /** How many effects there are, and how many completions; each of one has the other. */
  async function counts(): Promise<[effects: number, completions: number]> {
    const { rows } = await direct.query(`SELECT count(entries.client)::int AS effects, count(done.client)::int AS completions FROM entries
      FULL JOIN rpcgen.completions AS done ON replace(done.client::text, '-', '') = entries.client AND done.sequence = entries.sequence`);
    const [{ effects, completions }] = rows as [{ effects: number; completions: number }];
    return [effects, completions];
  }

  test("a commit whose answer is lost is found to stand", async () => {
    const store = await open(throughProxy());
    proxy.cut = "after";
    expect(await deposit(store, call(1, 1))).toBe("ran");
    expect(proxy.cut).toBeUndefined();
    expect(await counts()).toEqual([1, 1]);
    expect(await deposit(store, call(1, 1))).toBe("known");
  });

  test("a commit that never arrived is found to be undone", async () => {
    const store = await open(throughProxy());
    proxy.cut = "before";
    await expect(deposit(store, call(1, 1))).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await counts()).toEqual([0, 0]);
    expect(await deposit(store, call(1, 1))).toBe("ran");
  });

  test("a commit that the server is still at is waited for, though nothing shows of it yet", async () => {
    await direct.query(`CREATE OR REPLACE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$`);
    await direct.query("CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit()");
    const holder = await direct.connect();
    await holder.query("SELECT pg_advisory_lock(7)");
    const store = await open(throughProxy());
    const cut = new Promise<void>((resolve) => (proxy.onCut = resolve));
    proxy.cut = "during";
    const answer = deposit(store, call(1, 1));
    await cut;
    expect(await store.find(call(1, 1))).toBeUndefined();
    await holder.query("SELECT pg_advisory_unlock(7)");
    holder.release();
    expect(await answer).toBe("ran");
    expect(await counts()).toEqual([1, 1]);
    await direct.query("DROP TRIGGER slow ON entries");
  });

  test("with nobody to ask, a commit without an answer is unknown; later the completion tells", async () => {
    const store = await open(throughProxy(), { settleMs: 200 });
    proxy.onCut = () => (proxy.down = true);
    proxy.cut = "after";
    await expect(deposit(store, call(1, 1))).rejects.toBeInstanceOf(CommitUnknown);
    await expect(store.find(call(1, 1))).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(deposit(store, call(1, 2))).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(store.acknowledge("ann", call(1, 1).client, 1)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(store.collect(0)).rejects.toBeInstanceOf(StoreUnavailable);
    proxy.onCut = () => {};
    proxy.down = false;
    expect(await store.find(call(1, 1))).toEqual({ ...completion(1, reply("done")), completedAt: expect.any(Number) as number });
    expect(await deposit(store, call(1, 1))).toBe("known");
  });

  test("a line that is cut while the handler runs commits nothing", async () => {
    const store = await open(throughProxy());
    const work = store.transact(async (transaction) => {
      await transaction.tx.query("INSERT INTO entries VALUES ('a', 1)");
      proxy.cutAll();
      await transaction.tx.query("SELECT 1").catch(() => {});
      await transaction.put(call(1, 1), completion(1)).catch(() => {});
      return "done";
    });
    await expect(work).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await counts()).toEqual([0, 0]);
  });

  test("two replicas that race for the same calls run each once, and have one id", async () => {
    const [one, other] = [await open(pool({})), await open(pool({}))];
    expect(one.id).toBe(other.id);
    const keys = Array.from({ length: 30 }, (_, index) => call(index % 5, 1 + index));
    const answers = await Promise.all(keys.flatMap((key) => [deposit(one, key), deposit(other, key), deposit(one, key)]));
    expect(answers.filter((answer) => answer === "ran").length).toBe(keys.length);
    expect(await counts()).toEqual([keys.length, keys.length]);
  });

  test.each(["the server", "the process of one connection"])("commits under load survive a crash of %s", { timeout: 90_000 }, async (victim) => {
    const store = await open(pool({}), { settleMs: 20_000 });
    const answered: CompletionKey[] = [];
    let unanswered = 0;
    let over = false;
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let sequence = 1; !over; sequence++) {
        try {
          await deposit(store, call(client, sequence));
          answered.push(call(client, sequence));
        } catch (error) {
          expect(error, String(error)).toBeInstanceOf(StoreUnavailable);
          unanswered += 1;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    });
    try {
      for (let crash = 0; crash < 3; crash++) {
        const before = answered.length;
        while (answered.length < before + 50) await new Promise((resolve) => setTimeout(resolve, 5));
        if (victim === "the server") {
          await cluster.crash();
          await cluster.restart();
        } else {
          const { rows } = await direct.query("SELECT pid FROM pg_stat_activity WHERE query LIKE '%entries%' OR query = 'COMMIT' ORDER BY random() LIMIT 2");
          await cluster.killConnections((rows as { pid: number }[]).map(({ pid }) => pid));
        }
      }
    } finally {
      over = true;
    }
    await Promise.all(clients);
    expect(unanswered).toBeGreaterThan(0);
    const [effects, completions] = await counts();
    expect(effects).toBe(completions);
    expect(effects).toBeGreaterThanOrEqual(answered.length);
    for (const key of answered) expect(await deposit(store, key)).toBe("known");
    expect(await counts()).toEqual([effects, completions]);
  });

  test("a statement that failed spoils the transaction, though its error was dropped", async () => {
    const store = await open(pool({}));
    const work = store.transact(async (transaction) => {
      await transaction.tx.query("INSERT INTO entries VALUES ('a', 1)");
      await transaction.tx.query("SELECT * FROM nowhere").catch(() => {});
      return "done";
    });
    await expect(work).rejects.toThrow('relation "nowhere" does not exist');
    expect(await counts()).toEqual([0, 0]);
  });

  test("a handler can go back to its own savepoint, and cannot end the transaction", async () => {
    const store = await open(pool({}));
    await store.transact(async (transaction) => {
      await transaction.find(call(1, 1));
      await transaction.tx.query("SAVEPOINT here");
      await transaction.tx.query("SELECT * FROM nowhere").catch(() => {});
      await transaction.tx.query("ROLLBACK TO SAVEPOINT here");
      await transaction.tx.query("INSERT INTO entries VALUES ($1, 1)", [call(1, 1).client]);
      for (const text of ["COMMIT", " rollback", "BEGIN", "end;", "ABORT", "START TRANSACTION", "-- done\nCOMMIT", "/* by ** hand */ ; COMMIT"]) {
        await expect(transaction.tx.query(text)).rejects.toThrow("The store begins and ends the transaction");
      }
      await transaction.tx.query("/* a */ SELECT CASE WHEN true THEN 1 /* b */ END -- c");
      await transaction.put(call(1, 1), completion(1));
    });
    expect(await counts()).toEqual([1, 1]);
  });

  test("a constraint that is checked at the commit rejects as itself, and nothing stands", async () => {
    await direct.query("CREATE TABLE IF NOT EXISTS once (value integer UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    const store = await open(pool({}));
    const work = store.transact(async (transaction) => {
      await transaction.tx.query("INSERT INTO once VALUES (1), (1)");
      await transaction.put(call(1, 1), completion(1));
    });
    await expect(work).rejects.toThrow(CommitRefused);
    await expect(work).rejects.toMatchObject({ message: expect.stringContaining("duplicate key") as string, cause: { code: "23505" } });
    expect(await store.find(call(1, 1))).toBeUndefined();
  });

  test("connections come back to the pool, whatever happened on them", async () => {
    const few = pool({ max: 2 });
    const store = await open(few);
    for (let sequence = 1; sequence <= 6; sequence++) {
      await store.transact(() => Promise.reject(new Error("no"))).catch(() => {});
      await deposit(store, call(1, sequence));
    }
    expect(few.waitingCount).toBe(0);
    expect(few.idleCount).toBe(few.totalCount);
  });

  test("a conflict that shows at the commit costs no connection", async () => {
    await direct.query("DROP TABLE IF EXISTS pairs; CREATE TABLE pairs (name text PRIMARY KEY, value integer); INSERT INTO pairs VALUES ('a', 0), ('b', 0)");
    const few = pool({ max: 2 });
    let closed = 0;
    few.on("remove", () => void (closed += 1));
    const store = await open(few);
    const runs: string[] = [];
    let arrived = 0;
    let letGo = (): void => {};
    const both = new Promise<void>((resolve) => (letGo = resolve));
    // Each reads what the other writes: one of them has to be run again.
    const skew = (read: string, write: string): Promise<void> =>
      store.transact(async ({ tx }) => {
        runs.push(write);
        await tx.query("SELECT value FROM pairs WHERE name = $1", [read]);
        await tx.query("UPDATE pairs SET value = value + 1 WHERE name = $1", [write]);
        if (++arrived === 2) letGo();
        await both;
      });
    await Promise.all([skew("a", "b"), skew("b", "a")]);
    expect(runs.length).toBeGreaterThan(2);
    expect(closed).toBe(0);
  });

  test("a server whose clock is wrong collects nothing that others need, nor does it lose its own", async () => {
    const store = await open(pool({}));
    const right = Date.now;
    const at = async <T>(offsetMs: number, what: () => Promise<T>): Promise<T> => {
      const clock = vi.spyOn(Date, "now").mockImplementation(() => right.call(Date) + offsetMs);
      try {
        return await what();
      } finally {
        clock.mockRestore();
      }
    };
    const put = (key: CompletionKey) => store.transact((transaction) => transaction.put(key, completion(Date.now(), reply("done"))));
    const days = 86_400_000;
    await put(call(1, 1));
    await at(-30 * days, () => put(call(2, 1)));
    await at(-30 * days, () => store.acknowledge("ann", call(3, 1).client, 7));
    expect(await store.collect(Date.now())).toBe(0);
    expect(await at(2 * days, () => store.collect(Date.now()))).toBe(0);
    for (const key of [call(1, 1), call(2, 1)]) expect(await store.find(key)).toMatchObject({ outcome: { kind: "reply" } });
    expect(await store.transact((transaction) => transaction.watermark("ann", call(3, 1).client))).toBe(7);
  });

  test("a database without the tables is refused with the remedy", async () => {
    await expect(open(direct, { schema: "nobody" })).rejects.toThrow("call migrate(pool) once");
  });

  test("many servers make the tables at once", async () => {
    const schema = 'odd "name"';
    await Promise.all(Array.from({ length: 6 }, () => migrate(direct, { schema })));
    const ids = await Promise.all(Array.from({ length: 3 }, async () => (await open(direct, { schema })).id));
    expect(new Set(ids).size).toBe(1);
  });

  test("commits wait for the disk where the database would not", async () => {
    const lax = pool({ options: "-c synchronous_commit=off" });
    const store = await open(lax);
    const { rows } = await store.transact(({ tx }) => tx.query<{ value: string }>("SELECT current_setting('synchronous_commit') AS value"));
    expect(rows[0]?.value).toBe("on");
  });
});
