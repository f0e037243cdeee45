/** The examples of docs/http.md, by the real curl. */
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { describeUnless } from "../left-out.js";
import { served } from "./shop.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(new URL("../../docs/http.md", import.meta.url), "utf8");

interface Example {
  readonly line: number;
  readonly commands: string[];
  readonly output: string;
}

const examples: readonly Example[] = [...page.matchAll(/^```console\n(.*?)^```$/gms)].map((match) => {
  const lines = (match[1] ?? "").trimEnd().split("\n");
  return {
    line: page.slice(0, match.index).split("\n").length,
    commands: lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2)),
    output: lines.filter((line) => !line.startsWith("$ ")).join("\n"),
  };
});

const missing = spawnSync("curl", ["--version"]).status === 0 ? undefined : "curl";

describeUnless(missing, "docs/http.md, by curl", () => {
  it("has examples", () => expect(examples.length).toBeGreaterThan(6));

  it.each(examples)("line $line", async ({ commands, output }) => {
    const { url } = await served();
    const script = commands.map((command) => `${command.replaceAll("http://127.0.0.1:8080", url).replace(/\bcurl /g, "curl -s ")}\n`).join("");
    // A command that prints no end of line is followed by the next one's output.
    const { stdout } = await promisify(execFile)("bash", ["-c", `set -euo pipefail\n${script}`], { cwd: root });
    const seen = stdout.replace(/"callId":"[0-9a-f]{32}\/\d+"/g, '"callId":"…"').replaceAll("\r", "");
    expect(seen.trimEnd()).toBe(output);
  });

  it("exits with 18 where a stream failed", async () => {
    const { url } = await served();
    const curl = promisify(execFile)("curl", ["-sN", "-d", '{"from":13}', "-H", "content-type: application/json", `${url}/shop.Orders/watch`]);
    const failure = await curl.then(
      () => undefined,
      (error: { code: number; stdout: string }) => error,
    );
    expect(failure?.code).toBe(18);
    expect(failure?.stdout.trimEnd().split("\n").at(-1)).toMatch(/^{"\$error":{"code":"NOT_FOUND"/);
  });

  it("sends a body of 3 MiB, which it asks for first", async () => {
    const { url } = await served();
    const note = "x".repeat(3 << 20);
    const curl = execFile("curl", ["-s", "--data-binary", "@-", "-H", "content-type: application/json", `${url}/shop.Orders/place`], { maxBuffer: 8 << 20 });
    let text = "";
    curl.stdout?.on("data", (chunk) => (text += String(chunk)));
    curl.stdin?.end(JSON.stringify({ items: [{ sku: "tea", quantity: 1 }], note }));
    await new Promise((resolve) => curl.once("close", resolve));
    expect((JSON.parse(text) as { note: string }).note).toBe(note);
  });
});
