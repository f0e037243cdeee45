/** A server process with a heap of 64 MiB beside clients who send far more than that at once: it lives, and they are told. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { connect, RpcError } from "../../runtime/index.js";
import { methods } from "../runtime/test-service.js";
import { scriptArguments } from "../transport/child.js";

it("calls of 300 MiB that all wait for their handlers do not end it", async () => {
  const program = fileURLToPath(new URL("small-heap.child.ts", import.meta.url));
  const child = spawn(process.execPath, ["--max-old-space-size=64", ...scriptArguments(program)], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const address = line.toString().trim();
  const channels = await Promise.all(Array.from({ length: 3 }, () => connect(address)));
  onTestFinished(async () => void (await Promise.all(channels.map((channel) => channel.close()))));
  const text = "x".repeat(1 << 20);
  const seen = await Promise.all(
    channels.flatMap((channel) =>
      Array.from({ length: 100 }, async () => {
        try {
          await channel.unary(methods.once, text, { timeoutMs: 5_000 });
          return "done";
        } catch (error) {
          if (error instanceof RpcError) return `${error.code} ${error.executed}`;
          throw error;
        }
      }),
    ),
  );
  expect(new Set(seen)).toEqual(new Set(["RESOURCE_EXHAUSTED no", "DEADLINE_EXCEEDED unknown"]));
  // Handlers that nobody waits for any more end in their own time.
  for (let answer; answer !== text; ) answer = await channels[0]?.unary(methods.echo, text).catch((error: RpcError) => expect(error.code).toBe("RESOURCE_EXHAUSTED"));
  expect(child.exitCode).toBeNull();
});
