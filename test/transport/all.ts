/** Every transport that the behaviour suite runs over: to add one is to add a row. */
import { connect, type Socket } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { inProcess } from "../../runtime/transport/in-process/transport.js";
import { tcp } from "../../runtime/transport/tcp/transport.js";
import type { Transport } from "../../runtime/transport/transport.js";
import { unixSocket } from "../../runtime/transport/unix-socket/transport.js";

export interface TransportRow {
  readonly name: string;
  readonly transport: Transport;
  /** An address to listen on that nobody else uses. */
  readonly freshAddress: () => string;
  /** Whether a child process can be at the other end. */
  readonly betweenProcesses: boolean;
  /** A peer that speaks no frames, for the hostile suite; absent where there are no bytes to forge. */
  readonly connectRaw?: (address: string) => Socket;
}

export function rowOf(name: string): TransportRow {
  const row = ALL.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`no transport is called ${name}`);
  return row;
}

const directory = mkdtempSync(join(tmpdir(), "rpcgen-transport-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let names = 0;

export const ALL: readonly TransportRow[] = [
  {
    name: "in-process",
    transport: inProcess(),
    freshAddress: () => `inproc:test-${++names}`,
    betweenProcesses: false,
  },
  {
    name: "unix-socket",
    transport: unixSocket(),
    freshAddress: () => `unix:${join(directory, `${++names}.sock`)}`,
    betweenProcesses: true,
    connectRaw: (address) => connect({ path: address.slice("unix:".length), allowHalfOpen: true }),
  },
  {
    name: "tcp",
    transport: tcp(),
    freshAddress: () => "tcp://127.0.0.1:0",
    betweenProcesses: true,
    connectRaw: (address) =>
      connect({ host: "127.0.0.1", port: Number(address.slice(address.lastIndexOf(":") + 1)), allowHalfOpen: true }),
  },
];
