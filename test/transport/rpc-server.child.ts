/**
 * A server in a process of its own: `ADDRESS answer` answers, `ADDRESS hang` prints "running METHOD" and never does. It prints where it
 * listens, and closes in order when its standard input ends.
 */
import { serve } from "../../runtime/index.js";
import { descriptor } from "../runtime/test-service.js";
import { testSides } from "./tls-sides.js";

const [address = "", mode = ""] = process.argv.slice(2);

function run(name: string, value: unknown): unknown {
  console.log(`running ${name}`);
  return mode === "hang" ? new Promise(() => {}) : value;
}

const server = await serve({
  listen: address,
  ...(/^(tls|wss|h2s|https):/.test(address) ? { tls: testSides().server } : {}),
  services: [
    {
      descriptor,
      handlers: {
        echo: (value: unknown) => run("echo", value),
        put: (value: unknown) => run("put", value),
        once: (value: unknown) => run("once", value),
        async *count({ to }: { to: number }) {
          for (let n = 1; n <= to; n++) yield { n };
          await run("count", undefined);
        },
      },
    },
  ],
});
console.log(server.addresses[0]);
process.stdin.resume().on("end", () => void server.close({ graceMs: 1000 }));
