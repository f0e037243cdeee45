/**
 * What a person sees, for values of `broad.idl` and for what is none. Each file begins with the command line, and goes on with
 * what the command says. `UPDATE_GOLDEN=1` writes that anew; a new case is a file with the first line alone.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "../cli/memory-host.js";

const folder = new URL("./transcripts/", import.meta.url);
const idl = readFileSync(new URL("./broad.idl", import.meta.url), "utf8");

test.each(readdirSync(folder))("%s", async (name) => {
  const place = new URL(name, folder);
  const golden = readFileSync(place, "utf8");
  const [commandLine = ""] = golden.split("\n");
  const argv = commandLine.replace("$ rpcgen ", "").split(" ");
  const { exitCode, stdout, stderr } = await run(argv, { files: { "broad.idl": idl } });
  const transcript = `${commandLine}\n${stdout}${stderr}exit ${exitCode}\n`;
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(place, transcript);
  else expect(transcript).toBe(golden);
});
