/** Shared memory with peers in processes of their own: who dies, who means harm, and who lacks what it needs. */
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Link } from "../../runtime/transport/transport.js";
import { describeUnless } from "../left-out.js";
import { rowOf } from "./all.js";
import { children, type Child } from "./child.js";
import { Recorder } from "./recorder.js";
import { session, turns } from "./session.js";

const { listen, dial } = session(rowOf("shared memory"));
const startChild = children();

/** What this process holds: segments that are mapped, and open files. */
const mapped = (): number => readFileSync("/proc/self/maps", "utf8").split("\n").filter((line) => line.includes("memfd:rpcgen")).length;
const files = (): number => readdirSync("/proc/self/fd").length;

/** A folder that everybody may enter and nobody else may change. */
function openFolder(owner?: number): string {
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-shm-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755);
  if (owner !== undefined) chownSync(folder, owner, owner);
  return folder;
}

async function peer(role: string): Promise<{ readonly child: Child; readonly link: Link }> {
  let accept: (link: Link) => void = () => {};
  const accepted = new Promise<Link>((resolve) => (accept = resolve));
  const { address } = await listen((link) => accept(link));
  const child = startChild("shm.child.ts", role, address);
  return { child, link: await accepted };
}

describe("who is killed", () => {
  /** Kills it at some moment of what it does, and says what was noticed. */
  async function kill(role: string): Promise<string | undefined> {
    const { child, link } = await peer(role);
    let torn = 0;
    const at = new Recorder(link, (bytes) => (torn += bytes.every((byte) => byte === bytes[0]) ? 0 : 1));
    const enough = 1 + Math.random() * 3_000_000;
    if (role === "flood") await at.until(() => at.bytes > enough);
    else await at.until(() => at.bytes > 0);
    // It hears nothing: what it is sent fills its ring, and then waits for room.
    while (role === "deaf" && !link.congested) link.send(new Uint8Array(50_000));
    await turns(1 + Math.floor(Math.random() * 5));
    child.signal("SIGKILL");
    const cause = await at.end();
    await child.gone();
    expect({ torn, late: at.late }).toEqual({ torn: 0, late: [] });
    return cause?.message;
  }

  it("is missed whatever it was doing, leaves whole frames alone, and its segment and file are given back", async () => {
    const before = { mapped: mapped(), files: files() };
    const roles = ["flood", "flood", "flood", "deaf", "still"];
    const ends = await Promise.all(roles.map((role) => kill(role)));
    for (const end of ends) expect(end).toMatch(/ended without a goodbye; the peer's process may have died/);
    expect(mapped()).toBe(before.mapped);
    // The listeners are open still; a closed file goes with the next turn of the event loop.
    while (files() > before.files + roles.length) await turns();
  });
});

describe("who writes whatever it likes into the memory, all the time", () => {
  it("ends its own link at most, and others are served on", async () => {
    const links = await Promise.all(Array.from({ length: 3 }, () => peer("vandal")));
    const { address } = await listen((link) => link.open({ frame: (bytes) => link.send(bytes.slice()), drained: () => {}, closed: () => {} }));
    const good = new Recorder(await dial(address));
    const ended = links.map(async ({ child, link }) => {
      const at = new Recorder(link, (bytes) => link.send(bytes.slice()));
      const cause = await at.end();
      await child.gone();
      return cause?.message ?? "said goodbye";
    });
    for (const end of await Promise.all(ended)) expect(end).toMatch(/bytes wait in a ring|announced a frame|said goodbye/);
    expect(good.ends).toEqual([]);
    const other = await dial(address);
    const at = new Recorder(other);
    other.send(Uint8Array.of(7));
    await at.until(() => at.frames.length === 1);
  });
});

describe("who lacks what it needs", () => {
  it.each([
    ["room for a file of that size", "size", /may not make files as large as a segment.*ulimit -f.*unix:/],
    ["another file", "files", /too many files open; raise its limit \(ulimit -n\)/],
  ])("is told so: %s", async (_, lack, why) => {
    const listening = await listen((link) => link.open({ frame: () => {}, drained: () => {}, closed: () => {} }));
    expect(await startChild("shm.child.ts", "dial", listening.address, lack).line(0)).toMatch(why);
    await dial(listening.address);
  });

  describeUnless(process.getuid?.() === 0 ? undefined : "root, to act as another user", "the rights of one user on both sides", () => {
    it("is told so by the socket", async () => {
      const { address } = await listen(() => {}, `shm:${openFolder()}/socket`);
      const foreign = startChild("shm.child.ts", "dial", address, "user");
      expect(await foreign.line(0)).toMatch(/this user may not connect; the socket belongs to the user who runs the server/);
    });

    it("is told so by a server who may less than the client", async () => {
      const server = startChild("shm.child.ts", "listen", `shm:${openFolder(65_534)}/socket`, "user");
      await expect(dial(await server.line(0))).rejects.toThrow(/may not look into the client's process: run both as one user, or use unix:/);
    });
  });
});

it("costs no processor time while nobody calls", async () => {
  const server = startChild("peer.child.ts", "listen", rowOf("shared memory").freshAddress());
  const address = await server.line(0);
  for (let links = 0; links < 4; links += 1) {
    const link = await dial(address);
    const at = new Recorder(link);
    for (let n = 1; n <= 50; n += 1) {
      link.send(Uint8Array.of(n));
      await at.until(() => at.frames.length === n);
    }
  }
  await turns(50);
  const before = server.ticks();
  await turns(1500);
  // Of 10 ms each.
  expect(server.ticks() - before).toBeLessThanOrEqual(10);
});
