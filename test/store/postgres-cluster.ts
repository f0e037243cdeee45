/** A PostgreSQL server of the test's own, in a temporary folder and on a Unix socket. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, chownSync, constants, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";

const DEBIAN = "/usr/lib/postgresql";
const PORT = 5432;

/** Where initdb and postgres are; undefined if they are not installed. */
function binaries(): string | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)).map((version) => `${DEBIAN}/${version}/bin`) : [];
  return [...debian, ...(process.env["PATH"] ?? "").split(":")].find((folder) => isExecutable(`${folder}/initdb`) && isExecutable(`${folder}/postgres`));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The server refuses to run as root. */
function owner(): { readonly uid?: number; readonly gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {};
  const id = (option: string): number => Number(execFileSync("id", [option, "postgres"], { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" }));
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}

/** What this machine lacks, for `describeUnless`. */
export function missingPostgres(): string | undefined {
  if (process.platform === "win32") return "a PostgreSQL server on a Unix socket";
  if (binaries() === undefined) return "a PostgreSQL server (apt-get install postgresql)";
  return owner() === undefined ? "a user other than root to run PostgreSQL (apt-get install postgresql makes one)" : undefined;
}

export class Cluster {
  readonly folder: string;
  readonly #bin: string;
  readonly #owner = owner() ?? {};
  #server: ChildProcess | undefined;

  private constructor() {
    this.#bin = binaries() ?? "";
    this.folder = mkdtempSync(path.join(tmpdir(), "rpcgen-pg-"));
    if (this.#owner.uid !== undefined) chownSync(this.folder, this.#owner.uid, this.#owner.gid ?? 0);
  }

  static async start(): Promise<Cluster> {
    const cluster = new Cluster();
    const options = ["-D", `${cluster.folder}/data`, "-U", "test", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
    execFileSync(`${cluster.#bin}/initdb`, options, { ...cluster.#owner, stdio: "ignore", cwd: cluster.folder });
    await cluster.restart();
    return cluster;
  }

  /** Another server that has all of it, follows it, and answers to every commit before it counts. */
  async follow(): Promise<Cluster> {
    const standby = new Cluster();
    const source = `host=${this.folder} port=${PORT} user=test application_name=standby`;
    const options = ["-D", `${standby.folder}/data`, "-d", source, "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"];
    execFileSync(`${standby.#bin}/pg_basebackup`, options, { ...standby.#owner, stdio: "ignore", cwd: standby.folder });
    await standby.restart();
    const pool = this.pool({ max: 1 });
    await pool.query("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    await pool.query("SELECT pg_reload_conf()");
    for (;;) {
      const { rows } = await pool.query("SELECT FROM pg_stat_replication WHERE sync_state = 'sync'");
      if (rows.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await pool.end();
    return standby;
  }

  /** Of one that follows: it waits for nobody any more, and takes writes. */
  promote(): void {
    const options = ["promote", "-D", `${this.folder}/data`, "--wait"];
    execFileSync(`${this.#bin}/pg_ctl`, options, { ...this.#owner, stdio: "ignore", cwd: this.folder });
  }

  get socket(): string {
    return `${this.folder}/.s.PGSQL.${PORT}`;
  }

  pool(options: pg.PoolConfig = {}): pg.Pool {
    const pool = new pg.Pool({ host: this.folder, port: PORT, user: "test", database: "postgres", max: 80, connectionTimeoutMillis: 20_000, ...options });
    pool.on("error", () => {});
    return pool;
  }

  /** Starts the server; waits until it answers. */
  async restart(): Promise<void> {
    this.#server = spawn(
      `${this.#bin}/postgres`,
      ["-D", `${this.folder}/data`, "-k", this.folder, "-p", String(PORT), "-c", "listen_addresses=", "-c", "max_connections=200"],
      { ...this.#owner, stdio: "ignore", cwd: this.folder },
    );
    await (await this.#connect()).end();
  }

  /** Comes back when the server answers. */
  async #connect(): Promise<pg.Client> {
    for (;;) {
      const code = this.#server?.exitCode ?? null;
      if (code !== null) throw new Error(`PostgreSQL ended with ${code}.`);
      const client = new pg.Client({ host: this.folder, port: PORT, user: "test", database: "postgres" });
      client.on("error", () => {});
      try {
        await client.connect();
        return client;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /**
   * Ends processes that serve one connection each. The server takes that for a corruption of memory, ends all others as well and starts
   * anew; this waits until it answers again.
   */
  async killConnections(pids: readonly number[]): Promise<void> {
    const witness = await this.#connect();
    const gone = new Promise<void>((resolve) => witness.once("end", resolve));
    for (const pid of pids) process.kill(pid, "SIGKILL");
    await gone;
    await (await this.#connect()).end();
  }

  /** Every process of it ends at once, and nothing is written: what a power failure of its machine looks like to others. */
  async crash(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const gone = once(server, "exit");
    server.kill("SIGQUIT");
    await gone;
  }

  async remove(): Promise<void> {
    await this.crash();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
