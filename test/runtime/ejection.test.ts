/** A server that takes connections and fails every call is left alone for a while, where there is another. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openChannel } from "../../runtime/rpc/client/channel.js";
import { Ejection } from "../../runtime/rpc/client/ejection.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import { Kind } from "../../runtime/rpc/protocol/frame.js";
import { openServer } from "../../runtime/rpc/server/server.js";
import { deferred, ManualClock, settle } from "./manual-clock.js";
import { memoryTransport } from "./memory-transport.js";
import { descriptor, failureOf, methods } from "./test-service.js";

const once = { ...methods.put, attempts: 1 };

/** Two servers under one list of addresses, and what each makes of a call. */
async function twoServers() {
  const clock = new ManualClock();
  const transport = memoryTransport();
  const sick = new Set<string>();
  const servers = await Promise.all(
    ["a", "b"].map((name) => {
      const put = (): string => {
        if (sick.has(name)) throw new RpcError({ code: "UNAVAILABLE", message: `${name} is not well` });
        return name;
      };
      const services = [{ descriptor, handlers: { put } }];
      return openServer([transport], { listen: `memory:${name}`, services, clock });
    }),
  );
  const channel = await openChannel(["memory:a", "memory:b"], [transport], { clock });
  const call = async (): Promise<unknown> => {
    const answer = channel.unary(once, 1).catch((error: RpcError) => error.message);
    for (let step = 0; step < 100; step += 1) {
      await settle(3);
      const over = await Promise.race([answer.then(() => true), Promise.resolve(false)]);
      if (over) break;
      await clock.pass(20);
    }
    return answer;
  };
  return {
    clock,
    sick,
    call,
    channel,
    async [Symbol.asyncDispose]() {
      await channel.close();
      await Promise.all(servers.map((server) => server.close({ graceMs: 0 })));
    },
  };
}

describe("a channel with several addresses", () => {
  it("goes elsewhere after five failures in a row, and comes back to the first when that may be well", async () => {
    await using it = await twoServers();
    it.sick.add("a");
    const answers = [];
    for (let n = 0; n < 8; n += 1) answers.push(await it.call());
    expect(answers).toEqual([...new Array<string>(5).fill("a is not well"), "b", "b", "b"]);
    // The connection to the second is kept as long as it works; then the first is tried before it, if it may be.
    await it.clock.pass(50_000);
    it.sick.delete("a");
    it.sick.add("b");
    for (let n = 0; n < 5; n += 1) await it.call();
    expect(await it.call()).toBe("a");
  });

  it("stays where it is while every second call succeeds", async () => {
    await using it = await twoServers();
    for (let n = 0; n < 20; n += 1) {
      if (n % 5 === 4) it.sick.delete("a");
      else it.sick.add("a");
      expect(await it.call()).toContain("a");
    }
  });

  it("stays where it is when both are ill: one of them at most is left alone", async () => {
    await using it = await twoServers();
    it.sick.add("a").add("b");
    const answers = [];
    for (let n = 0; n < 20; n += 1) answers.push(await it.call());
    expect(answers.slice(5).every((answer) => answer === "b is not well")).toBe(true);
  });

  it("lets calls that are under way on the connection come to their end", async () => {
    const transport = memoryTransport();
    let release: (() => void) | undefined;
    const handlers = {
      put: () => {
        throw new RpcError({ code: "UNAVAILABLE" });
      },
      once: () => new Promise<string>((resolve) => (release = () => resolve("done"))),
    };
    const services = [{ descriptor, handlers }];
    await using _a = await openServer([transport], { listen: "memory:a", services });
    await using _b = await openServer([transport], { listen: "memory:b", services });
    await using channel = await openChannel(["memory:a", "memory:b"], [transport]);
    const slow = channel.unary(methods.once, 1);
    for (let n = 0; n < 5; n += 1) await failureOf(channel.unary(once, 1));
    await failureOf(channel.unary(once, 1));
    expect(channel.address).toBe("memory:b");
    release?.();
    expect(await slow).toBe("done");
  });
});

