/** A channel ends on the nearest path to its server, and nothing is lost or done twice on the way up or down. */
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { connect as dial, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { connect, serve, type AnyMethod, type Channel, type Server, type ServeOptions } from "../../runtime/index.js";
import { makeAscent } from "../../runtime/rpc/client/ascent.js";
import { openChannel } from "../../runtime/rpc/client/channel.js";
import { failStopSession } from "../../runtime/rpc/client/fail-stop-caller.js";
import { FrameReader } from "../../runtime/rpc/frame-reader.js";
import { DEFAULT_LIMITS } from "../../runtime/rpc/limits.js";
import { writeWelcome } from "../../runtime/rpc/protocol/handshake.js";
import { markOf, readOffer, writeOffer } from "../../runtime/rpc/protocol/nearness.js";
import { hostIdentity } from "../../runtime/transport/sockets/host-identity.js";
import { tcp } from "../../runtime/transport/tcp/transport.js";
import { unixSocket } from "../../runtime/transport/unix-socket/transport.js";
import { methods } from "../runtime/test-service.js";
import { certificate } from "./certificates.js";

const step = { ...methods.once, name: "step", path: "test.Near/step", semantics: "failStop" } as const;
const once = { ...methods.once, path: "test.Near/once" } as const;
const count = { ...methods.count, path: "test.Near/count" } as const;
const descriptor = { name: "test.Near", fingerprint: "", methods: { step, once, count } as Record<string, AnyMethod> };

const LOCALHOST = [["DNS", "localhost"], ["IP", "127.0.0.1"]] as const;
let folder = "";
const open: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-near-"));
});

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
  rmSync(folder, { recursive: true, force: true });
});

interface Near {
  readonly server: Server;
  readonly tcp: string;
  readonly unix: string;
  /** How often each request took effect. */
  readonly effects: Map<unknown, number>;
}

async function near(options: Partial<ServeOptions> & { readonly slow?: Promise<void> } = {}): Promise<Near> {
  const { slow, ...rest } = options;
  const effects = new Map<unknown, number>();
  const act = async (request: unknown): Promise<unknown> => {
    effects.set(request, (effects.get(request) ?? 0) + 1);
    await slow;
    return request;
  };
  const server = await serve({
    listen: ["tcp://127.0.0.1:0", `unix:${folder}/s.sock`],
    services: [{ descriptor, handlers: { step: act, once: act, async *count({ to }: { to: number }) {
      for (let n = 1; n <= to; n += 1) { await new Promise((resolve) => setTimeout(resolve, 2)); yield { n }; }
    } } }],
    ...rest,
  });
  open.push(() => server.close({ graceMs: 0 }));
  return { server, tcp: server.addresses[0] ?? "", unix: server.addresses[1] ?? "", effects };
}

async function to(...[address, options]: Parameters<typeof connect>): Promise<Channel> {
  const channel = await connect(address, options);
  open.push(() => channel.close());
  return channel;
}

const isAt = (channel: Channel, address: string): Promise<void> => vi.waitFor(() => expect(channel.path.address).toBe(address), 5_000);
const passedOver = (channel: Channel, why: RegExp): Promise<void> =>
  vi.waitFor(() => expect(channel.path.passedOver.map((each) => each.why).join()).toMatch(why), 5_000);

/** Carries bytes between a socket file and another, until it is cut. */
async function relay(from: string, towards: string): Promise<() => void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const other = dial(towards);
    for (const each of [socket, other]) sockets.add(each.on("error", () => {}));
    socket.pipe(other).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(from, resolve));
  const cut = (): void => {
    for (const each of sockets) each.destroy();
    server.close();
  };
  open.push(async () => cut());
  return cut;
}

describe("up", () => {
  test("from TCP to the Unix socket of the same server; the path says from where", async () => {
    const { tcp: address, unix } = await near();
    const channel = await to(address);
    await isAt(channel, unix);
    expect(channel.path).toMatchObject({ transport: "unix", via: address, passedOver: [] });
    expect(await channel.unary(once, "a")).toBe("a");
    expect(channel.path.peer?.transport).toBe("unix");
  });

  test("from a WebSocket as well", async () => {
    const { server, unix } = await near({ listen: ["ws://127.0.0.1:0/rpc", `unix:${folder}/s.sock`] });
    const channel = await to(server.addresses[0] ?? "");
    await isAt(channel, server.addresses[1] ?? unix);
  });

  test("within a process past the socket", async () => {
    const { server } = await near({ listen: ["tcp://127.0.0.1:0", `unix:${folder}/s.sock`, "inproc:near-test"] });
    await isAt(await to(server.addresses[0] ?? ""), "inproc:near-test");
  });

  test("calls and streams in flight end where they began, each once", async () => {
    let release = (): void => {};
    const { tcp: address, unix, effects } = await near({ slow: new Promise((resolve) => (release = resolve)) });
    const channel = await to(address);
    const calls = Array.from({ length: 20 }, (_, n) => channel.unary(once, n));
    const stream = channel.serverStream(count, { to: 60 });
    await isAt(channel, unix);
    calls.push(...Array.from({ length: 20 }, (_, n) => channel.unary(once, 20 + n)));
    release();
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect([...effects.values()].every((times) => times === 1)).toBe(true);
    let last = 0;
    for await (const { n } of stream) last = n;
    expect(last).toBe(60);
  });

  test("a session of @failStop calls keeps to its connection, and goes on", async () => {
    const { tcp: address, unix, effects } = await near();
    const channel = await to(address, { only: ["tcp", "unix"] });
    const session = failStopSession(channel);
    const results = [await session.unary(step, 1)];
    await isAt(channel, unix);
    for (let n = 2; n <= 5; n += 1) results.push(await session.unary(step, n));
    expect(results).toEqual([1, 2, 3, 4, 5]);
    expect([...effects.values()]).toEqual([1, 1, 1, 1, 1]);
  });
});

