/** kill -9 in a chain of three real services, each with a store of its own, in each of them and at every named point: the call is answered, and took effect once in all three. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { connect } from "../../runtime/index.js";
import { bundle } from "../simulation/bundle.js";
import { methods } from "../simulation/sim-service.js";
import { effectsIn, errandOf, Servers } from "./kill.js";
import { CRASH_POINTS } from "./kill-points.js";

const TIERS = ["front", "middle", "back"] as const;

const child = await bundle("test/chaos/server.child.ts");
const folder = mkdtempSync(join(tmpdir(), "rpcgen-chain-"));
afterAll(() => {
  child.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(TIERS)("@exactlyOnce over three services, %s killed", (killed) => {
  it.each(CRASH_POINTS)("%s", { timeout: 60_000 }, async (point) => {
    const place = (tier: string): string => join(folder, `${killed} ${point}`.replaceAll(" ", "-"), tier);
    const address = (tier: string): string => `unix:${place(tier)}/s.sock`;
    const services = TIERS.map((tier, index) => {
      mkdirSync(place(tier), { recursive: true });
      const below = TIERS[index + 1];
      return new Servers(child.path, address(tier), place(tier), tier === killed ? point : "none", ...(below === undefined ? [] : [address(below)]));
    });
    try {
      for (const service of services.toReversed()) await service.start();
      await using channel = await connect(address("front"));
      for (const op of [1, 2]) {
        const options = { timeoutMs: 30_000, headers: { op: String(op) } };
        expect(await channel.unary(methods.place, errandOf(op, TIERS.length - 1), options)).toMatchObject({ op });
      }
    } finally {
      await Promise.all(services.map((service) => service.end()));
    }
    expect(existsSync(join(place(killed), "killed"))).toBe(true);
    expect(await Promise.all(TIERS.map((tier) => effectsIn(place(tier))))).toEqual([1, 1, 1]);
  });
});
