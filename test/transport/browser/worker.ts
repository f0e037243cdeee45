/** In a worker of the page: serves whoever made the worker. */
import { serve } from "@rpcgen/runtime";
import { sharedMemory, type PortLike } from "@rpcgen/runtime/threads";
import { roomService } from "../../e2e/gen/room.js";
import { roomHandlers } from "./room-handlers.js";

await serve({ listen: sharedMemory(globalThis as unknown as PortLike), services: [roomService(roomHandlers(() => {}))] });
