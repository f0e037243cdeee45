/** Leads to servers that only an event loop can reach: a worker dials, and the thread that waits shares memory with it. */
import { Worker } from "node:worker_threads";
import type { BlockingTransport } from "../transport/blocking.js";
import { BytePortLink } from "../transport/links/byte-port-link.js";
import type { TlsClientOptions } from "../transport/node-transports.js";
import { WaitingPort, type ReceiveMessage } from "../transport/port/waiting-port.js";
import { CommandNames } from "../transport/stdio/command-names.js";
import { StdioCommand } from "../transport/stdio/command.js";
import type { RelayTarget } from "./relay-worker.js";

/** Started with the first address that needs it, for all channels of the thread; it keeps no process running. */
let worker: Worker | undefined;

function relay(): Worker {
  if (worker !== undefined) return worker;
  worker = new Worker(new URL("./relay-worker.js", import.meta.url));
  worker.on("error", () => {});
  worker.unref();
  return worker;
}

/** @param scheme with which addresses begin that it leads to. */
export function relayed(scheme: string, secureScheme: string | undefined, tls: TlsClientOptions | undefined, receive: ReceiveMessage): BlockingTransport {
  const commands = new CommandNames();
  return {
    scheme,
    secureScheme,
    nameOf(object) {
      return scheme === "stdio" && object instanceof StdioCommand ? commands.nameOf(object) : undefined;
    },
    dial(address, { maxFrameBytes }) {
      const found = commands.find(address);
      // What crosses to another thread is data, and loses its class.
      const command = found && { command: found.command, args: found.args, env: found.env, cwd: found.cwd };
      const to: RelayTarget = { address, command, tls, maxFrameBytes };
      const ended = (): string => {
        worker = undefined;
        return "the worker that dials has ended; a program that is bundled must have sync/relay-worker.js of @rpcgen/runtime beside it";
      };
      return new BytePortLink(new WaitingPort({ address, port: relay(), receive, to, ended }), maxFrameBytes);
    },
  };
}
