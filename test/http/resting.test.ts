/** Streams over HTTP that rest: they live as long as both ends do, and a process that stands still behind a good connection is not one that lives. */
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { connect, serve } from "../../runtime/index.js";
import { descriptor, failureOf, methods, type Handlers } from "../runtime/test-service.js";
import { children } from "../transport/child.js";
import { turns } from "../transport/session.js";

const startChild = children();

async function served(handlers: Partial<Handlers>, limits: { readonly keepaliveMs: number; readonly keepaliveTimeoutMs: number }): Promise<string> {
  const server = await serve({ listen: "http://127.0.0.1:0", services: [{ descriptor, handlers }], limits, onError: () => {} });
  onTestFinished(() => server.close({ graceMs: 0 }));
  return server.addresses[0] ?? "";
}

/** A proxy whose lines stand still once it is told so, without an end that anybody sees. */
async function freezer(address: string): Promise<{ readonly address: string; readonly freeze: () => void }> {
  const sockets: Socket[] = [];
  let frozen = false;
  const server = createServer((client) => {
    const target = connectTcp(Number(new URL(address).port), "127.0.0.1");
    for (const [from, to] of [[client, target], [target, client]] as const) {
      sockets.push(from);
      from.on("data", (bytes: Uint8Array) => void (frozen || to.write(bytes)));
      from.on("error", () => {}).on("close", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, freeze: () => (frozen = true) };
}

it("an upload ends whose client stands still, though its system keeps the connection up", async () => {
  let begun = false;
  let reason: unknown;
  const sum = async (requests: AsyncIterable<unknown>): Promise<number> => {
    try {
      for await (const _ of requests) begun = true;
    } catch (error) {
      reason = error;
    }
    return 0;
  };
  const client = startChild("../http/rests.child.ts", await served({ sum }, { keepaliveMs: 200, keepaliveTimeoutMs: 300 }));
  while (!begun) await turns();
  expect(reason).toBeUndefined();
  client.signal("SIGSTOP");
  while (reason === undefined) await turns();
  expect(reason).toMatchObject({ code: "CANCELLED", message: expect.stringContaining("nothing was heard of the peer for 500 ms") as string });
});

it("a stream of responses ends whose line stands still, and the caller is told", async () => {
  const { address, freeze } = await freezer(
    await served(
      {
        async *count() {
          yield { n: 1 };
          await new Promise(() => {});
        },
      },
      { keepaliveMs: 200, keepaliveTimeoutMs: 300 },
    ),
  );
  const channel = await connect(address);
  onTestFinished(() => channel.close());
  const reading = (async () => {
    for await (const { n } of channel.serverStream(methods.count, { to: 1 })) {
      expect(n).toBe(1);
      freeze();
    }
  })();
  expect(await failureOf(reading)).toMatchObject({ reason: "OUTCOME_UNKNOWN", message: expect.stringContaining("nothing was heard of the peer for 500 ms") as string });
});

it("both may rest for longer than a silence may last", async () => {
  const [keepaliveMs, keepaliveTimeoutMs] = [30, 1_470];
  const address = await served(
    {
      sum: async (requests) => {
        let sum = 0;
        for await (const value of requests) sum += Number(value);
        return sum;
      },
      async *count() {
        await rest();
        yield { n: 1 };
        await rest();
        yield { n: 2 };
      },
    },
    { keepaliveMs, keepaliveTimeoutMs },
  );
  const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2 * (keepaliveMs + keepaliveTimeoutMs)));
  const channel = await connect(address);
  onTestFinished(() => channel.close());
  async function* numbers(): AsyncGenerator<number> {
    await rest();
    yield 1;
    await rest();
    yield 2;
  }
  const seen: number[] = [];
  const reading = (async () => {
    for await (const { n } of channel.serverStream(methods.count, { to: 2 })) seen.push(n);
  })();
  expect((await Promise.all([channel.clientStream(methods.sum, numbers()), reading]))[0]).toBe(3);
  expect(seen).toEqual([1, 2]);
}, 30_000);

it("a reader that takes nothing for a while is not taken for one that is gone", async () => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const limits = { keepaliveMs: 200, keepaliveTimeoutMs: 800 };
  const sum = async (requests: AsyncIterable<unknown>): Promise<number> => {
    let count = 0;
    for await (const _ of requests) {
      if (count === 0) await released;
      count += 1;
    }
    return count;
  };
  const channel = await connect(await served({ sum }, limits));
  onTestFinished(() => channel.close());
  let sent = 0;
  const call = channel.clientStream(
    methods.sum,
    (function* () {
      for (; sent < 3_000; sent += 1) yield "x".repeat(10_000);
    })(),
  );
  // As much is on its way as can be; it then waits for more than twice as long as a silence may last.
  for (let before = -1; before !== sent; ) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
  }
  expect(sent).toBeLessThan(3_000);
  release();
  expect(await call).toBe(3_000);
}, 30_000);
