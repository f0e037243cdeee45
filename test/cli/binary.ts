/** The command as users install it: bundled, in a folder without node_modules, run as a process of its own. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../src/build.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Transcript {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Binary {
  readonly folder = mkdtempSync(path.join(tmpdir(), "rpcgen-cli-"));

  async install(): Promise<void> {
    for (const file of ["package.json", "src/cli/bin.mjs"]) cpSync(path.join(root, file), path.join(this.folder, "package", file), { recursive: true });
    await bundle(path.join(this.folder, "package/dist"));
  }

  /** A fresh working folder with these files in it. */
  folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
    const cwd = mkdtempSync(path.join(this.folder, "work-"));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
      writeFileSync(path.join(cwd, name), content);
    }
    return cwd;
  }

  /** A command that takes a minute hangs: it is ended, and its exit code is null. */
  run(cwd: string, argv: readonly string[], options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {}): Transcript {
    const launcher = path.join(this.folder, "package/src/cli/bin.mjs");
    const env = { ...process.env, NO_COLOR: "1", ...options.env };
    const ended = spawnSync(process.execPath, [launcher, ...argv], {
      cwd,
      env,
      input: options.input ?? "",
      encoding: "utf8",
      timeout: 60_000,
      maxBuffer: 1 << 28,
    });
    return { exitCode: ended.status, stdout: ended.stdout, stderr: ended.stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
