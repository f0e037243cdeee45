/** What commands are called in addresses: as they would be written; the same command with other variables, or elsewhere, is another server, and has a number. */
import { formatCommand } from "./address.js";
import type { StdioCommand } from "./command.js";

export class CommandNames {
  readonly #commands = new Map<string, StdioCommand>();

  /** Of an object always the same. */
  nameOf(command: StdioCommand): string {
    const plain = formatCommand(command.command, command.args);
    let name = plain;
    for (let number = 2; (this.#commands.get(name) ?? command) !== command; number += 1) name = `${plain} #${number}`;
    this.#commands.set(name, command);
    return name;
  }

  /** Undefined for what no object had for a name. */
  find(name: string): StdioCommand | undefined {
    return this.#commands.get(name);
  }
}
