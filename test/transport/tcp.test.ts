/** What TCP says about addresses that exist in form only, and what it reports as bound. */
import { describe, expect, it } from "vitest";
import { tcp } from "../../runtime/transport/tcp/transport.js";
import { rowOf } from "./all.js";
import { session } from "./session.js";

describe("tcp", () => {
  const { listen, dial } = session(rowOf("tcp"));

  it("reports the port that the system chose and the number of the host", async () => {
    const listening = await listen(() => {}, "tcp://localhost:0");
    expect(listening.address).toMatch(/^tcp:\/\/(127\.0\.0\.1|\[::1\]):[1-9]\d*$/);
    await dial(listening.address);
  });

  it.each(["0.0.0.0", "[::1]", "[::]"])("listens on %s and can be dialled as it is reported", async (host) => {
    const listening = await listen(() => {}, `tcp://${host}:0`);
    expect(listening.address).toContain(`tcp://${host}:`);
    await dial(listening.address);
  });

  it("names the remedy when nobody listens, the name is unknown, or the address is not this host's", async () => {
    await expect(dial("tcp://127.0.0.1:1")).rejects.toThrow("tcp://127.0.0.1:1: nobody listens there");
    await expect(dial("tcp://no-such-host.invalid:1")).rejects.toThrow(
      /^tcp:\/\/no-such-host\.invalid:1: the host name/,
    );
    await expect(listen(() => {}, "tcp://192.0.2.1:0")).rejects.toThrow(/this host has no such address/);
    await expect(dial("tcp://127.0.0.1:0")).rejects.toThrow(/port 0 is only for listening/);
  });

  it("keeps the system's error as the cause", async () => {
    await expect(dial("tcp://127.0.0.1:1")).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    expect(tcp().scheme).toBe("tcp");
  });
});
