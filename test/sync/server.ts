/**
 * A server in a process (`ADDRESS answer|hang`) or worker (at the port that it is given, `hang`) of its own: it says where it listens, and "running" when a call
 * has come to where it is answered or never is.
 */
import { isMainThread, parentPort, workerData, type MessagePort } from "node:worker_threads";
import { serve, type Context } from "@rpcgen/runtime";
import { sharedMemory } from "@rpcgen/runtime/threads";
import { descriptor } from "../runtime/test-service.js";

const [address = "", mode = "hang"] = isMainThread ? process.argv.slice(2) : [];
const tell = (word: string): void => (isMainThread ? console.log(word) : parentPort?.postMessage(word));
const run = (value: unknown): unknown => {
  tell("running");
  return mode === "hang" ? new Promise(() => {}) : value;
};
const handlers = {
  put: run,
  // It comes to its end when nobody waits for it any more.
  once: (value: unknown, { deadline }: Context) => new Promise((resolve) => setTimeout(resolve, Number(deadline) - Date.now() + 50, value)),
  async *follow(value: unknown) {
    yield value;
    await run(value);
  },
};
const listen = isMainThread ? address : sharedMemory(workerData as MessagePort);
const server = await serve({ listen, services: [{ descriptor, handlers }] });
tell(server.addresses[0] ?? "");