describe("a long request that is under way", () => {
  it("to a server that is left for its failures comes to its end there", async () => {
    const transport = memoryTransport();
    const [ill, slow] = [deferred(), deferred()];
    const put = async (request: unknown): Promise<unknown> => {
      if (request === "slow") return slow.promise;
      await ill.promise;
      throw new RpcError({ code: "UNAVAILABLE" });
    };
    const ran: string[] = [];
    const servicesOf = (name: string) => [{ descriptor, handlers: { put, once: (request: unknown) => (ran.push(name), (request as string).length) } }];
    await using _a = await openServer([transport], { listen: "memory:a", services: servicesOf("a") });
    await using _b = await openServer([transport], { listen: "memory:b", services: servicesOf("b") });
    await using channel = await openChannel(["memory:a", "memory:b"], [transport]);
    const link = transport.connections[0] ?? expect.fail();
    const taken: Uint8Array[] = [];
    link.server.tamper = (frame) => (((frame[0] ?? 0) & 15) === Kind.TAKEN ? void taken.push(frame) : frame);
    const kept = channel.unary(once, "slow");
    const failing = Array.from({ length: 5 }, () => failureOf(channel.unary(once, "ill")));
    await settle();
    const long = channel.unary({ ...methods.once, attempts: 1 }, "x".repeat(200_000), { timeoutMs: 2_000 });
    await settle();
    ill.resolve();
    await Promise.all(failing);
    link.server.tamper = (frame) => frame;
    for (const frame of taken) link.server.send(frame);
    expect(await long).toBe(200_000);
    expect(ran).toEqual(["a"]);
    slow.resolve();
    await kept;
  });
});

describe("ejection", () => {
  it("takes n x 30 s up to the next sweep, of a tenth of the addresses and one at least", () => {
    const clock = new ManualClock();
    const ejection = new Ejection(["a", "b"], clock);
    const fail = (address: string, times: number): boolean[] => Array.from({ length: times }, () => ejection.failed(address));
    expect(fail("a", 5)).toEqual([false, false, false, false, true]);
    expect(ejection.isEjected("a")).toBe(true);
    expect(fail("b", 9).some(Boolean)).toBe(false);
    expect(new Ejection(["a"], clock).failed("a")).toBe(false);
  });

  it("takes longer each time in a row, and as long as at first after as long a time that went well", () => {
    const clock = new ManualClock();
    const ejection = new Ejection(["a", "b"], clock);
    const ejectedMs = (): number => {
      while (!ejection.failed("a"));
      let ms = 0;
      for (; ejection.isEjected("a"); ms += 100) clock.jump(100);
      return ms;
    };
    for (const time of [1, 2, 3]) {
      const ms = ejectedMs();
      expect(ms).toBeGreaterThanOrEqual(30_000 * time);
      expect(ms).toBeLessThanOrEqual(30_000 * time + 10_100);
    }
    clock.jump(600_000);
    expect(ejectedMs()).toBeLessThanOrEqual(40_100);
  });

  it("never leaves alone more than it may, and nobody for ever", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.tuple(fc.nat(39), fc.boolean(), fc.integer({ min: 0, max: 20_000 })), { maxLength: 400 }),
        async (count, events) => {
          const clock = new ManualClock();
          const addresses = Array.from({ length: count }, (_, n) => `memory:${n}`);
          const ejection = new Ejection(addresses, clock);
          for (const [index, fails, ms] of events) {
            const address = addresses[index % count] ?? "";
            if (fails) ejection.failed(address);
            else ejection.answered(address);
            const ejected = addresses.filter((one) => ejection.isEjected(one));
            expect(ejected.length).toBeLessThanOrEqual(count < 2 ? 0 : Math.max(1, Math.floor(count / 10)));
            if (ms % 7 === 0) await clock.pass(ms);
          }
          await clock.pass(30_000 * 400);
          expect(addresses.some((one) => ejection.isEjected(one))).toBe(false);
        },
      ),
      { numRuns: 30 },
    );
  });
});
