/** In a worker of the page, which serves it: calls without awaiting, and posts what came of it. */
import { RpcError } from "@rpcgen/runtime";
import { connectSync } from "@rpcgen/runtime/sync";
import { RoomFull } from "../../e2e/gen/room.js";
import { RoomSyncClient } from "../../e2e/gen/room.sync.js";

function failure(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

function story(): unknown {
  const channel = connectSync(globalThis);
  const room = new RoomSyncClient(channel);
  const heard: string[] = [];
  for (const { text } of room.listen({ from: 1 })) {
    heard.push(text);
    if (heard.length === 3) break;
  }
  const full = failure(() => room.say({ text: "full" }));
  const late = failure(() => room.say({ text: "never" }, { timeoutMs: 50 }));
  const result = {
    heard,
    echoes: [...room.chat(["a", "b"])].map(({ text }) => text),
    counted: room.count(["a", "b", "c"]),
    big: room.say({ text: "ä€😀".repeat(100_000) }).text.length,
    full: full instanceof RoomFull ? full.seats : String(full),
    late: late instanceof RpcError ? late.code : String(late),
  };
  channel.close();
  return result;
}

(globalThis as unknown as { postMessage(message: unknown): void }).postMessage({ story: failure(story) });
