/** JSON as text: values that stand one a line, and results that no terminal takes for commands. */

import { errorText } from "../diagnostics/error-text.js";
import { CallError } from "./call-error.js";

/** @throws CallError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CallError(`it is no JSON: ${errorText(error)}`, "a shell takes quotes away: put the JSON between single ones, in a file (@FILE) or on the standard input (-)");
  }
}

/** One line, or with an indent for people. What JSON leaves as it is and a terminal might obey is escaped. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

export interface JsonLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** The lines that are not blank, each as soon as it is whole. */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<JsonLine, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let line = 0;
  const decoded = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new CallError(`line ${line + 1} is not valid UTF-8`);
    }
  };
  for await (const chunk of chunks) {
    const texts = (rest + decoded(chunk)).split("\n");
    rest = texts.pop() ?? "";
    for (const text of texts) {
      line += 1;
      if (text.trim() !== "") yield { line, text };
    }
  }
  rest += decoded();
  if (rest.trim() !== "") yield { line: line + 1, text: rest };
  return undefined;
}
