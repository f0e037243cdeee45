/** kill -9 of a real process that delivers: no letter is lost, none is for an order that was not taken, and only what was under way comes twice. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../../runtime/store/postgres/index.js";
import { describeUnless } from "../left-out.js";
import { children } from "../transport/child.js";
import { Cluster, missingPostgres } from "./postgres-cluster.js";

const KILLS = Number(process.env["STORE_KILLS"] ?? 6);
/** As many as the deliverer has under way. */
const AT_ONCE = 8;
const MOST_LETTERS = 120;

interface Place {
  readonly kind: string;
  readonly where: string;
  /** What a process that died had claimed is free again, as after a while. */
  letGo(): Promise<void>;
  remove(): Promise<void>;
}

async function logPlace(): Promise<Place> {
  const where = mkdtempSync(path.join(tmpdir(), "rpcgen-courier-"));
  return { kind: "log", where, letGo: async () => {}, remove: async () => rmSync(where, { recursive: true, force: true }) };
}

async function postgresPlace(): Promise<Place> {
  const cluster = await Cluster.start();
  const pool = cluster.pool({ max: 1 });
  await migrate(pool);
  await pool.query("CREATE TABLE orders (key text NOT NULL, number integer NOT NULL)");
  return {
    kind: "postgres",
    where: cluster.folder,
    letGo: async () => void (await pool.query("UPDATE rpcgen.outbox SET due_at = clock_timestamp()")),
    remove: async () => {
      await pool.end();
      await cluster.remove();
    },
  };
}

/** What all processes said so far, one after the other. */
class Account {
  readonly #taken = new Set<string>();
  readonly #stored = new Set<string>();
  /** By what the letter is about: the ids that it came under. */
  readonly #ids = new Map<string, Set<string>>();
  readonly #lastOfKey = new Map<string, number>();
  readonly faults: string[] = [];
  repeated = 0;

  add(lines: readonly string[]): void {
    const own = new Set<string>();
    let again = 0;
    for (const [said, ...words] of lines.map((line) => line.split(" "))) {
      if (said === "order") this.#taken.add(words.join(" "));
      if (said === "stored") this.#stored.add(words.join(" "));
      if (said !== "letter") continue;
      const [id = "", key = "", number = ""] = words;
      const about = `${key} ${number}`;
      if (own.has(about)) this.faults.push(`${about} was delivered twice by one process`);
      own.add(about);
      const ids = this.#ids.get(about);
      if (ids === undefined) this.#ids.set(about, new Set([id]));
      else {
        again += 1;
        ids.add(id);
      }
      if (Number(number) < (this.#lastOfKey.get(key) ?? 0)) this.faults.push(`${about} came after ${this.#lastOfKey.get(key)}`);
      this.#lastOfKey.set(key, Number(number));
    }
    if (again > AT_ONCE) this.faults.push(`${again} letters came again after one kill`);
    this.repeated += again;
  }

  /** Orders that have no letter yet. */
  get owed(): string[] {
    return [...this.#stored].filter((order) => !this.#ids.has(order));
  }

  /** After the last process has said what is stored. */
  close(): void {
    for (const order of this.#taken) if (!this.#stored.has(order)) this.faults.push(`${order} was taken, and is not stored`);
    for (const [about, ids] of this.#ids) {
      if (!this.#stored.has(about)) this.faults.push(`a letter for ${about}, which is not stored`);
      if (ids.size > 1) this.faults.push(`${about} has the ids ${[...ids].join(", ")}`);
    }
    for (const order of this.owed) this.faults.push(`${order} has no letter`);
  }

  get orders(): number {
    return this.#stored.size;
  }
}

for (const { name, missing, prepare } of [
  { name: "log", missing: undefined, prepare: logPlace },
  { name: "postgres", missing: missingPostgres(), prepare: postgresPlace },
]) {
  describeUnless(missing, `the outbox of the store ${name}`, () => {
    const start = children();
    let place: Place;
    beforeAll(async () => {
      place = await prepare();
    });
    afterAll(() => place.remove());

    test(`delivers everything, and only what was under way twice, over ${KILLS} kills`, { timeout: 30_000 + KILLS * 30_000 }, async () => {
      const account = new Account();
      for (let life = 1; life <= KILLS; life += 1) {
        await place.letGo();
        // Anywhere, or between a delivery and the note that it was made.
        const within = life % 2 === 0;
        const letters = 1 + Math.floor(Math.random() * MOST_LETTERS);
        const courier = start("../store/courier.child.ts", place.kind, place.where, String(life), within ? String(letters) : "0");
        if (!within) {
          for (let index = 0, found = 0; found < letters; index += 1) if ((await courier.line(index)).startsWith("letter")) found += 1;
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
          courier.signal("SIGKILL");
        }
        expect(await courier.gone()).toBe("SIGKILL");
        account.add(courier.lines());
      }
      await place.letGo();
      const last = start("../store/courier.child.ts", place.kind, place.where, "0");
      const known = new Set<string>();
      let owed: string[] | undefined;
      for (let index = 0; owed === undefined || owed.some((order) => !known.has(order)); index += 1) {
        const line = await last.line(index);
        if (line === "open") {
          account.add(last.lines().filter((text) => text.startsWith("stored")));
          owed = account.owed;
        } else if (line.startsWith("letter")) known.add(line.split(" ").slice(2).join(" "));
      }
      last.signal("SIGKILL");
      await last.gone();
      account.add(last.lines().filter((text) => text.startsWith("letter")));
      account.close();
      expect(account.faults).toEqual([]);
      expect(account.orders).toBeGreaterThan(KILLS);
      // Whoever dies within a delivery has not noted it down.
      expect(account.repeated).toBeGreaterThan(0);
    });
  });
}
