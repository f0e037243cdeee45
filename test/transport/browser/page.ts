/** In the page: calls the server whose address the query tells, in every way that there is, and puts what came of it where the test finds it. */
import { connect, outcomeOf, RpcError, type Address } from "@rpcgen/runtime";
import { sharedMemory, type PortLike } from "@rpcgen/runtime/threads";
import { RoomClient, RoomFull } from "../../e2e/gen/room.js";

async function story(address: Address): Promise<unknown> {
  const channel = await connect(address);
  const room = new RoomClient(channel);
  const heard: unknown[] = [];
  for await (const line of room.listen({ from: 1 })) {
    heard.push(line);
    if (heard.length === 3) break;
  }
  async function* lines(): AsyncGenerator<string> {
    for (const text of ["a", "b", "c"]) yield text;
  }
  const echoes: unknown[] = [];
  for await (const line of room.chat(lines())) echoes.push(line.text);
  const big = await room.say({ text: "ä€😀".repeat(100_000) });
  const many = await Promise.all(Array.from({ length: 200 }, (_, index) => room.say({ text: `${index}` })));
  const full = await room.say({ text: "full" }).catch((error: unknown) => error);
  const late = await room.say({ text: "never" }, { timeoutMs: 50 }).catch((error: unknown) => error);
  const result = {
    transport: channel.path.transport,
    heard,
    echoes,
    counted: await room.count(lines()),
    big: big.text.length,
    many: many.every(({ text }, index) => text === `${index}`),
    full: full instanceof RoomFull ? full.seats : String(full),
    late: late instanceof RpcError ? late.code : String(late),
    outcome: (await outcomeOf(room.say({ text: "hello" }))).executed,
  };
  await channel.close();
  return result;
}

const page = globalThis as {
  location?: { search: string };
  Worker?: new (url: string, options: object) => PortLike;
  story?: Promise<unknown>;
};
const address = new URLSearchParams(page.location?.search).get("server") ?? "";
const worker = (): PortLike => {
  if (page.Worker === undefined) throw new Error("there are no workers here");
  return new page.Worker("/worker.js", { type: "module" });
};
/** A server in writing, or in a worker of the page. */
const found = address === "worker" ? worker() : address === "shared" ? sharedMemory(worker()) : address;
page.story = story(found).catch((error: unknown) =>
  error instanceof RpcError ? { code: error.code, message: error.message } : { thrown: String(error) },
);
