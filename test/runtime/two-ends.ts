/** A program that serves and calls over every transport, in the order of its argument closes both ends, and then has nothing left to do. */
import { connect, RpcError, serve } from "../../runtime/index.js";
import { descriptor, methods } from "./test-service.js";

const [first, path] = process.argv.slice(2);
const listen = ["tcp://127.0.0.1:0", `unix:${path}`, "inproc:two-ends"];
const forever = (): Promise<never> => new Promise(() => {});
const handlers = { echo: (request: unknown) => request, once: forever };
const server = await serve({ listen, services: [{ descriptor, handlers }] });
for (const address of server.addresses) {
  const channel = await connect(address);
  const answer = await channel.unary(methods.echo, channel.path.transport);
  const late = await channel.unary(methods.once, 1, { timeoutMs: 20 }).catch((error: unknown) => error);
  console.log(answer, late instanceof RpcError ? late.code : late);
  if (first === "client") await channel.close();
}
await server.close({ graceMs: 100 });
console.log("closed");
