/** Where a text stops being JSON. Engines say it each in their own way, or quote the text, which may hold a secret. */

type Expected = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "commaOrEnd" | "nothing";

const BLANK = /[ \t\n\r]*/y;
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Its offset; the length of the text where that only ends too soon. Of a text that is no JSON. */
export function faultIn(text: string): number {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  const closed = (): Expected => (open.length === 0 ? "nothing" : "commaOrEnd");
  for (let at = past(BLANK, text, 0) ?? 0; at < text.length; at = past(BLANK, text, at) ?? at) {
    const character = text[at] ?? "";
    const takesValue: boolean = expected === "value" || expected === "valueOrEnd";
    const takesKey: boolean = expected === "key" || expected === "keyOrEnd";
    const end = open.at(-1) === "{" ? "}" : "]";
    if (character === end && open.length > 0 && (expected === "commaOrEnd" || expected === "keyOrEnd" || expected === "valueOrEnd")) {
      open.pop();
      expected = closed();
    } else if (takesValue && (character === "{" || character === "[")) {
      open.push(character);
      expected = character === "{" ? "keyOrEnd" : "valueOrEnd";
    } else if (character === "," && expected === "commaOrEnd") expected = open.at(-1) === "{" ? "key" : "value";
    else if (character === ":" && expected === "colon") expected = "value";
    else if (character === '"' && (takesKey || takesValue)) {
      const { next, fault } = string(text, at);
      if (fault !== undefined) return fault;
      at = next;
      expected = takesKey ? "colon" : closed();
      continue;
    } else {
      const next = takesValue ? past(WORD, text, at) : undefined;
      if (next === undefined) return at;
      at = next;
      expected = closed();
      continue;
    }
    at += 1;
  }
  return text.length;
}

/** As people count: "line 2, column 5". */
export function placeOf(offset: number, text: string): string {
  const lines = text.slice(0, offset).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

function past(token: RegExp, text: string, at: number): number | undefined {
  token.lastIndex = at;
  return token.test(text) ? token.lastIndex : undefined;
}

function string(text: string, from: number): { readonly next: number; readonly fault?: number } {
  for (let at = from + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { next: at + 1 };
    const next = code === 0x5c ? past(ESCAPE, text, at) : at + 1;
    if (next === undefined || code < 0x20) return { next: at, fault: at };
    at = next;
  }
  return { next: text.length, fault: text.length };
}
