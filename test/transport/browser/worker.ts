/** In a worker of the page: serves whoever made the worker. */
import { serve } from "@rpcgen/runtime";
import { roomService } from "../../e2e/gen/room.js";
import { roomHandlers } from "./room-handlers.js";

await serve({ listen: globalThis, services: [roomService(roomHandlers(() => {}))] });
