/** RPC100x and RPC101x: characters, comments and literals. */
import { define } from "../define.js";

export const lexical = {
  RPC1001: define<{ character: string }>({
    slug: "unexpected-character",
    severity: "error",
    message: ({ character }) => `The character ${named(character)} has no meaning here.`,
    help: ({ character }) => {
      const meant = lookalikes[character];
      return meant === undefined ? undefined : `write \`${meant}\``;
    },
    why: "Outside of comments and texts a file consists of names, numbers and a few marks, all of them in ASCII. Look-alikes of these marks come with text that was copied from a document.",
    bad: "package shop;\nmessage Order { id: string % = 1; }\n",
    good: "package shop;\nmessage Order { id: string = 1; }\n",
  }),
  RPC1002: define<{ name: string; character: string }>({
    slug: "foreign-letter",
    severity: "error",
    message: ({ name, character }) =>
      `The name "${name}" contains ${named(character)}; names consist of the letters A to Z, digits and "_".`,
    help: () => "spell it with these letters; docs and texts may hold any character",
    why: "Names become names in other languages and on the wire, where letters that look alike but differ would do harm.",
    bad: "package shop;\nmessage Order { größe: u32 = 1; }\n",
    good: "package shop;\nmessage Order { groesse: u32 = 1; }\n",
  }),
  RPC1003: define({
    slug: "unterminated-comment",
    severity: "error",
    message: () => "This comment has no end; the rest of the file is read as part of it.",
    help: () => "write `*/` where the comment ends",
    why: "A comment that begins with `/*` ends with the first `*/`. Comments do not nest.",
    bad: "package shop;\nmessage Order { id: string = 1; }\n/* The rest is old.\n",
    good: "package shop;\nmessage Order { id: string = 1; }\n/* The rest is old. */\n",
  }),
  RPC1004: define({
    slug: "unterminated-string",
    severity: "error",
    message: () => "This text has no closing quote on its line.",
    help: () => 'write `"` where the text ends; a line break inside of a text is written `\\n`',
    why: "A text stands on one line, so that a forgotten quote costs no more than that line.",
    bad: 'package shop;\nconst GREETING: string = "hello;\n',
    good: 'package shop;\nconst GREETING: string = "hello";\n',
  }),
  RPC1005: define<{ escape: string }>({
    slug: "bad-escape",
    severity: "error",
    message: ({ escape }) => `"${escape}" is not an escape.`,
    help: () =>
      'write `\\\\` for a backslash; there are `\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t`, `\\u00e9` and `\\u{1f600}`',
    why: "Texts have the escapes of JSON, and `\\u{…}` for any character up to U+10FFFF.",
    bad: 'package shop;\nconst FOLDER: string = "C:\\data";\n',
    good: 'package shop;\nconst FOLDER: string = "C:\\\\data";\n',
  }),
  RPC1006: define<{ escape: string }>({
    slug: "lone-surrogate-escape",
    severity: "error",
    message: ({ escape }) => `"${escape}" is half of a character.`,
    help: () => "write the whole character, as itself or as `\\u{…}`",
    why: "Characters beyond U+FFFF are two units in UTF-16. One of them alone is no text: it cannot be encoded.",
    bad: 'package shop;\nconst SMILE: string = "\\ud83d";\n',
    good: 'package shop;\nconst SMILE: string = "\\u{1f600}";\n',
  }),
  RPC1007: define<{ number: string; reason: string }>({
    slug: "malformed-number",
    severity: "error",
    message: ({ number, reason }) => `"${short(number)}" is not a number: ${reason}.`,
    why: "Numbers are decimal (`1_000`, `-0.5`, `6e23`) or hexadecimal (`0xff`). An underscore stands between two digits, and digits stand on both sides of a dot.",
    bad: "package shop;\nconst LIMIT: u32 = 1__000;\n",
    good: "package shop;\nconst LIMIT: u32 = 1_000;\n",
  }),
  RPC1008: define<{ duration: string; unit: string }>({
    slug: "unknown-unit",
    severity: "error",
    message: ({ duration, unit }) => `"${short(duration)}" ends in no unit of time: there is no "${short(unit)}".`,
    help: () => "the units are ns, us, ms, s, m, h and d, as in `500ms` and `1h30m`",
    why: "A number with letters behind it is a duration.",
    bad: "package shop;\nconst PATIENCE: duration = 5sec;\n",
    good: "package shop;\nconst PATIENCE: duration = 5s;\n",
  }),
  RPC1009: define<{ written: string }>({
    slug: "single-quotes",
    severity: "error",
    message: () => "A text stands in double quotes.",
    help: ({ written }) => `write \`${written}\``,
    why: "There is one way to write a text, which is JSON's.",
    bad: "package shop;\nconst GREETING: string = 'hello';\n",
    good: 'package shop;\nconst GREETING: string = "hello";\n',
  }),
  RPC1010: define({
    slug: "hash-comment",
    severity: "error",
    message: () => 'A comment does not begin with "#".',
    help: () => "write `//`, or `///` for documentation",
    why: "Comments are `// to the end of the line` and `/* between marks */`.",
    bad: "package shop;\n# What a customer buys.\nmessage Order { id: string = 1; }\n",
    good: "package shop;\n// What a customer buys.\nmessage Order { id: string = 1; }\n",
  }),
  RPC1011: define<{ character: string }>({
    slug: "control-character",
    severity: "error",
    message: ({ character }) => `The control character ${named(character)} cannot stand in a text as it is.`,
    help: ({ character }) => `write \`\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}\``,
    why: "It would be invisible to whoever reads the file.",
    bad: 'package shop;\nconst BELL: string = "\u0007";\n',
    good: 'package shop;\nconst BELL: string = "\\u0007";\n',
  }),
  RPC1012: define({
    slug: "stray-doc-comment",
    severity: "warning",
    message: () => "This doc comment documents nothing.",
    help: () => "put it on a line of its own before what it describes, or write `//`",
    why: "A `///` comment belongs to the declaration or member that follows it, and is the first thing on its line.",
    bad: "package shop;\nmessage Order {\n  id: string = 1;  /// Given by the shop.\n}\n",
    good: "package shop;\nmessage Order {\n  /// Given by the shop.\n  id: string = 1;\n}\n",
  }),
};

const lookalikes: Readonly<Record<string, string>> = {
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  "\u00ab": '"',
  "\u00bb": '"',
  "`": '"',
  "\u2013": "-",
  "\u2014": "-",
  "\u2212": "-",
  "\u2192": "->",
  "\uff1a": ":",
  "\uff1b": ";",
  "\uff0c": ",",
  "\uff08": "(",
  "\uff09": ")",
  "\uff1d": "=",
};

/** Shows a character with its code point where it is not plain to see. */
function named(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  if (/^[!-~]$/.test(character)) return `"${character}"`;
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? `"${character}" (${code})` : code;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
