/** What a peer with raw bytes may try, as a suite to be run over each transport that carries a byte stream. */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { expect, it, onTestFinished } from "vitest";
import type { Link } from "../../runtime/transport/transport.js";
import type { TransportRow } from "./all.js";
import { Recorder } from "./recorder.js";
import { MAX_FRAME_BYTES, session, turns } from "./session.js";

export function hostilePeer(row: TransportRow, connectRaw: (address: string) => Socket): void {
  const { listen, dial } = session(row);

  /** A listener, a hostile socket to it, and what the link tells. */
  async function attacked(): Promise<{ address: string; raw: Socket; server: Link; atServer: Recorder }> {
    let accepted: { server: Link; atServer: Recorder } | undefined;
    const listening = await listen((server) => {
      const atServer = new Recorder(server);
      accepted ??= { server, atServer };
    });
    const raw = await rawTo(listening.address);
    while (accepted === undefined) await turns();
    return { address: listening.address, raw, ...accepted };
  }

  async function rawTo(address: string): Promise<Socket> {
    for (;;) {
      const raw = connectRaw(address);
      onTestFinished(() => void raw.destroy());
      const connected = await new Promise<boolean>((resolve) => {
        raw.once(row.seenAt ?? "connect", () => resolve(true));
        raw.on("error", () => resolve(false));
      });
      if (connected) return raw;
      await turns();
    }
  }

  /** The server has ended the connection, in whatever way. */
  function cutOff(raw: Socket): Promise<void> {
    raw.resume();
    return new Promise((resolve) => {
      if (raw.destroyed || raw.readableEnded) resolve();
      for (const event of ["end", "error", "close"]) raw.once(event, () => resolve());
    });
  }

  /** The listener is as good as before. */
  async function expectService(address: string): Promise<void> {
    await expect(dial(address)).resolves.toBeDefined();
  }

  it("is cut off when it announces 4 GiB and sends a byte", async () => {
    const { address, raw, atServer } = await attacked();
    raw.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1));
    expect((await atServer.end())?.message).toContain("4294967295 bytes");
    await cutOff(raw);
    await expectService(address);
  });

  it("is cut off when it announces one byte more than the limit, before that byte", async () => {
    const { address, raw, atServer } = await attacked();
    raw.write(prefix(MAX_FRAME_BYTES + 1));
    expect((await atServer.end())?.message).toContain(`the limit is ${MAX_FRAME_BYTES}`);
    await expectService(address);
  });

  it("says goodbye with a length of 0, and is heard no more after it", async () => {
    const { address, raw, atServer } = await attacked();
    raw.write(Buffer.concat([prefix(1), Uint8Array.of(7), prefix(0), prefix(1), Uint8Array.of(8)]));
    expect(await atServer.end()).toBeUndefined();
    expect(atServer.frames).toEqual([Uint8Array.of(7)]);
    const feed = setInterval(() => raw.write(prefix(1)), 1);
    await new Promise<void>((resolve) => raw.once("close", () => resolve()));
    clearInterval(feed);
    await turns(5);
    expect(atServer.late).toEqual([]);
    await expectService(address);
  });

  it("gets its frames through in dribbles of one byte", async () => {
    const { raw, atServer } = await attacked();
    raw.setNoDelay(true);
    for (const byte of Buffer.concat([prefix(3), Uint8Array.of(1, 2, 3), prefix(2), Uint8Array.of(4, 5)])) {
      raw.write(Uint8Array.of(byte));
      await turns();
    }
    await atServer.until(() => atServer.frames.length === 2);
    expect(atServer.frames).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)]);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["half a length", Buffer.of(9, 0)],
    ["half a frame", Buffer.concat([prefix(100), Uint8Array.of(1)])],
    ["a frame and no goodbye", Buffer.concat([prefix(1), Uint8Array.of(1)])],
  ])("is told from one that closed when it ends the stream after %s", async (_, bytes) => {
    const { address, raw, atServer } = await attacked();
    raw.end(bytes);
    expect((await atServer.end())?.message).toContain("without a goodbye");
    await cutOff(raw);
    await expectService(address);
  });

  it("does no harm with garbage", async () => {
    const { address } = await attacked();
    let seed = 42;
    for (let round = 0; round < 50; round++) {
      const raw = await rawTo(address);
      raw.end(Uint8Array.from({ length: 2000 }, () => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff) >>> 16));
      await cutOff(raw);
    }
    await expectService(address);
  });

  it.skipIf(row.neverCongested)("stops the sender, not the server, when it never reads", async () => {
    const { address, server, atServer } = await attacked();
    let sent = 0;
    for (let quiet = 0; quiet < 20; quiet++) {
      while (!server.congested) {
        server.send(new Uint8Array(64 * 1024));
        sent += 64 * 1024;
        quiet = 0;
      }
      await turns();
    }
    expect(sent).toBeLessThan(16 * 1024 * 1024);
    await expectService(address);
    server.abort();
    await atServer.end();
  });

  it("keeps no more than its bytes alive with a long frame that never ends", async () => {
    const links: Link[] = [];
    const listening = await listen((link) => {
      links.push(link);
      new Recorder(link);
    });
    const before = process.memoryUsage().arrayBuffers;
    const raws = await Promise.all(Array.from({ length: 100 }, () => rawTo(listening.address)));
    for (const raw of raws) raw.write(Buffer.concat([prefix(MAX_FRAME_BYTES), Uint8Array.of(1)]));
    while (links.length < 100) await turns();
    await turns(20);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * (150_000 + (row.linkBytes ?? 0)));
  });

  it("may connect and leave 1,000 times", async () => {
    let [begun, ends] = [0, 0];
    const listening = await listen((link) => {
      begun += 1;
      link.open({ frame: () => {}, drained: () => {}, closed: () => ends++ });
    });
    for (let round = 1; round <= 10; round++) {
      const raws = await Promise.all(Array.from({ length: 100 }, () => rawTo(listening.address)));
      // A handshake of TLS 1.3 is done at the client before it is at the server.
      while (begun < round * 100) await turns();
      for (const [index, raw] of raws.entries()) {
        if (index % 2 === 0) raw.destroy();
        else if (raw.remoteFamily === undefined || raw instanceof TLSSocket) raw.end();
        else raw.resetAndDestroy();
      }
    }
    while (ends < 1000) await turns(5);
    await expectService(listening.address);
    expect(ends).toBe(1000);
  });
}

function prefix(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
}
