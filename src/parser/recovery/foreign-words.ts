/** Words with which other languages open a declaration, and what is written here instead. */
import type { TokenType } from "chevrotain";
import { closest } from "../../diagnostics/did-you-mean.js";
import {
  Alias,
  AnnotationKeyword,
  Const,
  Enum,
  ErrorKeyword,
  Import,
  Message,
  Package,
  Service,
  Struct,
  Union,
} from "../lexer/tokens.js";

export const declarationKeywords: ReadonlyMap<string, TokenType> = new Map([
  ["package", Package],
  ["import", Import],
  ["const", Const],
  ["alias", Alias],
  ["enum", Enum],
  ["struct", Struct],
  ["message", Message],
  ["union", Union],
  ["error", ErrorKeyword],
  ["service", Service],
  ["annotation", AnnotationKeyword],
]);

const foreign: Readonly<Record<string, string>> = {
  class: "message",
  data: "message",
  interface: "service",
  model: "message",
  object: "message",
  record: "message",
  table: "message",
  type: "message",
  exception: "error",
  fault: "error",
  choice: "union",
  oneof: "union",
  variant: "union",
  rpc: "service",
  typedef: "alias",
  using: "alias",
  include: "import",
  require: "import",
  use: "import",
  module: "package",
  namespace: "package",
  val: "const",
  let: "const",
};

/** The keyword that was most likely meant by `word`. */
export function meantKeyword(word: string): string | undefined {
  return Object.hasOwn(foreign, word) ? foreign[word] : closest(word, declarationKeywords.keys());
}
