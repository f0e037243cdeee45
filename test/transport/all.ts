/** Every transport that the behaviour suite runs over: to add one is to add a row. */
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { http as httpTransport } from "../../runtime/http/transport.js";
import { http2 } from "../../runtime/transport/http2/transport.js";
import type { ConnectOptions, ServeOptions } from "../../runtime/index.js";
import { shm } from "../../runtime/transport/shm/transport.js";
import { tcp } from "../../runtime/transport/tcp/transport.js";
import { tls } from "../../runtime/transport/tls/transport.js";
import type { Transport } from "../../runtime/transport/transport.js";
import { unixSocket } from "../../runtime/transport/unix-socket/transport.js";
import { webSocket } from "../../runtime/transport/websocket/node-transport.js";
import { pipePairs } from "./pipe-pairs.js";
import { ALL as PAGE_ROWS, THREAD_MEMORY } from "./page-rows.js";
import { rawShared } from "./raw-shared.js";
import { rawShm } from "./raw-shm.js";
import { testSides } from "./tls-sides.js";

export interface TransportRow {
  readonly name: string;
  readonly transport: Transport;
  /** An address to listen on that nobody else uses. */
  readonly freshAddress: () => string;
  /** Whether a child process can be at the other end. */
  readonly betweenProcesses: boolean;
  /** How many elements of 10 kB a producer may be ahead of its reader. Default 200. */
  readonly ahead?: number;
  /** A call streams requests or responses, not both. */
  readonly streamsOneWay?: true;
  /** Each end has a name of its own for the path, instead of an address in common. */
  readonly ownNames?: true;
  /** Sending never meets congestion, whether the peer reads or not. */
  readonly neverCongested?: boolean;
  /** What users give to `connect` and `serve` beside the address. */
  readonly connectOptions?: ConnectOptions;
  readonly serveOptions?: Partial<ServeOptions>;
  /** A peer that speaks no frames, for the hostile suite; absent where there are no bytes to forge. */
  readonly connectRaw?: (address: string) => Socket;
  /** What a link takes from the beginning, whatever is sent over it. Default nothing worth mentioning. */
  readonly linkBytes?: number;
  /** The event of a raw peer after which the listener has certainly seen it. Default "connect". */
  readonly seenAt?: string;
}

/** Whose links carry calls and nothing else: frames that are none, as the other suites send, have no request. */
export function rowsOfCalls(): readonly TransportRow[] {
  // What is on the way is bounded by the system's buffers, for no credit comes back by HTTP.
  const http = { transport: httpTransport(), freshAddress: () => "http://127.0.0.1:0/rpc", betweenProcesses: true, streamsOneWay: true, ahead: 2_000 } as const;
  return [
    ...ALL,
    { ...http, name: "http" },
    { ...http, name: "http over tls", freshAddress: () => "https://127.0.0.1:0", connectOptions: { tls: sides.client }, serveOptions: { tls: sides.server } },
  ];
}

export function rowOf(name: string): TransportRow {
  const row = ALL.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`no transport is called ${name}`);
  return row;
}

const sides = testSides();
const directory = mkdtempSync(join(tmpdir(), "rpcgen-transport-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let names = 0;

/** Bun and Deno serve no WebSockets: see `wsPackage`. */
const servesWebSockets = !("Bun" in globalThis || "Deno" in globalThis);

const ROWS: readonly TransportRow[] = [
  ...PAGE_ROWS.filter((row) => row !== THREAD_MEMORY),
  // A page has no streams of Node for the raw peer.
  { ...THREAD_MEMORY, connectRaw: rawShared },
  {
    name: "unix-socket",
    transport: unixSocket(),
    freshAddress: () => `unix:${join(directory, `${++names}.sock`)}`,
    betweenProcesses: true,
    connectRaw: (address) => connect({ path: address.slice("unix:".length), allowHalfOpen: true }),
  },
  {
    name: "shared memory",
    transport: shm(),
    freshAddress: () => `shm:${join(directory, `${++names}.shm`)}`,
    betweenProcesses: true,
    connectRaw: (address) => rawShm(address.slice("shm:".length)),
  },
  {
    name: "tcp",
    transport: tcp(),
    freshAddress: () => "tcp://127.0.0.1:0",
    betweenProcesses: true,
    connectRaw: (address) => connect({ host: "127.0.0.1", port: portOf(address), allowHalfOpen: true }),
  },
  {
    name: "tls",
    transport: tls(sides),
    freshAddress: () => "tls://127.0.0.1:0",
    betweenProcesses: true,
    // Deno's TLS takes all that is written at once.
    neverCongested: "Deno" in globalThis,
    connectOptions: { tls: sides.client },
    serveOptions: { tls: sides.server },
    connectRaw: (address) =>
      connectTls({ ...sides.client, host: "127.0.0.1", port: portOf(address) }),
    seenAt: "secureConnect",
  },
  {
    name: "http2",
    transport: http2(),
    freshAddress: () => "h2://127.0.0.1:0",
    betweenProcesses: true,
  },
  {
    name: "http2 over tls",
    transport: { ...http2(sides), scheme: "h2s", secureScheme: undefined },
    freshAddress: () => "h2s://127.0.0.1:0",
    betweenProcesses: true,
    connectOptions: { tls: sides.client },
    serveOptions: { tls: sides.server },
  },
  {
    name: "websocket",
    transport: webSocket(),
    freshAddress: () => "ws://127.0.0.1:0/rpc",
    betweenProcesses: true,
  },
  {
    name: "websocket over tls",
    transport: { ...webSocket({ tls: sides }), scheme: "wss", secureScheme: undefined },
    freshAddress: () => "wss://127.0.0.1:0/rpc",
    betweenProcesses: true,
    connectOptions: { tls: sides.client },
    serveOptions: { tls: sides.server },
  },
  {
    name: "stdio",
    transport: pipePairs(),
    freshAddress: () => `stdio:pipes-${++names}`,
    betweenProcesses: false,
    connectOptions: { transports: [pipePairs()] },
    serveOptions: { transports: [pipePairs()] },
  },
];

export const ALL = ROWS.filter(({ name }) => servesWebSockets || !name.startsWith("websocket"));

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}
