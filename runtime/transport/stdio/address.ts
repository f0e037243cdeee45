/** Addresses of child processes: `stdio:COMMAND ARGUMENT…`; and `stdio:` alone for the streams of this process. */

const WORD = /"([^"]*)"|'([^']*)'|([^\s"']+)/y;

/**
 * The words of a command: separated by blanks; within "…" or '…' blanks belong to the word. Nothing else is special: there are no
 * escapes, variables, pipes or wildcards, for no shell is asked.
 * @throws Error that names the address and how it should look.
 */
export function parseCommand(address: string): readonly [command: string, ...args: string[]] {
  const text = address.slice("stdio:".length);
  const [command, ...args] = text.includes("\0") ? [] : words(address, text);
  if (command !== undefined && command !== "" && !command.startsWith("//")) return [command, ...args];
  throw new Error(
    `"${address}": the command is missing; write stdio:COMMAND ARGUMENT…, or give stdio({ command, args }) instead of an address in writing`,
  );
}

function words(address: string, text: string): string[] {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? "")) at += 1;
    if (at === text.length) return found;
    let word = "";
    // Parts that touch are one word: --name="a b".
    while (at < text.length && !/\s/.test(text[at] as string)) {
      WORD.lastIndex = at;
      const match = WORD.exec(text);
      if (match === null) throw new Error(`"${address}": the quotation mark ${text[at]} is never closed`);
      word += match[1] ?? match[2] ?? match[3] ?? "";
      at = WORD.lastIndex;
    }
    found.push(word);
  }
}

/** As it would be written, for people and logs. A word with both kinds of quotation marks is shown in parts. */
export function formatCommand(command: string, args: readonly string[]): string {
  return `stdio:${[command, ...args].map(quoted).join(" ")}`;
}

function quoted(word: string): string {
  if (/^[^\s"']+$/.test(word)) return word;
  if (!word.includes('"')) return `"${word}"`;
  if (!word.includes("'")) return `'${word}'`;
  return word
    .split(/(")/)
    .filter((part) => part !== "")
    .map((part) => (part === '"' ? `'"'` : `"${part}"`))
    .join("");
}

/** @throws Error that names the address and how it should look. */
export function parseOwn(address: string): void {
  if (address === "stdio:") return;
  throw new Error(
    `"${address}": a server listens on the standard input and output of its own process, "stdio:" and no more; its client gives the command`,
  );
}
