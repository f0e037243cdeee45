/**
 * The primary dies under load, and the standby, which had acknowledged every commit, takes its place: the replicas of a service and their
 * clients go on, what was answered is there, and nothing runs twice.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type pg from "pg";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { StoreUnavailable } from "../../runtime/idempotency/completion-store.js";
import { connect, type Channel, type Context, RpcError, serve, type Server } from "../../runtime/index.js";
import { migrate, openPostgresStore, type PostgresTransaction } from "../../runtime/store/postgres/index.js";
import { describeUnless } from "../left-out.js";
import { descriptor, methods, type Errand, type Report } from "../simulation/sim-service.js";
import { call, completion, reply } from "./call.js";
import { CuttingProxy } from "./cutting-proxy.js";
import { Cluster, missingPostgres } from "./postgres-cluster.js";

const CLIENTS = 8;
/** Calls that a client is answered before the primary dies, and after the standby has taken over. */
const BEFORE = 15;
const AFTER = 10;

type Seen = "OK" | "no" | "yes" | "unknown";

describeUnless(missingPostgres(), "PostgreSQL that fails over", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "rpcgen-failover-"));
  const ended: (() => Promise<unknown>)[] = [];
  /** What calls failed with. */
  let failures: RpcError[] = [];
  let primary: Cluster;
  let standby: Cluster;
  let proxy: CuttingProxy;

  beforeEach(async () => {
    failures = [];
    primary = await Cluster.start();
    const pool = primary.pool({ max: 1 });
    await migrate(pool);
    // Without a key: what runs twice shows.
    await pool.query("CREATE TABLE effects (op integer NOT NULL)");
    await pool.end();
    standby = await primary.follow();
    // As a virtual address or a load balancer would.
    proxy = await CuttingProxy.start(primary.socket);
  });
  afterEach(async () => {
    for (const end of ended.splice(0).reverse()) await end();
    await proxy.close();
    await primary.remove();
    await standby.remove();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function replica(name: string): Promise<Server> {
    const pool = primary.pool({ host: "127.0.0.1", port: proxy.port, connectionTimeoutMillis: 2_000 });
    const store = await openPostgresStore<pg.PoolClient>(pool);
    const run = async ({ op }: Errand, ctx: Context): Promise<Report> => {
      const { tx } = ctx as unknown as { tx: PostgresTransaction };
      await tx.query("INSERT INTO effects VALUES ($1)", [op]);
      return { op, run: op, principal: "", pad: "" };
    };
    const server = await serve({
      listen: `unix:${path.join(folder, name)}`,
      services: [{ descriptor, handlers: { place: run } }],
      store,
      authenticate: () => "ann",
      onError: () => {},
    });
    ended.push(
      () => pool.end(),
      () => store.close(),
      () => server.close({ graceMs: 1_000 }),
    );
    return server;
  }

  async function place(channel: Channel, op: number): Promise<Seen> {
    try {
      const errand: Errand = { op, handlerMs: 0, fails: "not", replyBytes: 0, depth: 0, items: 0 };
      const report = await channel.unary(methods.place, errand, { timeoutMs: 8_000 });
      expect(report.op).toBe(op);
      return "OK";
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      failures.push(error);
      // By the record, if there is one: a call whose commit was lost is not asked again by itself.
      return error.executed === "unknown" ? (await error.settle()).executed : error.executed;
    }
  }

  test.each(["at once", "after a while in which it only reads"])("to a standby that takes over %s", { timeout: 120_000 }, async (how) => {
    const servers = [await replica("a"), await replica("b")];
    const addresses = servers.flatMap((server) => server.addresses);
    const seen = new Map<number, Seen>();
    let takenOver = false;
    let ops = 0;
    let warm = 0;
    const go = deferred();
    const client = async (number: number): Promise<void> => {
      const channel = await connect(number % 2 === 0 ? addresses : [...addresses].reverse());
      ended.push(() => channel.close());
      for (let answered = 0, after = 0; after < AFTER; ) {
        const op = (ops += 1);
        const late = takenOver;
        const outcome = await place(channel, op);
        seen.set(op, outcome);
        if (outcome !== "OK") continue;
        if (late) after += 1;
        if ((answered += 1) === BEFORE && (warm += 1) === CLIENTS) go.resolve(undefined);
      }
    };
    const clients = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
    await go.promise;
    await primary.crash();
    proxy.target = standby.socket;
    proxy.cutAll();
    if (how !== "at once") await new Promise((resolve) => setTimeout(resolve, 500));
    standby.promote();
    takenOver = true;
    await clients;
    expect(await faults(seen)).toEqual([]);
    // Only what was on its way to its commit when the primary died may be in doubt; all else was never begun, and says so.
    const doubts = failures.filter(({ executed }) => executed === "unknown");
    expect(doubts.length, doubts.map(({ message }) => message).join("\n")).toBeLessThanOrEqual(CLIENTS);
    const answered = [...seen.values()].filter((outcome) => outcome === "OK").length;
    expect(answered).toBeGreaterThanOrEqual(CLIENTS * (BEFORE + AFTER));
  });

  test("a server that only reads, as a standby does, commits nothing, and says so", async () => {
    const pool = standby.pool();
    ended.push(() => pool.end());
    const store = await openPostgresStore<pg.PoolClient>(pool);
    const key = call(1, 1);
    const deposit = (): Promise<void> => store.transact((transaction) => transaction.put(key, completion(1, reply("done"))));
    await expect(deposit()).rejects.toBeInstanceOf(StoreUnavailable);
    expect(pool.totalCount).toBe(0);
    await primary.crash();
    standby.promote();
    await deposit();
    expect(await store.find(key)).toMatchObject({ outcome: reply("done") });
  });

  async function faults(seen: ReadonlyMap<number, Seen>): Promise<string[]> {
    const pool = standby.pool({ max: 1 });
    const { rows } = await pool.query<{ op: number; count: number }>("SELECT op, count(*)::int AS count FROM effects GROUP BY op");
    await pool.end();
    const effects = new Map(rows.map(({ op, count }) => [op, count]));
    return [...seen].flatMap(([op, outcome]) => {
      const count = effects.get(op) ?? 0;
      const allowed = outcome === "OK" || outcome === "yes" ? count === 1 : outcome === "no" ? count === 0 : count <= 1;
      return allowed ? [] : [`call ${op} was told ${outcome} and took effect ${count} times`];
    });
  }
});

function deferred(): { readonly promise: Promise<unknown>; resolve(value: unknown): void } {
  let resolve = (_: unknown): void => {};
  const promise = new Promise<unknown>((done) => (resolve = done));
  return { promise, resolve };
}
