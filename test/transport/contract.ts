/** What every transport promises, as a suite to be run over each. */
import { describe, expect, it } from "vitest";
import type { Link } from "../../runtime/transport/transport.js";
import type { TransportRow } from "./all.js";
import { children } from "./child.js";
import { Recorder } from "./recorder.js";
import { MAX_FRAME_BYTES, patterned, same, session, turns } from "./session.js";

const MIB = 1024 * 1024;

export function contract(row: TransportRow): void {
  const { listen, dial, pair } = session(row);
  const startChild = children();

  describe("frames", () => {
    it.each([1, 2, 3, 4, 5, 4095, 4096, 4097, 16_384, 16_385, 65_535, 65_536, 65_537, MIB, 4 * MIB])(
      "carries one of %i bytes both ways",
      async (length) => {
        const { client, server } = await pair();
        const atServer = new Recorder(server);
        const atClient = new Recorder(client);
        client.send(patterned(length, 1));
        server.send(patterned(length, 2));
        await atServer.until(() => atServer.frames.length === 1);
        await atClient.until(() => atClient.frames.length === 1);
        expect(same(atServer.frames[0], patterned(length, 1))).toBe(true);
        expect(same(atClient.frames[0], patterned(length, 2))).toBe(true);
      },
    );

    it("keeps small and large ones apart and in order, whether sent in one tick or in many", async () => {
      const { client, server } = await pair();
      const atServer = new Recorder(server);
      const lengths = Array.from(
        { length: 400 },
        (_, index) => ([1, 7, 300, 20_000, 2, 70_000, 16_384][index % 7] ?? 0) + index,
      );
      for (const [index, length] of lengths.entries()) {
        client.send(patterned(length, index));
        if (index % 97 === 0) await turns();
      }
      await atServer.until(() => atServer.frames.length === lengths.length);
      for (const [index, length] of lengths.entries())
        expect(same(atServer.frames[index], patterned(length, index))).toBe(true);
    });

    it("carries 10,000 small ones sent at once", async () => {
      const { client, server } = await pair();
      const atServer = new Recorder(server);
      for (let index = 0; index < 10_000; index++) client.send(Uint8Array.of(index, index >>> 8, 0xff));
      await atServer.until(() => atServer.frames.length === 10_000);
      expect(atServer.frames.every((frame, index) => same(frame, Uint8Array.of(index, index >>> 8, 0xff)))).toBe(true);
    });

    it("answers each other 2,000 times, and lets timers run meanwhile", async () => {
      const { client, server } = await pair();
      let timers = 0;
      const timer = setInterval(() => timers++, 1);
      new Recorder(server, (bytes) => server.send(bytes.slice()));
      let turn = 0;
      let lastTimers = 0;
      const atClient: Recorder = new Recorder(client, (bytes) => {
        expect(bytes[0]).toBe(turn & 0xff);
        turn++;
        lastTimers = timers;
        if (turn < 2000 || timers === 0) client.send(Uint8Array.of(turn));
      });
      client.send(Uint8Array.of(0));
      await atClient.until(() => turn >= 2000 && timers > 0);
      clearInterval(timer);
      expect(lastTimers).toBeGreaterThan(0);
    });

    it("never delivers inside send, nor before the receiver is there", async () => {
      const { client, server } = await pair();
      client.send(Uint8Array.of(1));
      await turns(3);
      let inside = false;
      let deliveredInside = false;
      const atServer: Recorder = new Recorder(server, () => (deliveredInside ||= inside));
      const atClient = new Recorder(client, () => (deliveredInside ||= inside));
      inside = true;
      client.send(Uint8Array.of(2));
      server.send(Uint8Array.of(3));
      inside = false;
      await atServer.until(() => atServer.bytes === 2);
      await atClient.until(() => atClient.bytes === 1);
      expect(deliveredInside).toBe(false);
    });

    it("ends the link rather than send an empty one", async () => {
      const { client, server } = await pair();
      const atClient = new Recorder(client);
      const atServer = new Recorder(server);
      client.send(new Uint8Array(0));
      expect((await atClient.end())?.message).toContain("empty frame");
      expect(await atServer.end()).toBeInstanceOf(Error);
    });

    it("refuses one above the limit, takes one at the limit", async () => {
      const { client, server } = await pair();
      const atServer = new Recorder(server, () => {});
      const atClient = new Recorder(client);
      client.send(new Uint8Array(MAX_FRAME_BYTES));
      await atServer.until(() => atServer.bytes === MAX_FRAME_BYTES);
      client.send(new Uint8Array(MAX_FRAME_BYTES + 1));
      expect((await atServer.end())?.message).toContain(`${MAX_FRAME_BYTES + 1} bytes`);
      expect(await atClient.end()).toBeInstanceOf(Error);
    });

    it("keeps 200 links apart", async () => {
      const listening = await listen((link) => new Recorder(link, (bytes) => link.send(bytes.slice())));
      const links = await Promise.all(Array.from({ length: 200 }, () => dial(listening.address)));
      const recorders = links.map((link) => new Recorder(link));
      for (const [index, link] of links.entries()) link.send(patterned(1000, index));
      for (const [index, recorder] of recorders.entries()) {
        await recorder.until(() => recorder.frames.length === 1);
        expect(same(recorder.frames[0], patterned(1000, index))).toBe(true);
      }
    });
  });

  describe.skipIf(row.neverCongested)("backpressure", () => {
    /** Sends until the link is congested and stays so although everything else had its turn; returns the bytes that it took. */
    async function fill(link: Link): Promise<number> {
      const frame = new Uint8Array(32 * 1024);
      let sent = 0;
      for (;;) {
        while (!link.congested) {
          link.send(frame.slice());
          sent += frame.length;
        }
        await turns(20);
        if (link.congested) return sent;
        if (sent > 64 * MIB) throw new Error("the peer does not pause");
      }
    }

    it("stands still while the peer is paused, within bounds, and goes on when it resumes", async () => {
      const { client, server } = await pair();
      const atServer = new Recorder(server, () => {});
      const atClient = new Recorder(client);
      server.pause();
      const sent = await fill(client);
      // What the system's socket buffers hold, and the link's own 64 KiB and one frame.
      expect(sent).toBeLessThan(16 * MIB);
      const drainsBefore = atClient.drains;
      const seen = atServer.bytes;
      await turns(20);
      expect(atServer.bytes).toBe(seen);
      expect(client.congested).toBe(true);
      server.resume();
      await atClient.until(() => atClient.drains > drainsBefore);
      expect(client.congested).toBe(false);
      await atServer.until(() => atServer.bytes === sent);
    });

    it("keeps frames in order, however often their reader pauses amid them", async () => {
      const { client, server } = await pair();
      const lengths = Array.from({ length: 2_000 }, (_, index) => 5 + ((index * 37) % 3_000));
      const atServer = new Recorder(server, (bytes) => {
        atServer.frames.push(bytes.slice());
        if (atServer.frames.length % 7 !== 3) return;
        server.pause();
        // When more may have come.
        setTimeout(() => server.resume(), 1);
      });
      for (const [index, length] of lengths.entries()) {
        client.send(patterned(length, index));
        if (index % 40 === 0) await turns(2);
      }
      await atServer.until(() => atServer.frames.length === lengths.length);
      for (const [index, length] of lengths.entries()) expect(same(atServer.frames[index], patterned(length, index))).toBe(true);
    });

    it("carries 64 MiB from a sender that heeds it, without keeping more than a few", async () => {
      const { client, server } = await pair();
      const atServer = new Recorder(server, () => {});
      const atClient = new Recorder(client);
      const total = 64 * MIB;
      const frame = new Uint8Array(64 * 1024);
      let most = 0;
      for (let sent = 0; sent < total; sent += frame.length) {
        client.send(frame.slice());
        most = Math.max(most, sent + frame.length - atServer.bytes);
        if (client.congested) {
          const drains = atClient.drains;
          await atClient.until(() => atClient.drains > drains);
        }
      }
      await atServer.until(() => atServer.bytes === total);
      expect(most).toBeLessThan(16 * MIB);
    });

    it("says drained only after it was congested", async () => {
      const { client, server } = await pair();
      const atClient = new Recorder(client);
      const atServer = new Recorder(server, () => {});
      for (let index = 0; index < 100; index++) {
        client.send(new Uint8Array(100));
        if (index % 10 === 0) await turns();
      }
      await atServer.until(() => atServer.bytes === 10_000);
      expect(client.congested).toBe(false);
      expect(atClient.drains).toBe(0);
    });

    it("gives room to one that fills it again from drained", async () => {
      const { client, server } = await pair();
      const atServer = new Recorder(server, () => {});
      let refills = 0;
      const refill = (): void => {
        while (!client.congested) client.send(new Uint8Array(10_000));
        refills++;
      };
      const atClient = new Recorder(client);
      const drained = atClient.drained.bind(atClient);
      atClient.drained = () => {
        if (refills < 50) refill();
        drained();
      };
      refill();
      await atClient.until(() => atClient.drains === 50);
      await atServer.until(() => atServer.bytes === 50 * 70_000);
    });
  });

  describe("the end", () => {
    it("delivers what was sent before a close, and tells both sides once, without a cause", async () => {
      const { client, server } = await pair();
      const atServer = new Recorder(server, () => {});
      const atClient = new Recorder(client);
      for (let index = 0; index < 100; index++) client.send(new Uint8Array(100_000));
      client.close();
      client.close();
      client.send(Uint8Array.of(1));
      expect(await atServer.end()).toBeUndefined();
      expect(atServer.bytes).toBe(10_000_000);
      expect(await atClient.end()).toBeUndefined();
      client.abort(new Error("too late"));
      server.send(Uint8Array.of(1));
      server.close();
      await turns(10);
      expect([atServer.ends.length, atClient.ends.length, atServer.late, atClient.late]).toEqual([1, 1, [], []]);
    });

    it("delivers nothing to the side that closed", async () => {
      const { client, server } = await pair();
      const atClient = new Recorder(client);
      const atServer = new Recorder(server);
      for (let index = 0; index < 100; index++) server.send(new Uint8Array(1000));
      client.close();
      expect(await atClient.end()).toBeUndefined();
      expect(await atServer.end()).toBeUndefined();
      expect(atClient.frames).toEqual([]);
    });

    it("survives both sides closing at once", async () => {
      const { client, server } = await pair();
      const recorders = [new Recorder(client), new Recorder(server)];
      client.close();
      server.close();
      for (const recorder of recorders) expect(await recorder.end()).toBeUndefined();
    });

    it("waits with the end until a paused side has taken everything", async () => {
      const { client, server } = await pair();
      const atServer = new Recorder(server, () => {});
      new Recorder(client);
      server.pause();
      client.send(new Uint8Array(50_000));
      client.close();
      await turns(10);
      server.resume();
      expect(await atServer.end()).toBeUndefined();
      expect(atServer.bytes).toBe(50_000);
    });

    it("gives the cause of an abort to the one who aborted, and a cause to the peer", async () => {
      const { client, server } = await pair();
      const atClient = new Recorder(client);
      const atServer = new Recorder(server);
      const cause = new Error("enough");
      client.send(Uint8Array.of(1));
      client.abort(cause);
      expect(atClient.ends).toEqual([]);
      client.abort(new Error("again"));
      expect(await atClient.end()).toBe(cause);
      expect(await atServer.end()).toBeInstanceOf(Error);
      await turns(10);
      expect([atClient.ends.length, atServer.ends.length, atClient.late, atServer.late]).toEqual([1, 1, [], []]);
    });

    it("ends an abort at once though the peer reads nothing", async () => {
      const { client, server } = await pair();
      const atClient = new Recorder(client);
      server.pause();
      for (let index = 0; index < 200; index++) client.send(new Uint8Array(100_000));
      await turns(5);
      client.abort();
      expect(await atClient.end()).toBeInstanceOf(Error);
    });

    it("stops in the middle of what was read, when the receiver aborts or closes", async () => {
      for (const stop of ["abort", "close"] as const) {
        const { client, server } = await pair();
        new Recorder(client);
        const atServer = new Recorder(server, () => server[stop]());
        for (let index = 0; index < 10; index++) client.send(Uint8Array.of(1));
        await atServer.end();
        expect(atServer.bytes).toBe(1);
      }
    });

    it("tells a receiver that comes after the end", async () => {
      const { client, server } = await pair();
      const atServer = new Recorder(server);
      client.abort();
      await atServer.end();
      const atClient = new Recorder(client);
      expect(atClient.ends).toEqual([]);
      expect(await atClient.end()).toBeInstanceOf(Error);
    });

    it("names the peer", async () => {
      const { client, server, listening } = await pair();
      for (const link of [client, server]) expect(link.peer.transport).toBe(row.transport.scheme);
      if (row.ownNames !== true) expect(listening.address).toContain(client.peer.address);
    });
  });

  describe("listening and dialling", () => {
    it("rejects a dial to where nobody listens, and names the address", async () => {
      const listening = await listen(() => {});
      await listening.close();
      await expect(dial(listening.address)).rejects.toThrow(listening.address);
    });

    it("rejects a second listener, says so, and leaves the first alone", async () => {
      const listening = await listen((link) => new Recorder(link, (bytes) => link.send(bytes.slice())));
      await expect(listen(() => {}, listening.address)).rejects.toThrow(/in use/);
      const client = await dial(listening.address);
      const atClient = new Recorder(client);
      client.send(Uint8Array.of(7));
      await atClient.until(() => atClient.frames.length === 1);
    });

    it("frees the address on close, and leaves open links alone", async () => {
      const { client, server, listening } = await pair();
      await listening.close();
      await listening.close();
      const again = await listen(() => {}, listening.address);
      expect(again.address).toBe(listening.address);
      const atServer = new Recorder(server);
      new Recorder(client);
      client.send(Uint8Array.of(1));
      await atServer.until(() => atServer.frames.length === 1);
    });

    it("gives a dial up when its signal says so, before or while it connects", async () => {
      const listening = await listen(() => {});
      const reason = new Error("changed my mind");
      await expect(dial(listening.address, AbortSignal.abort(reason))).rejects.toMatchObject({ cause: reason });
      const controller = new AbortController();
      const dialling = dial(listening.address, controller.signal);
      controller.abort(reason);
      await expect(dialling).rejects.toMatchObject({ cause: reason });
    });

    it("does not mind a signal that fires after the link is there", async () => {
      const controller = new AbortController();
      let server: Link | undefined;
      const listening = await listen((link) => (server = link));
      const client = await dial(listening.address, controller.signal);
      controller.abort();
      const atClient = new Recorder(client);
      while (server === undefined) await turns();
      new Recorder(server, (bytes) => server?.send(bytes.slice()));
      client.send(Uint8Array.of(1));
      await atClient.until(() => atClient.frames.length === 1);
    });

    it.each(["", ":", "://", ":\0"])("rejects the malformed address scheme + %j, naming it", async (rest) => {
      const address = row.transport.scheme + rest;
      await expect(dial(address)).rejects.toThrow(JSON.stringify(address).slice(1, 4));
      await expect(listen(() => {}, address)).rejects.toThrow(Error);
    });
  });

  if (!row.betweenProcesses) return;

  describe("between processes", () => {
    it("reports a peer that was killed, with a cause, although everything was quiet", async () => {
      const child = startChild("peer.child.ts", "listen", row.freshAddress());
      const client = await dial(await child.line(0));
      const atClient = new Recorder(client);
      client.send(Uint8Array.of(1));
      await atClient.until(() => atClient.frames.length === 1);
      child.signal("SIGKILL");
      expect(await atClient.end()).toBeInstanceOf(Error);
    });

    it("reports a peer that was killed while it was sent to", async () => {
      let accepted: Link | undefined;
      const listening = await listen((link) => (accepted = link));
      const child = startChild("peer.child.ts", "echo", listening.address);
      while (accepted === undefined) await turns();
      const atServer = new Recorder(accepted, () => {});
      const feed = setInterval(() => accepted?.congested || accepted?.send(new Uint8Array(50_000)), 1);
      await atServer.until(() => atServer.bytes > 500_000);
      child.signal("SIGKILL");
      expect(await atServer.end()).toBeInstanceOf(Error);
      clearInterval(feed);
    });

    it("lets a process that has closed its links end by itself", async () => {
      let accepted: Link | undefined;
      const listening = await listen((link) => (accepted = link));
      const child = startChild("peer.child.ts", "leave", listening.address);
      while (accepted === undefined) await turns();
      const atServer = new Recorder(accepted);
      expect(await atServer.end()).toBeUndefined();
      expect(new TextDecoder().decode(atServer.frames[0])).toBe("hello");
      expect(await child.gone()).toBe(0);
      expect(await child.line(0)).toBe("closed in order");
    });
  });
}
