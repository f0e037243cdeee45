/** The host that is this process. */
import * as fs from "node:fs";
import type { Host, TextOutput } from "./host.js";

export function nodeHost(): Host {
  return { cwd: process.cwd(), env: process.env, fs, stdout: outputTo(process.stdout), stderr: outputTo(process.stderr), loadModule, readStdin };
}

function outputTo(stream: NodeJS.WriteStream): TextOutput {
  // A reader that has seen enough (`| head`) is no failure.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return { isTTY: stream.isTTY === true, write: (text) => void stream.write(text) };
}

async function loadModule(file: string): Promise<unknown> {
  const loader = await import("./load-module.js");
  return loader.loadModule(file);
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
