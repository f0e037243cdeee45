/** More clients than a server takes, by its defaults: those that it has are served, the others are told, and it costs what it should. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { connect } from "../../runtime/index.js";
import { DEFAULT_LIMITS } from "../../runtime/rpc/limits.js";
import { readWelcome, writeHello } from "../../runtime/rpc/protocol/handshake.js";
import { DEFAULT_SERVER_LIMITS } from "../../runtime/rpc/server/server-limits.js";
import { describeUnless } from "../left-out.js";
import { methods } from "../runtime/test-service.js";
import { children } from "./child.js";

const MOST = DEFAULT_SERVER_LIMITS.maxConnections;
const files = Number(/^Max open files +\d+ +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1] ?? "0");
const folder = mkdtempSync(join(tmpdir(), "rpcgen-many-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeUnless(files >= MOST + 2_000 ? undefined : `${MOST + 2_000} open files a process (ulimit -n ${files})`, `${MOST} connections`, () => {
  const run = children();
  const { maxMessageBytes, streamWindowBytes, connectionWindowBytes } = DEFAULT_LIMITS;
  const greeting = writeHello({ clientId: new Uint8Array(16), boundInstance: undefined, maxMessageBytes, streamWindowBytes, connectionWindowBytes });
  const hello = Buffer.concat([Uint8Array.of(greeting.length, greeting.length >>> 8, 0, 0), greeting]);

  /** A client of few words. Resolves with the server's refusal, or with nothing when it was welcomed. */
  async function greeted(address: string, sockets: Socket[]): Promise<Error | undefined> {
    const socket = createConnection(address.slice("unix:".length));
    sockets.push(socket);
    socket.on("error", () => {});
    socket.write(hello);
    const answer = await new Promise<Buffer>((resolve, reject) => {
      socket.once("data", resolve);
      socket.once("close", () => reject(new Error("it was cut off without a word")));
    });
    try {
      readWelcome(answer.subarray(4, 4 + answer.readUInt32LE(0)));
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  it("are taken and no more; the process lives, and takes others when some have left", async () => {
    const server = run("rpc-server.child.ts", `unix:${join(folder, "s")}`, "answer");
    const address = await server.line(0);
    const channel = await connect(address);
    const sockets: Socket[] = [];
    const answers: (Error | undefined)[] = [];
    while (sockets.length < MOST + 99) {
      const some = Array.from({ length: 200 }, () => greeted(address, sockets));
      answers.push(...(await Promise.all(some)));
    }
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(MOST - 1);
    for (const refusal of answers.slice(MOST - 1)) expect(refusal?.message).toContain("as many connections as it takes");
    await expect(connect(address)).rejects.toMatchObject({ code: "UNAVAILABLE", executed: "no" });
    expect(await channel.unary(methods.echo, { text: "still here" })).toEqual({ text: "still here" });
    for (const socket of sockets.slice(0, 100)) socket.destroy();
    const late = await connect(address);
    expect(await late.unary(methods.echo, { text: "in" })).toEqual({ text: "in" });
    await Promise.all([channel.close(), late.close()]);
    for (const socket of sockets) socket.destroy();
  }, 60_000);
});
