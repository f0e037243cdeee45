/** What shells offer for the command line: each of them, completing what is typed. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verbs } from "../../src/cli/commands.js";
import { targets } from "../../src/cli/targets.js";
import { describeUnless } from "../left-out.js";
import { Binary } from "./binary.js";
import { run } from "./memory-host.js";
import { has, Terminal } from "./terminal.js";

/** The words up to the cursor, split at blanks, and what may stand there. */
async function offered(line: string): Promise<string[]> {
  const { exitCode, stdout, stderr } = await run(["completion", "bash", "--", ...line.split(" ")]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout.split("\n").slice(0, -1).map((answer) => answer.split("\t")[0] ?? "");
}

describe("what may stand at a place", () => {
  test.each([
    ["", [...verbs.map(({ name }) => name), ":files .idl"]],
    ["ex", ["explain", ":files .idl"]],
    ["check ", [":files .idl"]],
    ["check a.idl ", [":files .idl"]],
    ["a.idl ", [":files .idl"]],
    ["a.idl --dr", ["--dry-run"]],
    ["check --dr", []],
    ["--report ", ["text", "json", "sarif", "junit", "github"]],
    ["--report json ch", ["check", ":files .idl"]],
    ["check --report=j", ["--report=json", "--report=junit"]],
    ["--target ts,j", ["ts,json"]],
    ["--target json,ts,", targets.filter((target) => !["json", "ts"].includes(target)).map((target) => `json,ts,${target}`)],
    ["generate --out ", [":folders"]],
    ["generate --out=s", [":folders"]],
    ["verify --handlers ", [":files "]],
    ["verify --runs ", []],
    ["import -I ", [":folders"]],
    ["import -I protos ", [":files .proto"]],
    ["inspect ", [":files .idl"]],
    ["inspect a.idl ", []],
    ["explain rpc2001", ["RPC2001"]],
    ["explain field-came", ["field-camel-case"]],
    ["explain @idem", ["@idempotent"]],
    ["explain RPC2001 ", []],
    ["init ", [":folders"]],
    ["completion ", ["bash", "zsh", "fish"]],
    ["check -- --js", [":files .idl"]],
    ["check - ", [":files .idl"]],
    ["check --nonsense ", [":files .idl"]],
    ["check --nonsense=", []],
  ])("of %j", async (line, words) => expect(await offered(line)).toEqual(words));

  test("is every option that a command has", async () => {
    for (const { name, options } of verbs) {
      const own = options().flatMap(({ long }) => long ?? []);
      expect(await offered(`${name} --`)).toEqual([...own, "--json", "--report", "--color", "--no-color", "--help", "--version"]);
    }
  });
});

test("a shell that there is not is wrong usage", async () => {
  expect(await run(["completion", "zhs"])).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining('did you mean "zsh"?') });
});

const binary = new Binary();
let home = "";
beforeAll(async () => {
  await binary.install();
  home = binary.folderWith({ "work/idl/orders.idl": "", "work/idl/two words.idl": "", "work/notes.txt": "", "work/src/gen/.keep": "" });
  mkdirSync(path.join(home, "bin"));
  // Says what it was called with, where it is not the shell that asks.
  const launcher = path.join(binary.folder, "package/src/cli/bin.mjs");
  writeFileSync(path.join(home, "bin/rpcgen"), `#!/bin/sh\n[ "$1" = completion ] && exec '${process.execPath}' '${launcher}' "$@"\nprintf 'GOT'; printf ' <%s>' "$@"; echo ' END'\n`);
  chmodSync(path.join(home, "bin/rpcgen"), 0o755);
});
afterAll(() => binary.remove());

interface Shell {
  readonly command: string;
  /** What is typed at first; it makes the prompt "READY>". */
  readonly setUp: string;
}

const shells: Readonly<Record<string, Shell>> = {
  bash: { command: "bash --norc --noprofile -i", setUp: `bind 'set enable-bracketed-paste off'; source <(rpcgen completion bash); PS1='READY''> '\r` },
  zsh: { command: "zsh -f -i", setUp: `autoload -Uz compinit && compinit -u -D; source <(rpcgen completion zsh); PS1='READY''> '\r` },
  fish: { command: "fish --no-config -i", setUp: `rpcgen completion fish | source; function fish_prompt; echo -n READY'> '; end\r` },
};

describe.each(Object.entries(shells))("%s", (name, { command, setUp }) => {
  describeUnless(has(name) && has("script") ? undefined : `${name} and script`, "completes", () => {
    let terminal: Terminal;
    beforeAll(async () => {
      const env = { PATH: `${home}/bin:${process.env["PATH"] ?? ""}`, HOME: home, LC_ALL: "C.UTF-8" };
      terminal = new Terminal(command, path.join(home, "work"), env);
      await terminal.type(setUp, /READY> /);
    });
    afterAll(() => terminal.close());

    test.each([
      ["exp", "<explain>"],
      ["explain RPC2001", "<explain> <RPC2001>"],
      ["explain @reado", "<explain> <@readonly>"],
      ["explain field-came", "<explain> <field-camel-case>"],
      ["breaking --against git:main --deny", "<breaking> <--against> <git:main> <--deny-warnings>"],
      ["generate --target=ts,js", "<generate> <--target=ts,json>"],
      ["check idl/o", "<check> <idl/orders.idl>"],
      ["check idl/tw", "<check> <idl/two words.idl>"],
      ["generate --out=sr\tg", "<generate> <--out=src/gen>"],
      ["explain '$(touch evil)' @reado", "<explain> <$(touch evil)> <@reado>"],
    ])("%j to %s", async (keys, got) => {
      const called = await terminal.type(`rpcgen ${keys}\t\r`, /GOT (.*) END/);
      // zsh takes the slash of a folder away again.
      expect(existsSync(path.join(home, "work/evil"))).toBe(false);
      expect(called.replace(/\/(?=>$)/, "")).toBe(got);
    });
  });
});
