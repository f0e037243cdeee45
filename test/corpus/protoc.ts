/** The compiler of protobuf's makers, as the judge of what `--target proto` writes. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { corpusFolder } from "./corpus.js";

/** What this machine lacks, if it does. */
export const missingProtoc = spawnSync("protoc", ["--version"]).status === 0 ? undefined : "protoc (Debian's protobuf-compiler)";

/**
 * What it refuses of files given by import name: the first reason by the name of the file that has it.
 *
 * @throws Error if it says something that is of no file.
 */
export function refusals(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const refused = new Map<string, string>();
  if (texts.size === 0) return refused;
  const folder = mkdtempSync(path.join(tmpdir(), "proto-"));
  try {
    for (const [name, text] of texts) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const { stderr } = spawnSync("protoc", ["-I", ".", "-I", corpusFolder, "--descriptor_set_out=out.pb", ...texts.keys()], { cwd: folder, encoding: "utf8", maxBuffer: 256 << 20 });
    for (const line of stderr.split("\n").filter((each) => each !== "" && !/: warning: /.test(each))) {
      const [, name = "", reason = ""] = /^(.+?\.proto):(?:\d+:\d+: )?(.*)$/.exec(line) ?? [];
      if (!texts.has(name)) throw new Error(`protoc: ${line}`);
      if (!refused.has(name)) refused.set(name, reason.trim());
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return refused;
}
