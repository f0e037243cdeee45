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
