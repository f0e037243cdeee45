/** In a worker: serves whoever is at the other end of the worker's port; and calls, when told to, the server there. */
import { parentPort, workerData } from "node:worker_threads";
import { connect, serve } from "../../runtime/index.js";
import { sharedMemory } from "../../runtime/transport/port/index.js";
import { descriptor, methods } from "../runtime/test-service.js";

if (parentPort === null) throw new Error("this is no worker");
const { role, shared } = workerData as { readonly role: "serve" | "call"; readonly shared: boolean };
const address = shared ? sharedMemory(parentPort) : parentPort;
if (role === "serve") {
  const handlers = {
    echo: (value: unknown) => value,
    once: () => new Promise(() => {}),
    async *count({ to }: { to: number }) {
      for (let n = 1; n <= to; n++) yield { n };
    },
  };
  const server = await serve({ listen: address, services: [{ descriptor, handlers }] });
  parentPort.on("message", (word) => word === "close" && void server.close({ graceMs: 0 }).then(() => parentPort?.unref()));
  parentPort.postMessage("serving");
} else {
  await using channel = await connect(address);
  parentPort.postMessage({ answer: await channel.unary(methods.echo, "from the worker") });
}
