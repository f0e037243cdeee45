/**
 * A server on its own standard input and output. Its arguments are what else it does: "print" to the standard output, "orphan" what would keep the
 * process running, "ignore" SIGTERM, "exit" in the middle of the first call; nothing.
 */
import { serve } from "../../runtime/index.js";
import { descriptor } from "../runtime/test-service.js";

const ways = new Set(process.argv.slice(2));
if (ways.has("early")) console.log("printed before");
if (ways.has("orphan")) setInterval(() => {}, 1000);
if (ways.has("ignore")) process.on("SIGTERM", () => console.error("ignored"));

await serve({
  listen: "stdio:",
  services: [
    {
      descriptor,
      handlers: {
        echo: (value: unknown) => {
          if (ways.has("print")) console.log("printed", "x".repeat(1000));
          if (value === "environment") return { cwd: process.cwd(), variable: process.env["RPCGEN_TEST"] ?? null, pid: process.pid };
          return value;
        },
        once: () => {
          if (ways.has("exit")) process.exit(3);
          process.kill(process.pid, "SIGKILL");
        },
        async *count({ to }: { to: number }) {
          for (let n = 1; n <= to; n++) yield { n };
        },
      },
    },
  ],
});
