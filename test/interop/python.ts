/** The programs in `python/`, an implementation of docs/wire.md that was written from the page. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const PYTHON_FOLDER = fileURLToPath(new URL("python", import.meta.url));

/** What this machine lacks, for `describeUnless`. */
export function missingPython(): string | undefined {
  const { stdout } = spawnSync("python3", ["-c", "import sys; print(sys.version_info >= (3, 11))"], {
    encoding: "utf8",
  });
  return stdout?.trim() === "True" ? undefined : "python3, from 3.11 on";
}

/**
 * Runs a program that answers lines of JSON.
 * @throws Error with what Python said, if it failed.
 */
export function linesOf(program: string, questions: readonly unknown[]): readonly unknown[] {
  const { status, stdout, stderr } = spawnSync("python3", ["-B", program], {
    cwd: PYTHON_FOLDER,
    input: questions.map((question) => `${JSON.stringify(question)}\n`).join(""),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}
