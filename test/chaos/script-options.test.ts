/** The command lines of the long forms: what they take, and what they say of what they do not. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseLine } from "../script-options.js";
import { root } from "../simulation/bundle.js";

const script = {
  command: "npm run long",
  what: "Takes long.",
  options: {
    seconds: { kind: "number", what: "how long", default: 600, least: 1 },
    from: { kind: "number", what: "the first seed" },
    quiet: { kind: "flag", what: "says nothing" },
    into: { kind: "text", what: "a file" },
  },
} as const;

describe("a line", () => {
  it("has numbers, flags, texts and defaults", () => {
    expect(parseLine(script, [])).toEqual({ kind: "run", values: { seconds: 600, from: undefined, quiet: false, into: undefined }, words: [] });
    expect(parseLine(script, ["--seconds", "5", "--from=0", "--quiet", "--into", "a.json"])).toMatchObject({ values: { seconds: 5, from: 0, quiet: true, into: "a.json" } });
  });

  it("has words only where they mean something", () => {
    expect(parseLine({ ...script, words: "NAMES" }, ["a", "b"])).toMatchObject({ kind: "run", words: ["a", "b"] });
    expect(parseLine(script, ["a"])).toMatchObject({ kind: "mistake" });
  });

  it.each([
    [["--second", "5"], "Unknown option '--second'"],
    [["--seconds", "soon"], '--seconds is "soon", and takes a whole number from 1 on'],
    [["--seconds", "0"], '--seconds is "0", and takes a whole number from 1 on'],
    [["--from", "-1"], "Option '--from' argument is ambiguous"],
    [["--from=-1"], '--from is "-1", and takes a whole number from 0 on'],
    [["--from", "1e400"], '--from is "1e400", and takes a whole number from 0 on'],
    [["--seconds"], "Option '--seconds <value>' argument missing"],
    [["--quiet=yes"], "Option '--quiet' does not take an argument"],
  ])("that is %j is refused with the reason and the usage", (args, reason) => {
    const line = parseLine(script, args);
    expect(line).toMatchObject({ kind: "mistake" });
    expect(line).toHaveProperty("text", expect.stringContaining(`npm run long: ${reason}`));
    expect(line).toHaveProperty("text", expect.stringContaining("--seconds N  how long (default 600)"));
  });
});

describe.each(["test/chaos/main.ts", "test/simulation/planted.ts", "test/simulation/main.ts", "test/fuzz/main.ts", "test/corpus/main.ts"])("%s", (file) => {
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ["--import", "tsx", join(root, file), ...args], { cwd: root, encoding: "utf8" });

  it("tells its usage", () => {
    expect(run("--help")).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("--help") as string });
  });

  it("refuses what it does not know", () => {
    const { status, stdout, stderr } = run("--bogus");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("Unknown option '--bogus'");
    expect(stderr).not.toContain("    at ");
  });
});

it("a planted bug that there is none of is said so", () => {
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", join(root, "test/simulation/planted.ts"), "xyzzy"], { cwd: root, encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toContain('no planted bug has a name with "xyzzy"');
});
