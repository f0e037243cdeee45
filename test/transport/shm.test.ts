/** Shared memory between processes: what it must survive, and what it must not cost. */
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { connect as connectSocket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import koffi from "koffi";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { connect, serve } from "../../runtime/index.js";
import { RING_BYTES, RingError, RingReader, RingWriter, RING_SPACE } from "../../runtime/transport/links/ring.js";
import { writeAsk } from "../../runtime/transport/shm/rendezvous.js";
import { createSegment, NONCE_BYTES, openSegment, SEGMENT_BYTES } from "../../runtime/transport/shm/segment.js";
import { loadSystem, type System } from "../../runtime/transport/shm/system.js";
import type { Link } from "../../runtime/transport/transport.js";
import { descriptor, methods } from "../runtime/test-service.js";
import { rowOf } from "./all.js";
import { RawShm } from "./raw-shm.js";
import { Recorder } from "./recorder.js";
import { session, turns } from "./session.js";

const nonce = new Uint8Array(NONCE_BYTES).fill(7);
/** Of segments that this process has mapped. */
const mapped = (): number => readFileSync("/proc/self/maps", "utf8").split("\n").filter((line) => line.includes("memfd:rpcgen")).length;

describe("a ring", () => {
  const rings = (): { control: Int32Array; writer: RingWriter; reader: RingReader } => {
    const memory = new SharedArrayBuffer(RING_SPACE);
    return { control: new Int32Array(memory), writer: new RingWriter(memory, 0), reader: new RingReader(memory, 0) };
  };

  it("carries bytes past its end, and past the end of 32-bit positions", () => {
    const { writer, reader } = rings();
    const sent = Uint8Array.from({ length: 700_001 }, (_, index) => (index * 31) & 0xff);
    const target = new Uint8Array(RING_BYTES);
    for (let total = 0; total < 2 ** 32 + 2 ** 23; total += sent.length) {
      expect(writer.room(sent.length)).toBeGreaterThanOrEqual(sent.length);
      writer.put(sent);
      writer.publish();
      expect(reader.take(target)).toBe(sent.length);
    }
    expect(Buffer.compare(target.subarray(0, sent.length), sent)).toBe(0);
    expect([writer.consumed, reader.empty]).toEqual([true, true]);
  });

  it.each([-1, RING_BYTES + 1, 0x7fff_ffff, -0x8000_0000])("refuses a position that cannot be: %i", (position) => {
    const { control, writer, reader } = rings();
    control[0] = position;
    expect(() => reader.take(new Uint8Array(10))).toThrow(RingError);
    control[32] = position === -1 ? 1 : position;
    expect(() => writer.room(RING_BYTES + 1)).toThrow(RingError);
  });

  it("wakes who sleeps once, and lets nobody sleep who has something to do", () => {
    const { writer, reader } = rings();
    expect(reader.sleep()).toBe(true);
    writer.put(new Uint8Array(RING_BYTES));
    writer.publish();
    expect([writer.takeSleeper(), writer.takeSleeper(), reader.sleep()]).toEqual([true, false, false]);
    expect([writer.sleep(), reader.takeSleeper()]).toEqual([true, false]);
    reader.take(new Uint8Array(RING_BYTES));
    expect([reader.takeSleeper(), reader.takeSleeper(), writer.sleep()]).toEqual([true, false, false]);
  });
});

describe("a segment", () => {
  const share = async (): Promise<{ system: Awaited<ReturnType<typeof loadSystem>>; file: number }> => {
    const system = await loadSystem();
    const { segment, file } = createSegment(system, nonce);
    onTestFinished(() => {
      system.closeFile(file);
      segment.release();
    });
    return { system, file };
  };

  it("has mode 0600, and can be made neither shorter nor longer", async () => {
    const { file } = await share();
    const opened = openSync(`/proc/self/fd/${file}`, "r+");
    expect(fstatSync(opened).mode & 0o777).toBe(0o600);
    for (const size of [0, SEGMENT_BYTES - 1, SEGMENT_BYTES * 2]) expect(() => ftruncateSync(opened, size)).toThrow(/operation not permitted/i);
    closeSync(opened);
  });

  it("is not taken unsealed, of another size, with another nonce, or if it is no such file at all", async () => {
    const { system, file } = await share();
    const open = (other: number, sign = nonce) => () => openSegment(system, process.pid, other, sign).release();
    expect(open(file)).not.toThrow();
    expect(open(file, new Uint8Array(NONCE_BYTES))).toThrow(/another than was meant/);
    const unsealed = system.createFile(SEGMENT_BYTES);
    const short = system.createFile(4096);
    system.seal(short);
    const path = join(mkdtempSync(join(tmpdir(), "rpcgen-shm-")), "file");
    writeFileSync(path, new Uint8Array(SEGMENT_BYTES));
    const plain = openSync(path, "r+");
    const before = mapped();
    expect(open(unsealed)).toThrow(/not sealed/);
    expect(open(short)).toThrow(/4096 bytes/);
    expect(open(plain)).toThrow(/not sealed/);
    expect(open(99_999)).toThrow(/ENOENT/);
    expect(mapped()).toBe(before);
    for (const each of [unsealed, short]) system.closeFile(each);
    closeSync(plain);
    rmSync(join(path, ".."), { recursive: true });
  });

  it("is not taken if it has memory for a part of it alone, or is in huge pages", async (context) => {
    const { system } = await share();
    const libc = koffi.load(null);
    const make = (flags: number, bytes: number): number => {
      const made: number = libc.func("int memfd_create(const char *name, uint32_t flags)")("rpcgen", flags);
      if (made < 0) return made;
      truncateSync(`/proc/self/fd/${made}`, bytes);
      system.seal(made);
      return made;
    };
    const [allowSealing, hugePages] = [0x2, 0x4];
    const hollow = make(allowSealing, SEGMENT_BYTES);
    expect(() => openSegment(system, process.pid, hollow, nonce)).toThrow(/memory for 0 of its \d+ bytes/);
    system.closeFile(hollow);
    const huge = make(allowSealing | hugePages, 4 * 1024 * 1024);
    if (huge < 0) return context.skip("this kernel has no huge pages");
    expect(() => openSegment(system, process.pid, huge, nonce)).toThrow(/not in ordinary memory/);
    system.closeFile(huge);
  });

  it("that cannot be mapped leaves no file open", async () => {
    const system = await loadSystem();
    const before = readdirSync("/proc/self/fd").length;
    const full: System = {
      ...system,
      map() {
        throw Object.assign(new Error("mmap: ENOMEM"), { code: "ENOMEM" });
      },
    };
    expect(() => createSegment(full, nonce)).toThrow("mmap: ENOMEM");
    expect(readdirSync("/proc/self/fd").length).toBe(before);
  });

  it("leaves memory that can be touched, and its place to the next", async () => {
    const system = await loadSystem();
    const before = mapped();
    for (let round = 0; round < 100; round += 1) {
      const { segment, file } = createSegment(system, nonce);
      system.closeFile(file);
      segment.writer.put(new Uint8Array(1000));
      segment.writer.publish();
      segment.release();
      expect(segment.reader.take(new Uint8Array(10))).toBe(0);
      segment.release();
    }
    expect(mapped()).toBe(before);
  });
});

describe("over shared memory", () => {
  const row = rowOf("shared memory");
  const { listen, pair, dial } = session(row);

  it("ends the link of one who lies about how much waits, and no other", async () => {
    let at: Recorder | undefined;
    const listening = await listen((link) => (at ??= new Recorder(link)));
    const raw = new RawShm(listening.address.slice("shm:".length));
    onTestFinished(() => raw.destroy());
    await new Promise((resolve) => raw.once("connect", resolve));
    while (at === undefined) await turns();
    for (let filled = 0; filled <= RING_BYTES; filled += 65_536) raw.segment?.writer.put(new Uint8Array(65_536));
    raw.segment?.writer.publish();
    raw.socket.write(Buffer.of(1));
    expect((await at.end())?.message).toMatch(/bytes wait in a ring/);
    await dial(listening.address);
  });

  it("says what is missing where koffi is not installed", async () => {
    vi.resetModules();
    vi.doMock("koffi", () => {
      throw Object.assign(new Error("Cannot find package 'koffi'"), { code: "ERR_MODULE_NOT_FOUND" });
    });
    onTestFinished(() => {
      vi.doUnmock("koffi");
      vi.resetModules();
    });
    const { shm } = await import("../../runtime/transport/shm/index.js");
    const options = { signal: new AbortController().signal, maxFrameBytes: 1024 };
    await expect(shm().dial("shm:/tmp/none", options)).rejects.toThrow(/^shm:\/tmp\/none: .*npm install koffi, or use unix:/);
    const listening = shm().listen?.("shm:/tmp/none", { maxFrameBytes: 1024, accept: () => {}, failed: () => {} });
    await expect(listening).rejects.toThrow(/npm install koffi/);
  });

  it.each([
    ["garbage", Buffer.alloc(64, 9), /no request for shared memory/],
    ["a file that is not there", writeAsk({ file: 99_999, nonce }), /ENOENT|does not see/],
    ["its own standard input", writeAsk({ file: 0, nonce }), /no memory is shared/],
  ])("refuses one who asks with %s, says why, and serves on", async (_, ask, why) => {
    const listening = await listen(() => {});
    const socket = connectSocket({ path: listening.address.slice("shm:".length) });
    socket.write(ask);
    let said = "";
    await new Promise<void>((resolve) => socket.on("data", (bytes) => (said += String(bytes))).on("close", () => resolve()));
    expect(said).toMatch(why);
    await dial(listening.address);
  });

  it("lets timers have their turn while there is always something to read", async () => {
    const { client, server } = await pair();
    const echo = (link: Link) => ({ frame: (bytes: Uint8Array) => link.send(bytes.slice()), drained: () => {}, closed: () => {} });
    server.open(echo(server));
    client.open(echo(client));
    client.send(Uint8Array.of(1));
    await turns(20);
  });

  it("is kept to by one who asked for it, where the server has a Unix socket as well", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rpcgen-shm-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await using server = await serve({
      listen: [`shm:${folder}/s.shm`, `unix:${folder}/s.sock`, "tcp://127.0.0.1:0"],
      services: [{ descriptor, handlers: { echo: (value: unknown) => value } }],
    });
    await using channel = await connect(server.addresses[0] ?? "");
    for (let n = 0; n < 20; n += 1) {
      expect(await channel.unary(methods.echo, n)).toBe(n);
      await turns();
      expect(channel.path).toMatchObject({ transport: "shm", passedOver: [] });
    }
  });

  it("is preferred to a Unix socket, left for it by one who does not get it, and the path says so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rpcgen-shm-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await using server = await serve({
      listen: ["tcp://127.0.0.1:0", `unix:${folder}/s.sock`, `shm:${folder}/s.shm`],
      services: [{ descriptor, handlers: { echo: (value: unknown) => value } }],
    });
    await using channel = await connect(server.addresses[0] ?? "");
    while (channel.path.transport !== "shm") await turns();
    expect(channel.path).toMatchObject({ address: `shm:${folder}/s.shm`, via: server.addresses[0] });
    expect(await channel.unary(methods.echo, "near")).toBe("near");
    const broken = { scheme: "shm", dial: async () => Promise.reject(new Error("needs the package koffi")) };
    await using other = await connect(server.addresses[0] ?? "", { transports: [broken] });
    while (other.path.transport !== "unix") await turns();
    expect(other.path.passedOver).toMatchObject([{ address: `shm:${folder}/s.shm`, why: "needs the package koffi" }]);
    expect(await other.unary(methods.echo, "nearer")).toBe("nearer");
  });

  it("is not waited for where somebody has taken the name who refuses with words without end", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rpcgen-shm-"));
    const stranger = createServer((socket) => {
      socket.on("error", () => {});
      const more = (): void => {
        if (!socket.destroyed && socket.write(Buffer.alloc(64 << 10, "\u0002"))) setImmediate(more);
      };
      socket.on("drain", more);
      more();
    }).listen(`${folder}/s.shm`);
    onTestFinished(() => {
      stranger.close();
      rmSync(folder, { recursive: true });
    });
    const failure = await connect(`shm:${folder}/s.shm`, { connectTimeoutMs: 50_000 }).then(() => undefined, (error: Error) => error);
    expect(failure?.message.length).toBeLessThan(5_000);
  });
});
