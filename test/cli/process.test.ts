/** The command as a process: how it ends, whatever the modules of its user and its outputs do. */
import { closeSync, openSync } from "node:fs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Binary } from "./binary.js";

const binary = new Binary();
beforeAll(() => binary.install());
afterAll(() => binary.remove());

const schema = "package shop;\nmessage Order { id: string = 1; }\n";
const project = (config: string) => binary.folderWith({ "orders.idl": schema, "rpcgen.config.mjs": config });

describe("a configuration", { timeout: 120_000 }, () => {
  test("that leaves a timer behind does not keep the process", () => {
    expect(binary.run(project('setInterval(() => {}, 1000);\nexport default { sources: ["orders.idl"] };'), ["check"])).toEqual({ exitCode: 0, stdout: "", stderr: "1 file has no errors\n" });
  });

  test.each(["await new Promise(() => {});", "process.exit(0);", "process.exit(1);"])("%s is no success, and says so", (line) => {
    const cwd = project(line);
    expect(binary.run(cwd, ["check", "--json"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `error: "${path.join(cwd, "rpcgen.config.mjs")}" ended the process while it was loaded, or waits for what never comes\n  help: let it export what it has to, and be done\n`,
    });
  });
});

describe.skipIf(process.platform !== "linux")("an output on a device that is full", { timeout: 120_000 }, () => {
  const runInto = (cwd: string, argv: readonly string[], which: "stdout" | "stderr") => {
    const full = openSync("/dev/full", "w");
    const launcher = path.join(binary.folder, "package/src/cli/bin.mjs");
    const ended = spawnSync(process.execPath, [launcher, ...argv], { cwd, encoding: "utf8", timeout: 60_000, stdio: ["ignore", which === "stdout" ? full : "pipe", which === "stderr" ? full : "pipe"] });
    closeSync(full);
    return { exitCode: ended.status, said: which === "stdout" ? ended.stderr : ended.stdout };
  };

  test("results that are lost are no success", () => {
    const lost = { exitCode: 2, said: "error: the results could not be written: no space is left on the device\n" };
    expect(runInto(project("export default {};"), ["explain", "RPC2001"], "stdout")).toEqual(lost);
    expect(runInto(project("export default {};"), ["check", "orders.idl", "--json"], "stdout")).toEqual(lost);
  });

  test("talk that is lost changes nothing", () => {
    expect(runInto(project("export default {};"), ["orders.idl"], "stderr")).toEqual({ exitCode: 0, said: expect.stringContaining("gen/orders.ts\n") });
    expect(runInto(project("export default {};"), ["gone.idl"], "stderr")).toEqual({ exitCode: 2, said: "" });
  });
});
