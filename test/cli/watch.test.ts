/** `rpcgen generate --watch` as a process: what it survives, and that what it has written in the end is what `generate` writes. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Binary } from "./binary.js";

const binary = new Binary();
beforeAll(() => binary.install(), 60_000);
afterAll(() => binary.remove());

const money = "package shop;\nalias Cents = i64;\n";
const orders = 'package shop;\nimport "./money.idl";\nmessage Order { price: Cents = 1; }\n';
const files = { "idl/orders.idl": orders, "idl/money.idl": money };

class Watch {
  readonly cwd: string;
  readonly #process: ReturnType<typeof spawn>;
  readonly #ended: Promise<number | null>;
  #said = "";
  #wake: () => void = () => {};

  constructor(cwd: string, argv: readonly string[]) {
    this.cwd = cwd;
    const launcher = path.join(binary.folder, "package/src/cli/bin.mjs");
    this.#process = spawn(process.execPath, [launcher, ...argv, "--watch"], { cwd, env: { ...process.env, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#said += chunk.toString();
        this.#wake();
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#process.on("exit", (code) => {
        resolve(code);
        this.#wake();
      });
    });
  }

  /** Does something, and waits until the watch has said what is looked for since. Returns all that it said. */
  async until(found: RegExp, act: () => void = () => {}): Promise<string> {
    const from = this.#said.length;
    act();
    for (;;) {
      const said = this.#said.slice(from);
      if (found.test(said)) return said;
      if (this.#process.exitCode !== null) throw new Error(`the watch ended, having said:\n${this.#said}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  write(name: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.cwd, name)), { recursive: true });
    writeFileSync(path.join(this.cwd, name), text);
  }

  read(name: string): string | undefined {
    const file = path.join(this.cwd, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  async interrupt(): Promise<number | null> {
    this.#process.kill("SIGINT");
    return this.#ended;
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }
}

const open: Watch[] = [];
afterAll(() => open.forEach((each) => each.kill()));

async function watching(argv: readonly string[] = ["idl/**/*.idl"], sources: Readonly<Record<string, string>> = files): Promise<Watch> {
  const started = new Watch(binary.folderWith(sources), argv);
  open.push(started);
  await started.until(/watching/);
  return started;
}

/** Every file below a folder, with its text. */
function textsIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(entries.map((entry) => [path.relative(folder, path.join(entry.parentPath, entry.name)), readFileSync(path.join(entry.parentPath, entry.name), "utf8")]));
}

describe("generate --watch", { timeout: 60_000 }, () => {
  test("writes at once, then what a change changes and nothing else, and ends well", async () => {
    const watch = await watching();
    expect(watch.read("gen/orders.ts")).toBeDefined();
    const said = await watch.until(/ms\n/, () => watch.write("idl/orders.idl", orders.replace("Order ", "Purchase ")));
    expect(said).toMatch(/gen\/orders\.codec\.ts\ngen\/orders\.schema\.ts\ngen\/orders\.types\.ts\n/);
    expect(said).toMatch(/3 files written, 4 unchanged; \d+ ms\n/);
    expect(said).not.toContain("money");
    expect(watch.read("gen/orders.types.ts")).toContain("Purchase");
    expect(await watch.interrupt()).toBe(0);
  });

  test("survives a mistake, a half of a file, and one that is empty for a moment", async () => {
    const watch = await watching();
    const before = watch.read("gen/orders.types.ts");
    await watch.until(/nothing was written/, () => watch.write("idl/orders.idl", orders.replace("Cents", "Dollars")));
    await watch.until(/RPC1\d+[^]*nothing was written/, () => watch.write("idl/orders.idl", orders.slice(0, -12)));
    expect(watch.read("gen/orders.types.ts")).toBe(before);
    await watch.until(/files? written/, () => {
      watch.write("idl/orders.idl", "");
      watch.write("idl/orders.idl", orders.replace("Order ", "Purchase "));
    });
    expect(watch.read("gen/orders.types.ts")).toContain("Purchase");
    expect(await watch.interrupt()).toBe(0);
  });

  test("follows files that come, go and are renamed, and folders", async () => {
    const watch = await watching(["idl/**/*.idl", "--root", "idl"]);
    await watch.until(/gen\/new\/deep\.ts/, () => watch.write("idl/new/deep.idl", "package deep;\nalias Deep = u8;\n"));
    await watch.until(/gen\/new\/other\.ts[^]*removed/, () => renameSync(path.join(watch.cwd, "idl/new/deep.idl"), path.join(watch.cwd, "idl/new/other.idl")));
    expect(watch.read("gen/new/deep.ts")).toBeUndefined();
    await watch.until(/removed/, () => rmSync(path.join(watch.cwd, "idl/new"), { recursive: true }));
    expect(watch.read("gen/new/other.ts")).toBeUndefined();
    await watch.until(/RPC7002/, () => rmSync(path.join(watch.cwd, "idl"), { recursive: true }));
    expect(watch.read("gen/orders.ts")).toBeDefined();
    await watch.until(/written/, () => {
      watch.write("idl/money.idl", money);
      watch.write("idl/orders.idl", orders.replace("Order ", "Purchase "));
    });
    await watch.until(/gen\/again\.ts/, () => watch.write("idl/again.idl", "package again;\nalias Again = u8;\n"));
    expect(watch.read("gen/orders.types.ts")).toContain("Purchase");
    expect(await watch.interrupt()).toBe(0);
  });

  test("writes anew what somebody removed, the whole folder or a file of it", async () => {
    const watch = await watching();
    const before = textsIn(path.join(watch.cwd, "gen"));
    await watch.until(/7 files written/, () => rmSync(path.join(watch.cwd, "gen"), { recursive: true }));
    expect(textsIn(path.join(watch.cwd, "gen"))).toEqual(before);
    await watch.until(/gen\/money\.ts\n1 file written/, () => {
      rmSync(path.join(watch.cwd, "gen/money.ts"));
      watch.write("idl/orders.idl", orders);
    });
    expect(textsIn(path.join(watch.cwd, "gen"))).toEqual(before);
    expect(await watch.interrupt()).toBe(0);
  });

  test("follows what is imported from elsewhere, also before it is there", async () => {
    const sources = { "app/orders.idl": orders.replace("./money", "../common/money") };
    const watch = await watching(["app/orders.idl"], sources);
    await watch.until(/written/, () => watch.write("common/money.idl", money));
    await watch.until(/written/, () => watch.write("common/money.idl", money.replace("i64", "u64")));
    expect(watch.read("gen/common/money.types.ts")).toContain("Cents");
    expect(await watch.interrupt()).toBe(0);
  });

  test("follows the configuration: what it says, what is wrong with it, and that it comes and goes", async () => {
    const config = (out: string): string => `export default { sources: ["idl/**/*.idl"], out: "${out}" };\n`;
    const watch = await watching(["generate"], { ...files, "rpcgen.config.mjs": config("one") });
    expect(watch.read("one/orders.types.ts")).toContain("Order");
    await watch.until(/two\/orders\.ts/, () => watch.write("rpcgen.config.mjs", config("two")));
    const refused = await watch.until(/goes on/, () => watch.write("rpcgen.config.mjs", "export default { sources: [\n"));
    expect(refused).toMatch(/RPC7017[^]*"rpcgen\.config\.mjs" cannot be used: Unexpected/);
    await watch.until(/two\/orders\.types\.ts/, () => watch.write("idl/orders.idl", orders.replace("Order ", "Purchase ")));
    await watch.until(/three\/orders\.ts/, () => watch.write("rpcgen.config.mjs", config("three")));
    await watch.until(/no files are named any more/, () => rmSync(path.join(watch.cwd, "rpcgen.config.mjs")));
    await watch.until(/four\/orders\.ts/, () => watch.write("rpcgen.config.js", config("four")));
    expect(watch.read("four/orders.types.ts")).toContain("Purchase");
    expect(await watch.interrupt()).toBe(0);
  });

  test("has in the end written what generate writes, after many edits at once", async () => {
    const watch = await watching();
    const last = `${orders}message Last { ${Array.from({ length: 30 }, (_, at) => `f${at}: u32 = ${at + 1};`).join(" ")} }\n`;
    await watch.until(/written/, () => {
      for (let step = 0; step < 30; step++) {
        watch.write(`idl/many${step}.idl`, `package many${step};\nmessage Many { value: u32 = 1; }\n`);
        watch.write("idl/orders.idl", last.slice(0, orders.length + step));
      }
      watch.write("idl/orders.idl", last);
    });
    while (!(watch.read("gen/orders.types.ts") ?? "").includes("f29")) await watch.until(/written/);
    expect(await watch.interrupt()).toBe(0);
    const ran = binary.run(watch.cwd, ["idl/**/*.idl", "--check"]);
    expect(ran).toMatchObject({ exitCode: 0, stdout: "" });
    expect(binary.run(watch.cwd, ["idl/**/*.idl", "--out", "other"]).exitCode).toBe(0);
    expect(textsIn(path.join(watch.cwd, "gen"))).toEqual(textsIn(path.join(watch.cwd, "other")));
  });

  test("does not read its own outputs as a change, though they stand among the sources", async () => {
    const watch = await watching(["**/*.idl"], { "orders.idl": orders.replace("./money", "./idl/money"), "idl/money.idl": money });
    const said = await watch.until(/ms\n/, () => watch.write("orders.idl", orders.replace("./money", "./idl/money").replace("Order ", "Purchase ")));
    await watch.until(/ms\n/, () => watch.write("idl/money.idl", money.replace("i64", "u64")));
    expect(said.match(/ms\n/g)).toHaveLength(1);
    expect(await watch.interrupt()).toBe(0);
  });

  test("--stats says how long each phase took and how much of it was done", async () => {
    const watch = await watching(["idl/**/*.idl", "--stats"]);
    const said = await watch.until(/total/, () => watch.write("idl/orders.idl", `// A comment.\n${orders}`));
    expect(said).toMatch(/ {2}parse +[\d.]+ ms {2}1 of 2\n {2}check +[\d.]+ ms {2}1 of 2\n {2}emit +[\d.]+ ms {2}0 of 2\n/);
    expect(await watch.interrupt()).toBe(0);
  });

  test("is refused for the standard input, and beside --check", () => {
    const cwd = binary.folderWith(files);
    expect(binary.run(cwd, ["-", "--watch"])).toMatchObject({ exitCode: 2 });
    expect(binary.run(cwd, ["idl/orders.idl", "--watch", "--check"])).toMatchObject({ exitCode: 2 });
  });
});
