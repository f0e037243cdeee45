/** The help of each command: examples first, and every one of them is a command line that there is. */
import { describe, expect, test, vi } from "vitest";
import { verbs } from "../../src/cli/commands.js";
import { run } from "./memory-host.js";

/** What stands between "Examples:" at the beginning and the usage: lines for a shell, each with a sentence below. */
function examplesOf(help: string): { line: string; says: string }[] {
  const [, section = ""] = /^Examples:\n([^]*?)\n\nUsage: rpcgen/.exec(help) ?? [];
  return [...section.matchAll(/^ {2}rpcgen (.+)\n {6}(\S.*)$/gm)].map(([, line = "", says = ""]) => ({ line, says }));
}

/** The words of a line as a shell makes them, without where its input and output go. */
function wordsOf(line: string): string[] {
  const words = line.replace(/ [<>] ("[^"]*"|\S+)/g, "").matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g);
  return [...words].map(([, single, double, bare = ""]) => single ?? double ?? bare);
}

/** A project in which files need not be named, and all that examples name. */
const world = { files: { "rpcgen.config.ts": "", "orders.idl": "package shop;\n" }, modules: { "rpcgen.config.ts": { default: { sources: ["orders.idl"] } } } };

describe.each(verbs.map((verb) => ({ name: verb.name, verb })))("rpcgen $name --help", ({ verb }) => {
  test("begins with its examples, and names every option", async () => {
    const { exitCode, stdout, stderr } = await run([verb.name, "--help"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(examplesOf(stdout).map(({ line }) => line)).toEqual(verb.examples.map(([line]) => line));
    for (const { long } of verb.options()) expect(stdout).toContain(long);
  });

  test.each(verb.examples.map(([line]) => [line]))("%s is understood", async (line) => {
    const words = wordsOf(line);
    const meant = verbs.find(({ name }) => name === words[0]) ?? verbs[0];
    // What it means is said by `explain` itself; the others need what a stranger has.
    const spies = meant?.name === "explain" ? [] : verbs.map((each) => vi.spyOn(each, "run").mockResolvedValue(0));
    try {
      const { exitCode, stderr } = await run(words, world);
      expect({ line, exitCode, stderr }).toEqual({ line, exitCode: 0, stderr: "" });
      const called = verbs.filter((_, at) => (spies[at]?.mock.calls.length ?? 0) > 0).map(({ name }) => name);
      if (spies.length > 0) expect(called).toEqual([meant?.name]);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
});

test("the help of all begins with an example of each command", async () => {
  const { stdout } = await run(["--help"]);
  expect(examplesOf(stdout).map(({ line }) => line)).toEqual(verbs.map(({ examples }) => examples[0]?.[0]));
  const words = stdout.replace(/\s+/g, " ");
  for (const { name, summary } of verbs) {
    expect(words).toContain(`${name} `);
    expect(words).toContain(summary);
  }
});
