/** The story that the README tells one to run, run. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

it("runs to its end and says what happened", async () => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "examples/pubsub/main.ts"],
    {
      cwd: root,
      timeout: 60_000,
    },
  );
  expect(stderr).toBe("");
  const lines = stdout.split("\n").map((line) => line.trim());
  expect(lines[0]).toMatch(/^A Pub\/Sub server listens at tcp:\/\/127\.0\.0\.1:\d+\.$/);
  expect(lines).toContain("billing pulled, in order: opened, paid, shipped.");
  expect(lines).toContain("After a seek to 1970, billing gets 3 acknowledged messages once more.");
  expect(stdout).toContain('NotFound, resource "projects/demo/topics/nowhere"');
  expect(lines.filter((line) => line !== "").at(-1)).toBe("The server is closed.");
});
