/** A text with the same tokens in the same order, and whatever white space and comments between them. */
import { Findings } from "../../src/parser/findings.js";
import { endOf, lex } from "../../src/parser/lexer/lexer.js";
import { SourceFile } from "../../src/text/source-file.js";
import type { Random } from "../random/random.js";

const SPACES = [" ", " ", " ", "  ", "\t", "\n", "\n\n", "\n\n\n", " \n  ", "\r\n"];
const REMARKS = ["// note\n", "//\n", "// one\n// two\n", "/* a */", "/* a\n * b\n */", "/*x\n  y*/", "/// docs\n", "///  more  \n", "//// ruler\n"];

export function shaken(random: Random, text: string, density: number): string {
  const { tokens, comments, docs } = lex(new SourceFile("a.idl", text), new Findings());
  const kept = [
    ...tokens.map((token) => ({ start: token.startOffset, text: token.image, end: endOf(token) })),
    ...comments.map(({ span, text: remark }) => ({ start: span.start, end: span.end, text: remark.startsWith("//") ? `${remark}\n` : remark })),
    ...docs.map((doc) => ({ ...doc, text: `\n${doc.text}\n` })),
  ].sort((a, b) => a.start - b.start);
  let out = "";
  let end = 0;
  for (const piece of kept) {
    const mayTouch = piece.start === end && end > 0;
    out += gap(random, density, mayTouch) + piece.text;
    end = piece.end;
  }
  return out + gap(random, density, true);
}

function gap(random: Random, density: number, mayTouch: boolean): string {
  let out = mayTouch && random.chance(0.7) ? "" : random.pick(SPACES);
  while (random.chance(density)) out += random.pick(REMARKS) + random.pick(SPACES);
  return out;
}
