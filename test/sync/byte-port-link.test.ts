/** A blocking link against whatever may be at the other end of its bytes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BytePortLink } from "../../runtime/transport/links/byte-port-link.js";
import type { BytePort } from "../../runtime/transport/links/byte-port.js";
import { Recorder } from "../transport/recorder.js";

/** Gives what it is told to, in the portions that it is told, and then its end, if it has one. */
class ScriptedPort implements BytePort {
  readonly peer = { transport: "test", address: "test:" };
  readonly portions: Uint8Array[];
  readonly written: number[] = [];
  released = 0;
  room = Infinity;
  unwritable = false;

  readonly #ended: boolean;

  constructor(portions: Uint8Array[], ended: boolean) {
    this.portions = portions;
    this.#ended = ended;
  }

  write(bytes: Uint8Array): number {
    if (this.unwritable) throw new Error("the other end is gone");
    const length = Math.min(bytes.length, this.room);
    this.room -= length;
    this.written.push(...bytes.subarray(0, length));
    return length;
  }

  read(target: Uint8Array): number {
    const portion = this.portions.shift();
    if (portion === undefined && this.#ended) throw new Error("ended without a goodbye");
    target.set(portion ?? []);
    return portion?.length ?? 0;
  }

  wait(): void {}

  release(): void {
    this.released += 1;
  }
}

const GOODBYE = [0, 0, 0, 0];

function framed(...bytes: number[]): number[] {
  return [bytes.length, 0, 0, 0, ...bytes];
}

function linked(portions: readonly (readonly number[])[], ended = false): { port: ScriptedPort; link: BytePortLink; heard: Recorder; turn: (times?: number) => void } {
  const port = new ScriptedPort(portions.map((portion) => Uint8Array.from(portion)), ended);
  const link = new BytePortLink(port, 100);
  const heard = new Recorder(link);
  const turn = (times = 10): void => {
    for (let left = times; left > 0; left -= 1) link.turn(0);
  };
  return { port, link, heard, turn };
}

describe("a blocking link", () => {
  it("delivers the same frames in whatever portions their bytes come", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { maxLength: 8 }), fc.infiniteStream(fc.integer({ min: 1, max: 50 })), (frames, sizes) => {
        const bytes = [...frames.flatMap((frame) => framed(...frame)), ...GOODBYE];
        const portions: number[][] = [];
        while (bytes.length > 0) portions.push(bytes.splice(0, sizes.next().value));
        const { heard, turn, link } = linked(portions);
        turn(portions.length + 1);
        expect(heard.frames).toEqual(frames);
        expect([heard.ends, link.over]).toEqual([[undefined], true]);
      }),
    );
  });

  it("delivers them in order and once, also to who looks for more while it is told of one", () => {
    const looks = fc.array(fc.nat(2), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { maxLength: 12 }), fc.infiniteStream(fc.integer({ min: 1, max: 400 })), looks, (frames, sizes, nested) => {
        const bytes = [...frames.flatMap((frame) => framed(...frame)), ...GOODBYE];
        const portions: number[][] = [];
        while (bytes.length > 0) portions.push(bytes.splice(0, sizes.next().value));
        const { heard, turn, link } = linked(portions);
        // As a call that is made where another is told of.
        heard.onFrame = (frame) => {
          const seen = frame.slice();
          heard.frames.push(seen);
          for (let left = nested[heard.frames.length % nested.length] ?? 0; left > 0; left -= 1) link.turn(0);
          expect(frame).toEqual(seen);
        };
        turn(portions.length + 1);
        expect(heard.frames).toEqual(frames);
        expect([heard.ends, link.over]).toEqual([[undefined], true]);
      }),
    );
  });

  it.each([
    ["announces more than the limit", [[101, 0, 0, 0]], false, "a frame of 101 bytes"],
    ["announces 4 GiB", [[255, 255, 255, 255, 1]], false, "a frame of 4294967295 bytes"],
    ["ends in the middle of a frame", [[9, 0, 0, 0, 1]], true, "without a goodbye"],
    ["ends behind a frame", [framed(7)], true, "without a goodbye"],
  ])("ends with a cause where the peer %s", (_, portions, ended, why) => {
    const { port, heard, turn } = linked(portions, ended);
    turn();
    expect(heard.ends[0]?.message).toContain(why);
    expect([heard.ends.length, heard.late, port.released]).toEqual([1, [], 1]);
  });

  it("writes on where there was no room, and is congested until then", () => {
    const { port, link, heard, turn } = linked([]);
    port.room = 10;
    const frame = new Uint8Array(70_000).fill(5);
    link.send(frame);
    expect([link.congested, port.written.length]).toEqual([true, 10]);
    for (let round = 0; round < 80; round += 1) {
      port.room = 1000;
      turn(1);
    }
    expect(port.written).toEqual([0x70, 0x11, 1, 0, ...frame]);
    expect([link.congested, heard.drains]).toEqual([false, 1]);
  });

  it("reads to the last what a peer had written who takes nothing any more", () => {
    const { port, link, heard, turn } = linked([framed(1), framed(2)], true);
    port.unwritable = true;
    link.send(Uint8Array.of(9));
    turn();
    expect(heard.frames).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    expect(heard.ends[0]?.message).toMatch(/the other end is gone|without a goodbye/);
  });

  it("says goodbye, hears no more frames, and is over when the peer has answered or left", () => {
    for (const [portions, ended] of [[[framed(1), GOODBYE], false], [[framed(1)], true]] as const) {
      const { port, link, heard, turn } = linked(portions, ended);
      link.close();
      link.send(Uint8Array.of(9));
      turn();
      expect(port.written).toEqual(GOODBYE);
      expect([heard.frames, heard.ends, link.over]).toEqual([[], [undefined], true]);
    }
  });

  it("tells its receiver of an abort in the next turn, once, and lets go at once", () => {
    const { port, link, heard, turn } = linked([framed(1)]);
    link.abort(new Error("enough"));
    expect([heard.ends.length, port.released]).toEqual([0, 1]);
    turn();
    expect([heard.ends.map((cause) => cause?.message), heard.frames, heard.late, port.released]).toEqual([["enough"], [], [], 1]);
  });
});
