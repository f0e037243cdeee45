/** In the page: serves a worker that calls without awaiting, and keeps what the worker tells. */
import { serve } from "@rpcgen/runtime";
import { sharedMemory, type PortLike } from "@rpcgen/runtime/threads";
import { roomService } from "../../e2e/gen/room.js";
import { roomHandlers } from "./room-handlers.js";

type Heard = { readonly data: { readonly story?: unknown } };
const page = globalThis as unknown as {
  Worker: new (url: string, options: object) => PortLike & { addEventListener(type: "message", heard: (event: Heard) => void): void };
  story?: unknown;
};
const worker = new page.Worker("/sync-worker.js", { type: "module" });
page.story = new Promise((resolve) => {
  worker.addEventListener("message", ({ data }) => {
    if ("story" in data) resolve(data.story);
  });
});
await serve({ listen: sharedMemory(worker), services: [roomService(roomHandlers(() => {}))] });