describe("not", () => {
  test("where `only` or `prefer` says otherwise", async () => {
    const { tcp: address } = await near();
    for (const choice of [{ only: ["tcp"] }, { prefer: ["tcp"] }]) {
      const channel = await to(address, choice);
      await passedOver(channel, /`only` leaves it out|`prefer` has others before it/);
      expect(channel.path).toMatchObject({ address, via: undefined });
    }
  });

  test("to a socket that another server has by now", async () => {
    const { tcp: address, unix } = await near();
    rmSync(unix.slice("unix:".length));
    await near({ listen: unix });
    const channel = await to(address);
    await passedOver(channel, /another server than the one that offered it/);
    expect(channel.path.address).toBe(address);
    expect(await channel.unary(once, "a")).toBe("a");
  });

  test("to a socket file that is gone, and says so", async () => {
    const { tcp: address, unix } = await near();
    rmSync(unix.slice("unix:".length));
    const channel = await to(address);
    await passedOver(channel, /there is no such file/);
  });

  test("for a client of another host", async () => {
    const { tcp: address } = await near();
    const channel = await openChannel(address, [tcp(), unixSocket()], {}, makeAscent(new TextEncoder().encode("another kernel")));
    open.push(() => channel.close());
    expect(await channel.unary(once, "a")).toBe("a");
    expect(channel.path).toMatchObject({ address, via: undefined, passedOver: [] });
  });
});

test("who showed a certificate is not led to a path where it would be somebody else; who showed none is", async () => {
  const authority = certificate({ commonName: "authority", authority: true });
  const own = certificate({ commonName: "server", signer: authority, names: LOCALHOST });
  const client = certificate({ commonName: "client", signer: authority });
  const { server } = await near({ listen: ["tls://127.0.0.1:0", `unix:${folder}/s.sock`], tls: { cert: own.cert, key: own.key, ca: authority.cert, clientCertificates: "optional" } });
  const [address = "", unix = ""] = server.addresses;
  const known = await to(address, { tls: { ca: authority.cert, cert: client.cert, key: client.key } });
  await isAt(await to(address, { tls: { ca: authority.cert } }), unix);
  expect(await known.unary(once, "a")).toBe("a");
  expect(known.path).toMatchObject({ address, passedOver: [] });
});

/** A server of another make, which offers what it likes. */
async function offering(addresses: readonly string[]): Promise<string> {
  const instanceId = new Uint8Array(16).fill(7);
  const offer = writeOffer({ mark: markOf(hostIdentity() ?? new Uint8Array(), instanceId), secret: new Uint8Array(16), addresses });
  const welcome = writeWelcome(instanceId, [], DEFAULT_LIMITS, { retentionMs: undefined, storeId: undefined }, { offer });
  const server = createServer((socket) => {
    socket.on("error", () => {}).once("data", () => socket.write(Buffer.concat([Buffer.of(welcome.length & 255, welcome.length >> 8, welcome.length >> 16, 0), welcome])));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  open.push(async () => server.close());
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.runIf(process.platform === "linux")("what no server of ours offers", () => {
  test("is not followed: a command is never run", async () => {
    const left = join(folder, "it-ran");
    const channel = await to(await offering([`stdio:touch ${left}`, `unix:${folder}/nobody.sock`]));
    // By then the first has been passed over.
    await passedOver(channel, /there is no such file/);
    expect(channel.path.passedOver).toContainEqual({ address: `stdio:touch ${left}`, why: "no server leads there" });
    expect(existsSync(left)).toBe(false);
  });

  test("is no offer, if there is no end of it", () => {
    const id = new Uint8Array(16);
    const offer = writeOffer({ mark: id, secret: id, addresses: Array.from({ length: 65 }, (_, number) => `inproc:${number}`) });
    expect(() => readOffer(new FrameReader(offer))).toThrow("an offer of 65 addresses exceeds 64");
  });
});

describe("down", () => {
  test("to the address given when the nearer path breaks, and guarded calls have run once", async () => {
    let release = (): void => {};
    const { tcp: address, unix, effects } = await near({ slow: new Promise((resolve) => (release = resolve)) });
    const path = unix.slice("unix:".length);
    renameSync(path, `${path}.real`);
    const cut = await relay(path, `${path}.real`);
    const channel = await to(address);
    await isAt(channel, unix);
    const calls = Array.from({ length: 50 }, (_, n) => channel.unary(once, n));
    await vi.waitFor(() => expect(effects.size).toBe(50), 5_000);
    cut();
    release();
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect([...effects.values()].every((times) => times === 1)).toBe(true);
    expect(channel.path).toMatchObject({ address, via: undefined });
    await passedOver(channel, /broke|closed|no such file|nobody listens/);
  });

  test("and up again after a while", { timeout: 20_000 }, async () => {
    const { tcp: address, unix } = await near();
    const path = unix.slice("unix:".length);
    renameSync(path, `${path}.real`);
    const channel = await to(address);
    await passedOver(channel, /no such file/);
    await relay(path, `${path}.real`);
    await vi.waitFor(() => expect(channel.path.address).toBe(unix), { timeout: 10_000, interval: 50 });
  });
});
