/** TypeScript's server, as an editor runs it: what it says of definitions includes the maps, which the library alone does not. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Definition {
  readonly file: string;
  /** From 1. */
  readonly start: { readonly line: number; readonly offset: number };
  readonly end: { readonly line: number; readonly offset: number };
}

interface Message {
  readonly type: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: readonly Definition[];
}

export class TypeScriptServer {
  readonly #child = spawn(process.execPath, [fileURLToPath(import.meta.resolve("typescript/lib/tsserver.js")), "--disableAutomaticTypingAcquisition"], { stdio: ["pipe", "pipe", "inherit"] });
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #file: string;
  readonly #text: string;
  #count = 0;

  /** Opens a file as an editor does. */
  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const message = JSON.parse(line) as Message;
      this.#waiting.get(message.request_seq ?? 0)?.(message);
    });
    this.#child.on("exit", (code) => {
      for (const answer of this.#waiting.values()) answer({ type: "response", success: false, message: `the server ended with ${code}` });
    });
    this.#send("open", { file, fileContent: text });
  }

  /** Where that is declared which stands at an offset. */
  async definition(offset: number): Promise<Definition> {
    const before = this.#text.slice(0, offset).split("\n");
    const seq = this.#send("definition", { file: this.#file, line: before.length, offset: (before.at(-1)?.length ?? 0) + 1 });
    const { success, message, body } = await new Promise<Message>((resolve) => void this.#waiting.set(seq, resolve));
    const [first] = body ?? [];
    if (!success || first === undefined) throw new Error(message ?? "there is no definition");
    return first;
  }

  stop(): void {
    this.#child.kill();
  }

  #send(command: string, args: object): number {
    this.#count += 1;
    this.#child.stdin.write(`${JSON.stringify({ seq: this.#count, type: "request", command, arguments: args })}\n`);
    return this.#count;
  }
}
