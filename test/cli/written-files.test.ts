/** What becomes of a file, and of its folder, when a command writes it. */
import { createFsFromVolume, Volume } from "memfs";
import { describe, expect, test } from "vitest";
import type { HostFs } from "../../src/cli/host.js";
import { run } from "./memory-host.js";

const schema = "package shop;\nmessage Order { id: string = 1; }\n";
const crooked = "package shop; message Order { id: string = 1; }\n";

/** A volume with one file of a mode. */
function volumeWith(name: string, text: string, mode: number): InstanceType<typeof Volume> {
  const volume = Volume.fromJSON({ [`/project/${name}`]: text });
  volume.chmodSync(`/project/${name}`, mode);
  return volume;
}

describe("a file that is written over", () => {
  test.each([0o600, 0o640, 0o755])("may be read and written by those who could before: %o", async (mode) => {
    const { volume, exitCode } = await run(["format", "orders.idl"], { volume: volumeWith("orders.idl", crooked, mode) });
    expect([exitCode, Number(volume.statSync("/project/orders.idl").mode) & 0o777]).toEqual([0, mode]);
  });

  test("is not written through a link that somebody put in the way, and nobody knows where that is", async () => {
    const volume = Volume.fromJSON({ "/project/orders.idl": schema, "/secret": "mine" });
    const fs = createFsFromVolume(volume) as unknown as HostFs;
    const tried: { readonly at: string; readonly left: unknown }[] = [];
    const writeFileSync = ((file: string, ...rest: [never]) => {
      volume.symlinkSync("/secret", file);
      try {
        return fs.writeFileSync(file, ...rest);
      } finally {
        tried.push({ at: file, left: volume.readFileSync("/secret", "utf8") });
        volume.unlinkSync(file);
      }
    }) as HostFs["writeFileSync"];
    for (const _ of [1, 2]) expect(await run(["orders.idl"], { volume, faults: { writeFileSync } })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("RPC7007") });
    expect(tried).toEqual([{ at: expect.any(String), left: "mine" }, { at: expect.any(String), left: "mine" }]);
    expect(tried[0]?.at).not.toBe(tried[1]?.at);
  });

  test("is told of where neither it nor what was begun of it can be touched", async () => {
    const fails = () => {
      throw Object.assign(new Error("EIO"), { code: "EIO" });
    };
    const ended = await run(["orders.idl"], { files: { "orders.idl": schema }, faults: { writeFileSync: fails, rmSync: fails, rmdirSync: fails } });
    expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("cannot be written: EIO") });
  });
});
