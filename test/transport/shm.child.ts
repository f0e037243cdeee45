/**
 * A peer over shared memory in a process of its own, by what it does at ADDRESS: `flood` sends without a pause and reads, `deaf` reads nothing,
 * `still` says one word and waits, `vandal` writes whatever it likes into the memory; each until it is killed. `dial` prints why it cannot,
 * and `listen` where it does, both with what is named taken away before: `size`, `files`, or `user`, the user who started it.
 */
import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { connect } from "node:net";
import koffi from "koffi";
import { writeAsk } from "../../runtime/transport/shm/rendezvous.js";
import { NONCE_BYTES, SEGMENT_BYTES } from "../../runtime/transport/shm/segment.js";
import { loadSystem } from "../../runtime/transport/shm/system.js";
import { shm } from "../../runtime/transport/shm/transport.js";
import type { Link } from "../../runtime/transport/transport.js";

const [role = "", address = "", lack = ""] = process.argv.slice(2);
const options = { signal: new AbortController().signal, maxFrameBytes: 64 * 1024 };
const ignored = { frame: () => {}, drained: () => {}, closed: () => {} };

const ROLES: Record<string, () => Promise<void>> = {
  async flood() {
    const link = await shm().dial(address, options);
    link.open({ ...ignored, drained: () => flood(link) });
    flood(link);
  },
  async deaf() {
    const link = await shm().dial(address, options);
    link.send(Uint8Array.of(1));
    setInterval(() => {}, 1e6);
  },
  async still() {
    const link = await shm().dial(address, options);
    link.open(ignored);
    link.send(Uint8Array.of(1));
  },
  vandal,
  async dial() {
    await loadSystem();
    LACKS[lack]?.();
    await shm().dial(address, options).then(() => console.log("connected"), (error: Error) => console.log(error.message));
    process.exit();
  },
  async listen() {
    await loadSystem();
    LACKS[lack]?.();
    const listening = await shm().listen?.(address, { maxFrameBytes: 1024, accept: (link) => link.open(ignored), failed: console.error });
    console.log(listening?.address);
  },
};

const LACKS: Record<string, () => void> = {
  size: () => lower(1, 1024 * 1024),
  // One for the socket, and no more.
  files: () => lower(7, nextFile() + 1),
  user() {
    process.setgroups?.([]);
    process.setgid?.(65_534);
    process.setuid?.(65_534);
  },
};

/** Frames of one byte repeated, so that a torn one shows. */
function flood(link: Link): void {
  for (let n = 1; !link.congested; n += 1) link.send(new Uint8Array(1000 + ((n * 37) % 7000)).fill(n));
}

/** Numbers that nearly make sense into the control words, and anything at all into the bytes, with bells all the time. */
async function vandal(): Promise<void> {
  const system = await loadSystem();
  const file = system.createFile(SEGMENT_BYTES);
  system.seal(file);
  const place = system.reserve(SEGMENT_BYTES);
  system.map(place, file);
  const nonce = Uint8Array.from(randomBytes(NONCE_BYTES));
  new Uint8Array(place.view).set(nonce);
  const socket = connect({ path: address.slice("shm:".length) });
  socket.write(writeAsk({ file, nonce }));
  const words = new Int32Array(place.view);
  const any = (below: number): number => Math.floor(Math.random() * below);
  const controls = [0, 0x100_200].flatMap((ring) => [0, 32, 64, 96].map((word) => (4096 + ring) / 4 + word));
  socket.on("data", () => {}).on("error", () => {});
  const rave = (): void => {
    for (let n = 0; n < 20_000; n += 1) {
      const at = n % 4 === 0 ? controls[any(controls.length)]! : any(words.length);
      Atomics.store(words, at, n % 3 === 0 ? any(2 ** 32) : words[at]! + any(64));
    }
    if (socket.destroyed) process.exit();
    socket.write(Buffer.of(1));
    setImmediate(rave);
  };
  socket.once("data", rave);
}

/** @param resource by the system's number. */
function lower(resource: number, most: number): void {
  const setrlimit = koffi.load(null).func("int setrlimit(int resource, uint64_t *limits)");
  if (setrlimit(resource, [most, most]) !== 0) throw new Error("the limit cannot be lowered");
}

/** The number that the next file to be opened gets. */
function nextFile(): number {
  const file = openSync("/dev/null", "r");
  closeSync(file);
  return file;
}

await ROLES[role]?.();
