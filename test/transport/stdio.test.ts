/** Servers that are child processes of their clients, with real ones. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { connect, serve, stdio, type Channel, type ConnectOptions } from "../../runtime/index.js";
import { formatCommand, parseCommand } from "../../runtime/transport/stdio/address.js";
import { failureOf, methods } from "../runtime/test-service.js";
import { children, scriptArguments } from "./child.js";
import { turns } from "./session.js";

const server = fileURLToPath(new URL("stdio-server.child.ts", import.meta.url));
const other = fileURLToPath(new URL("stdio-other.child.ts", import.meta.url));
const argsOf = (...ways: readonly string[]): string[] => [...scriptArguments(server), ...ways];
const otherWith = (way: string): string[] => [...scriptArguments(other), way];
const written = (...ways: string[]): string => formatCommand(process.execPath, argsOf(...ways));
const startChild = children();

const directory = realpathSync(mkdtempSync(join(tmpdir(), "rpcgen stdio ")));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const channels: Channel[] = [];
afterEach(async () => {
  for (const channel of channels.splice(0)) await channel.close();
});

async function connectTo(address: string | object, options?: ConnectOptions): Promise<Channel> {
  const channel = await connect(address, options);
  channels.push(channel);
  return channel;
}

interface Environment {
  readonly cwd: string;
  readonly variable: string | null;
  readonly pid: number;
}

async function environmentOf(channel: Channel): Promise<Environment> {
  return (await channel.unary(methods.echo, "environment")) as Environment;
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await turns(5);
  }
}

describe("a command in writing", () => {
  it.each([
    ["stdio:node server.js", ["node", "server.js"]],
    ["stdio:  node   server.js  ", ["node", "server.js"]],
    [`stdio:"/opt/my server/run" --name='a "b" c' x"y z"'`, undefined],
    [`stdio:"/opt/my server/run" --name='a "b" c' x"y z"`, ["/opt/my server/run", `--name=a "b" c`, "xy z"]],
    [`stdio:run "" \\n $HOME *`, ["run", "", "\\n", "$HOME", "*"]],
    ["stdio:", undefined],
    ["stdio:   ", undefined],
    [`stdio:"" x`, undefined],
    ["stdio://host:1", undefined],
  ])("%s", (address, expected) => {
    if (expected === undefined) expect(() => parseCommand(address)).toThrow(`"${address}": `);
    else expect(parseCommand(address)).toEqual(expected);
  });

  it("is read as it was written", () => {
    const words = ["a", "b c", `it's`, `say "x"`, `both ' and "`, "", "\\"];
    expect(parseCommand(formatCommand("run", words))).toEqual(["run", ...words]);
  });
});

describe("a server as a child process", () => {
  it("is started, answers, streams, and ends with its client", async () => {
    const channel = await connectTo(written());
    const { pid, cwd } = await environmentOf(channel);
    expect(cwd).toBe(process.cwd());
    const large = "ü".repeat(2_000_000);
    expect(await channel.unary(methods.echo, large)).toBe(large);
    let sum = 0;
    for await (const { n } of channel.serverStream(methods.count, { to: 1000 })) sum += n;
    expect(sum).toBe(500_500);
    await channel.close();
    await gone(pid);
  });

  it("gets its variables and its directory", async () => {
    const address = stdio({ command: process.execPath, args: argsOf(), env: { RPCGEN_TEST: "a b" }, cwd: directory });
    const channel = await connectTo(address);
    expect(await environmentOf(channel)).toMatchObject({ cwd: directory, variable: "a b" });
  });

  it("may print: that goes to standard error", async () => {
    const channel = await connectTo(written("print"));
    expect(await channel.unary(methods.echo, 1)).toBe(1);
    expect(await channel.unary(methods.echo, 2)).toBe(2);
  });

  it("is refused with the reason if it printed before it served", async () => {
    const error = await failureOf(connect(written("early"), { connectTimeoutMs: 5000 }));
    expect(error).toMatchObject({ code: "UNAVAILABLE", executed: "no" });
    expect(error.message).toContain("is it text that the program printed");
  });

  it.each([
    ["exit", "exited with code 3"],
    ["kill", "was ended by SIGKILL"],
  ])("that dies in a call (%s) is named by how it ended, and started again", async (way, words) => {
    const channel = await connectTo(written(way));
    const first = await environmentOf(channel);
    const error = await failureOf(channel.unary(methods.once, 1));
    expect(error).toMatchObject({ reason: "OUTCOME_UNKNOWN", executed: "unknown" });
    expect(error.message).toContain(words);
    const second = await environmentOf(channel);
    expect(second.pid).not.toBe(first.pid);
  });

  it.each([
    ["a command that is not there", stdio({ command: "rpcgen-no-such-command" }), "there is no such command"],
    ["a working directory that is not there", stdio({ command: process.execPath, cwd: "/rpcgen/no/such" }), "no such working directory"],
    ["a folder instead of a program", stdio({ command: directory }), "may not be executed"],
    ["a program that exits at once", stdio({ command: process.execPath, args: otherWith("exit") }), "exited with code 7"],
    ["a program that prints text", stdio({ command: process.execPath, args: otherWith("greet") }), "is it text that the program printed"],
  ])("that cannot be had is an error that says why: %s", async (_, address, words) => {
    const error = await failureOf(connect(address));
    expect(error).toMatchObject({ code: "UNAVAILABLE", executed: "no" });
    expect(error.message).toContain(words);
  });

  it("is ended by a signal, and then by one that it cannot ignore, if the end of its input does not end it", { timeout: 30_000 }, async () => {
    const client = startChild("stdio-client.child.ts", formatCommand(process.execPath, otherWith("deaf")), "300");
    // It ends by itself only when no child is left.
    expect(await client.gone()).toBe(0);
    expect(client.lines()).toEqual(["UNAVAILABLE"]);
  });

  it("ends with a client that was killed, whatever it holds open", { timeout: 20_000 }, async () => {
    const client = startChild("stdio-client.child.ts", written("orphan"), "20000");
    const pid = Number(await client.line(0));
    client.signal("SIGKILL");
    await gone(pid);
  });
});

describe("listening on standard input and output", () => {
  it("is refused where they are not those of a client", async () => {
    const child = spawn(process.execPath, argsOf(), { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    expect((await once(child, "close"))[0]).toBe(1);
    expect(said).toContain("the standard input and output are not both pipes");
  });

  it("takes no command", async () => {
    await expect(serve({ listen: "stdio:node server.js", services: [] })).rejects.toThrow("its client gives the command");
  });
});
