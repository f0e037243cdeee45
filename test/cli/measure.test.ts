/** `rpcgen measure`: real servers, the command as a process, and what it says of servers that cannot be measured. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { serve, type ServeOptions } from "../../runtime/index.js";
import { measureService } from "../../runtime/measure.js";
import { Binary } from "./binary.js";
import { run } from "./memory-host.js";

interface Report {
  readonly machine: { readonly cores: number; readonly load: number; readonly node: string };
  readonly paths: readonly {
    readonly name: string;
    readonly address: string;
    readonly transport: string;
    readonly law: { readonly alpha: { readonly value: number; readonly from: number; readonly to: number } };
    readonly latencies: readonly { readonly bytes: number; readonly calls: number; readonly p50: number; readonly p99: number; readonly p999: number }[];
    readonly rates: readonly { readonly inFlight: number; readonly callsPerSecond: number }[];
  }[];
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

const LAUNCHER = fileURLToPath(new URL("../../src/cli/bin.mjs", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "rpcgen-measured-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The server is in this process, so the command runs beside it. */
function command(...argv: string[]): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [LAUNCHER, "measure", ...argv], { cwd: folder, env: { ...process.env, NO_COLOR: "1" }, timeout: 100_000 }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }));
  });
}

async function served(options: Partial<ServeOptions> = {}): Promise<readonly string[]> {
  const server = await serve({ listen: "tcp://127.0.0.1:0", services: [measureService()], ...options });
  onTestFinished(() => server.close({ graceMs: 0 }));
  return server.addresses;
}

describe("one path", () => {
  it("as JSON: the law with its confidence, quantiles by payload, calls a second", async () => {
    const [address = ""] = await served();
    const { exitCode, stdout, stderr } = await command(address, "--json", "--ms", "10");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const { machine, paths: [measured], leftOut } = JSON.parse(stdout) as Report;
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.node).toBe(process.version);
    expect(leftOut).toEqual([]);
    expect(measured).toMatchObject({ name: address, address, transport: "tcp" });
    const { alpha } = measured!.law;
    expect(alpha.from <= alpha.value && alpha.value <= alpha.to).toBe(true);
    for (const { calls, p50, p99, p999 } of measured!.latencies) {
      expect(calls).toBeGreaterThanOrEqual(20);
      expect(0 < p50 && p50 <= p99 && p99 <= p999).toBe(true);
    }
    expect(measured!.rates.map(({ inFlight }) => inFlight)).toEqual([1, 8, 64, 512]);
  });

  it("as text with a chart, and as HTML that needs no other file", async () => {
    const [address = ""] = await served({ listen: `unix:${folder}/s.sock` });
    const { exitCode, stdout, stderr } = await command(address, "--ms", "10", "--html", "report.html");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "report.html written\n" });
    expect(stdout).toMatch(/^path +alpha us +95 % +beta ns\/B/m);
    expect(stdout).toMatch(/^ {2}unix:\S+ +#+ /m);
    const html = readFileSync(path.join(folder, "report.html"), "utf8");
    expect(html.match(/<svg /g)).toHaveLength(3);
    expect(html).not.toMatch(/NaN|undefined|src=|href=/);
  });

  it("is measured where the channel went, if the server has a nearer address", async () => {
    const [address = "", unix = ""] = await served({ listen: ["tcp://127.0.0.1:0", `unix:${folder}/near.sock`] });
    const { stdout } = await command(address, "--json", "--ms", "10");
    expect((JSON.parse(stdout) as Report).paths[0]).toMatchObject({ name: address, address: unix, transport: "unix" });
    expect((await command(address, "--ms", "10")).stdout).toContain(`\n${address} was measured over ${unix}, which is nearer\n`);
    expect((await command(unix, "--ms", "10")).stdout).not.toContain("nearer");
  });
});

describe("what cannot be measured", () => {
  it("is said, with the remedy", async () => {
    const [address = ""] = await served({ services: [] });
    expect(await command(address)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("add measureService()") });
    expect(await command("tcp://127.0.0.1:1")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("nobody listens there") });
    expect(await command("tpc://127.0.0.1:1")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean "tcp://127.0.0.1:1"') });
    expect(await command()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("give an address, or --all") });
    expect(await command(address, "--ms", "1")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("10 or more") });
  });

  it("is everything where the runtime is not installed", async () => {
    const binary = new Binary();
    onTestFinished(() => binary.remove());
    await binary.install();
    const { exitCode, stderr } = binary.run(binary.folderWith({}), ["measure", "tcp://127.0.0.1:1"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("npm install @rpcgen/runtime");
  });

  it("is nothing that a file could do: one that is not there is named", async () => {
    expect(await run(["measure", "tls://127.0.0.1:1", "--ca", "none.pem"])).toMatchObject({ exitCode: 2, stderr: 'error: "none.pem" cannot be read: there is no such file\n' });
  });

  it("is no loss where the page cannot be written: the figures are shown all the same", async () => {
    const [address = ""] = await served();
    const { exitCode, stdout, stderr } = await command(address, "--ms", "10", "--html", "/dev/null/page.html");
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: expect.stringContaining("alpha") });
    expect(stderr).toContain('error[RPC7007]: "/dev/null/page.html" cannot be written: a file stands in the way of a folder.');
  });
});

it("all paths of the machine, each with its own server, and why others are left out", { timeout: 120_000 }, async () => {
  const { exitCode, stdout } = await command("--all", "--json", "--ms", "10");
  expect(exitCode).toBe(0);
  const { paths, leftOut } = JSON.parse(stdout) as Report;
  const names = [...paths, ...leftOut].map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["in-process", "worker", "Unix socket", "TCP", "TLS", "WebSocket", "another host (veth)"]));
  expect(paths.map(({ name }) => name)).toEqual(expect.arrayContaining(["in-process", "worker", "worker, shared memory", "Unix socket", "TCP", "WebSocket"]));
  for (const { why } of leftOut) expect(why).not.toBe("");
});

it.skipIf(process.platform === "win32")("an interruption leaves no process, no file and no trace of a fault", { timeout: 120_000 }, async () => {
  const own = mkdtempSync(path.join(folder, "interrupted-"));
  const begun = new Promise<void>((resolve) => watch(own, () => resolve()).unref());
  const measuring = spawn(process.execPath, [LAUNCHER, "measure", "--all", "--ms", "20"], { env: { ...process.env, TMPDIR: own }, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  measuring.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  // The first folder is made for a server in a process of its own.
  await begun;
  measuring.kill("SIGINT");
  // Its streams are closed when its servers, which have inherited one of them, are gone too.
  const [exitCode] = (await once(measuring, "close")) as [number];
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: "error: it was interrupted\n" });
  expect(readdirSync(own)).toEqual([]);
});
