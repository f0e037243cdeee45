/**
 * A server as a child process of its client: `stdio:COMMAND ARGUMENT…`, `stdio({ command, args, env, cwd })`; for the server `stdio:`; and for one whose client
 * is at hand, `streams({ readable, writable })`.
 */
import type { Transport } from "../transport.js";
import { parseCommand } from "./address.js";
import { StdioCommand } from "./command.js";
import { CommandNames } from "./command-names.js";
import { dial } from "./dial.js";
import { listen } from "./listen.js";
import { listenOn, StreamPair } from "./streams.js";

export function stdioTransport(): Transport {
  const commands = new CommandNames();
  const pairs = new Map<string, StreamPair>();
  return {
    scheme: "stdio",
    nameOf(object) {
      if (object instanceof StreamPair) {
        const name = `stdio: #${pairs.size + 1}`;
        pairs.set(name, object);
        return name;
      }
      return object instanceof StdioCommand ? commands.nameOf(object) : undefined;
    },
    dial: async (address, options) => dial(address, commands.find(address) ?? written(address), options),
    async listen(address, options) {
      const pair = pairs.get(address);
      return pair === undefined ? listen(address, options) : listenOn(address, pair, options);
    },
  };
}

function written(address: string): StdioCommand {
  const [command, ...args] = parseCommand(address);
  return new StdioCommand({ command, args });
}
