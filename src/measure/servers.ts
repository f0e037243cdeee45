/** Servers of the measuring service, for a measurement that needs no other: in processes of their own, in a worker, on another host. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";

const run = promisify(execFile);

export interface Serving {
  readonly address: string | object;
  /** The authority to trust, as PEM. */
  readonly ca?: string;
  close(): Promise<void>;
}

/** The way to a server of its own: a row of the table. */
export interface OwnPath {
  readonly name: string;
  /** @throws Error that says why there is no such path here. */
  open(): Promise<Serving>;
}

export const OWN_PATHS: readonly OwnPath[] = [
  { name: "in-process", open: inProcess },
  { name: "worker", open: inWorker },
  { name: "worker, shared memory", open: inWorkerThatShares },
  { name: "shared memory", open: () => inFolder((folder) => inProcessOfItsOwn(`shm:${folder}/s.sock`)) },
  { name: "Unix socket", open: () => inFolder((folder) => inProcessOfItsOwn(`unix:${folder}/s.sock`)) },
  { name: "TCP", open: () => inProcessOfItsOwn("tcp://127.0.0.1:0") },
  { name: "TLS", open: () => inFolder(overTls) },
  { name: "WebSocket", open: () => inProcessOfItsOwn("ws://127.0.0.1:0/rpc") },
  { name: "HTTP/2 stream", open: () => inProcessOfItsOwn("h2://127.0.0.1:0") },
  { name: "HTTP", open: () => inProcessOfItsOwn("http://127.0.0.1:0") },
  { name: "another host (veth)", open: onAnotherHost },
];

async function inProcess(): Promise<Serving> {
  const [{ serve }, { measureService }] = await Promise.all([import("@rpcgen/runtime"), import("@rpcgen/runtime/measure")]);
  const server = await serve({ listen: "inproc:rpcgen-measure", services: [measureService()] });
  return { address: "inproc:rpcgen-measure", close: () => server.close({ graceMs: 0 }) };
}

async function inWorker(): Promise<Serving> {
  const worker = new Worker(script());
  await once(worker, "online");
  return { address: worker, close: async () => void (await worker.terminate()) };
}

async function inWorkerThatShares(): Promise<Serving> {
  const { sharedMemory } = await import("@rpcgen/runtime/threads");
  const { address, close } = await inWorker();
  return { address: sharedMemory(address as Worker), close };
}

/** @param before the command that the server is started by, such as one that moves it to another network. */
async function inProcessOfItsOwn(listen: string, certificate: readonly string[] = [], before: readonly string[] = []): Promise<Serving> {
  const [command = process.execPath, ...args] = [...before, process.execPath, script(), listen, ...certificate];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const [line] = (await Promise.race([once(createInterface(child.stdout), "line"), ended.then(() => [])])) as string[];
  const word = JSON.parse(line ?? `{"failure":"the server ended before it said where it listens"}`) as { readonly address?: string; readonly failure?: string };
  if (word.address === undefined) throw new Error(word.failure);
  return {
    address: word.address,
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

async function inFolder(open: (folder: string) => Promise<Serving>): Promise<Serving> {
  const folder = await mkdtemp(path.join(tmpdir(), "rpcgen-measure-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const serving = await open(folder);
    return { ...serving, close: () => serving.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function overTls(folder: string): Promise<Serving> {
  const [certificate, key] = [path.join(folder, "cert.pem"), path.join(folder, "key.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2"];
  const make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", ...subject, "-keyout", key, "-out", certificate];
  await run("openssl", make).catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === "ENOENT" ? "openssl, which makes the certificate, is not installed" : error.message);
  });
  const both = path.join(folder, "both.pem");
  const ca = await readFile(certificate, "utf8");
  await writeFile(both, ca + (await readFile(key, "utf8")));
  return { ...(await inProcessOfItsOwn("tls://127.0.0.1:0", [both])), ca };
}

/** A network namespace is a host of its own to everything above the wire; a veth pair is the wire. */
async function onAnotherHost(): Promise<Serving> {
  if (process.getuid?.() !== 0) throw new Error("it takes root to make a network namespace");
  const name = `rpcgen${process.pid}`;
  const [near, far] = [`rpcn${process.pid}`, `rpcf${process.pid}`];
  const ip = (...args: string[]): Promise<unknown> => run("ip", args);
  const remove = async (): Promise<void> => {
    await ip("link", "del", near).catch(() => {});
    await ip("netns", "del", name).catch(() => {});
  };
  try {
    await ip("netns", "add", name);
    await ip("link", "add", near, "type", "veth", "peer", "name", far);
    await ip("link", "set", far, "netns", name);
    await ip("addr", "add", "10.203.113.1/30", "dev", near);
    await ip("link", "set", near, "up");
    await ip("netns", "exec", name, "ip", "addr", "add", "10.203.113.2/30", "dev", far);
    await ip("netns", "exec", name, "ip", "link", "set", far, "up");
    const serving = await inProcessOfItsOwn("tcp://10.203.113.2:0", [], ["ip", "netns", "exec", name]);
    return { ...serving, close: () => serving.close().finally(remove) };
  } catch (error) {
    await remove();
    const { stderr, message } = error as Error & { readonly stderr?: string };
    throw new Error(`two network namespaces cannot be joined here: ${(stderr ?? message).trim()}`);
  }
}

/** The server as it was built: it stands in the package's `dist`, wherever this code was bundled to. */
function script(): string {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const file = path.join(folder, "dist/measure-server.js");
    if (existsSync(file)) return file;
    if (folder === path.dirname(folder)) throw new Error("the package rpcgen is incomplete: dist/measure-server.js is missing");
  }
}
