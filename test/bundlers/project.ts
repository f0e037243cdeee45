/** A copy of the project, for one test to build and to break. */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));

export class TestProject {
  readonly folder: string;

  /** Inside the package, so that the bundlers and the runtime are found. */
  constructor() {
    mkdirSync(path.join(here, ".work"), { recursive: true });
    this.folder = mkdtempSync(path.join(here, ".work/project-"));
    cpSync(path.join(here, "project"), this.folder, { recursive: true });
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  at(file: string): string {
    return path.join(this.folder, file);
  }

  has(file: string): boolean {
    return existsSync(this.at(file));
  }

  read(file: string): string {
    return readFileSync(this.at(file), "utf8");
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(this.at(file)), { recursive: true });
    writeFileSync(this.at(file), text);
  }

  /** To an absolute path. */
  move(file: string, to: string): void {
    mkdirSync(path.dirname(to), { recursive: true });
    cpSync(this.at(file), to);
    rmSync(this.at(file));
  }

  edit(file: string, from: string, to: string): void {
    const text = this.read(file);
    if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
    this.write(file, text.replace(from, to));
  }

  /** Runs a built program until its first line of output. */
  async firstLine(file: string, ...args: string[]): Promise<{ line: string; child: ChildProcess }> {
    const child = spawn(process.execPath, [this.at(file), ...args], { stdio: ["pipe", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    let text = "";
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
      });
      child.on("error", reject).on("exit", (code) => reject(new Error(`${file} ended with ${code} and without a line: ${text}`)));
    });
    return { line, child };
  }

  /** Serves with one program and calls with the other, and gives what the caller tells. */
  async converse(server: string, client: string): Promise<unknown> {
    const served = await this.firstLine(server, "tcp://127.0.0.1:0");
    const called = await this.firstLine(client, served.line);
    served.child.stdin?.end();
    return JSON.parse(called.line);
  }
}
