/** Where the server of a storm listens, and by which address its client finds it, through the proxy where there can be one. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Place } from "../chaos/socket-proxy.js";
import { freePort } from "../free-port.js";
import type { StormProxy } from "./storm-proxy.js";

export const STORM_PATHS = ["unix", "tcp", "tls", "ws", "wss", "h2", "h2s", "http", "https", "shm", "stdio", "port", "shared"] as const;
export type StormPath = (typeof STORM_PATHS)[number];

export interface StormPlace {
  /** Of the server. */
  readonly address: string;
  /** Where the proxy listens and leads; undefined: there are no bytes to lead. */
  readonly line: { readonly from: Place; readonly to: Place } | undefined;
  /** The address for the client. */
  through(proxy: StormProxy | undefined): string;
}

export const TSX: readonly string[] = ["--import", import.meta.resolve("tsx")];

export function scriptPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** @param folder for what has a name in the file system. */
export async function placeOf(path: StormPath, folder: string): Promise<StormPlace> {
  if (path === "stdio") {
    const command = [process.execPath, ...TSX, scriptPath("server.child.ts"), "stdio:", folder].map((word) => `"${word}"`).join(" ");
    return { address: "stdio:", line: undefined, through: () => `stdio:${command}` };
  }
  if (path === "port" || path === "shared") return { address: `${path}:`, line: undefined, through: () => `${path}:` };
  if (path === "shm") {
    const address = `shm:${join(folder, "s.shm")}`;
    return { address, line: undefined, through: () => address };
  }
  if (path === "unix") {
    const [to, from] = [{ path: join(folder, "s.sock") }, { path: join(folder, "p.sock") }];
    return { address: `unix:${to.path}`, line: { from, to }, through: () => `unix:${from.path}` };
  }
  const host = "127.0.0.1";
  const port = await freePort();
  const addressOf = (at: number): string => `${path}://${host}:${at}${path.startsWith("ws") ? "/rpc" : ""}`;
  return { address: addressOf(port), line: { from: { host, port: 0 }, to: { host, port } }, through: (proxy) => addressOf(proxy?.port ?? port) };
}
