#!/usr/bin/env node
// The launcher: committed, so that npm can link it before anything is built. The program is dist/cli.js.
import { existsSync } from "node:fs";

const program = new URL("../../dist/cli.js", import.meta.url);
if (existsSync(program)) {
  const { runProcess } = await import(program.href);
  void runProcess();
} else {
  process.stderr.write("rpcgen is not built: run `npm run build` in its folder first.\n");
  process.exitCode = 2;
}
