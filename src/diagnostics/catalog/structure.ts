/** RPC11xx: the structure of files, declarations and members. */
import { define } from "../define.js";
import { didYouMean } from "../did-you-mean.js";

export const structure = {
  RPC1101: define<{ expected: string; found: string; help?: string }>({
    slug: "unexpected-token",
    severity: "error",
    message: ({ expected, found }) => `Expected ${expected}, but found ${found}.`,
    help: ({ help }) => help,
    why: "Something else stands where the grammar wants what the message names. Reading goes on behind the broken member or declaration, which is left out.",
    bad: "package shop;\nmessage Order { id = string = 1; }\n",
    good: "package shop;\nmessage Order { id: string = 1; }\n",
  }),
  RPC1102: define<{ what: string }>({
    slug: "missing-semicolon",
    severity: "error",
    message: ({ what }) => `";" is missing after ${what}.`,
    help: () => "write `;` here",
    why: "Every statement and member ends with a semicolon; what has a body in braces ends with the brace.",
    bad: "package shop;\nmessage Order {\n  id: string = 1\n  note?: string = 2;\n}\n",
    good: "package shop;\nmessage Order {\n  id: string = 1;\n  note?: string = 2;\n}\n",
  }),
  RPC1103: define<{ what: string; name: string | undefined; found: string }>({
    slug: "unclosed-block",
    severity: "error",
    message: ({ what, name, found }) =>
      `"}" is missing at the end of the ${what}${name === undefined ? "" : ` "${name}"`}, before ${found}.`,
    help: () => "write `}` where it ends",
    why: "The members of a declaration stand between braces. A declaration that begins no farther right than the open one is taken to stand beside it.",
    bad: "package shop;\nmessage Order {\n  id: string = 1;\n\nmessage Item { sku: string = 1; }\n",
    good: "package shop;\nmessage Order {\n  id: string = 1;\n}\n\nmessage Item { sku: string = 1; }\n",
  }),
  RPC1104: define({
    slug: "stray-brace",
    severity: "error",
    message: () => 'This "}" closes nothing.',
    help: () => "delete it, or look for a missing `{` before it",
    why: "Every closing brace belongs to an opening one. What follows is skipped up to the next declaration.",
    bad: "package shop;\nmessage Order { id: string = 1; } }\n",
    good: "package shop;\nmessage Order { id: string = 1; }\n",
  }),
  RPC1105: define<{ found: string }>({
    slug: "extra-punctuation",
    severity: "error",
    message: ({ found }) => `This "${found}" is one too many.`,
    help: () => "delete it",
    why: "A mark that ends or separates nothing hints at something that was forgotten or left behind. No semicolon follows a closing brace.",
    bad: "package shop;\nmessage Order { id: string = 1; };\n",
    good: "package shop;\nmessage Order { id: string = 1; }\n",
  }),
  RPC1106: define<{ word: string; meant: string }>({
    slug: "misspelt-keyword",
    severity: "error",
    message: ({ word }) => `"${word}" is not a keyword.`,
    help: ({ meant }) => didYouMean(meant),
    why: "Reading goes on as if the keyword that is meant stood there. Keywords are written in small letters.",
    bad: "package shop;\nmesage Order { id: string = 1; }\n",
    good: "package shop;\nmessage Order { id: string = 1; }\n",
  }),
  RPC1107: define<{ number: string }>({
    slug: "not-a-whole-number",
    severity: "error",
    message: ({ number }) => `"${number}" is not a whole number.`,
    help: () => "fields and members are numbered by integers, such as `1`",
    why: "The number of a field or member stands for it on the wire.",
    bad: "package shop;\nmessage Order { id: string = 1.5; }\n",
    good: "package shop;\nmessage Order { id: string = 1; }\n",
  }),
  RPC1108: define<{ word: string }>({
    slug: "unknown-declaration",
    severity: "error",
    message: ({ word }) => `"${word}" does not begin a declaration.`,
    help: ({ word }) =>
      word === "syntax" || word === "edition"
        ? "delete the line: the language has one version"
        : "a declaration begins with package, import, const, alias, enum, struct, message, union, error, service or annotation",
    why: "A file is a list of declarations, each of which begins with its keyword.",
    bad: 'package shop;\nsyntax = "proto3";\nmessage Order { id: string = 1; }\n',
    good: "package shop;\nmessage Order { id: string = 1; }\n",
  }),
  RPC1109: define<{ name: string; next: string }>({
    slug: "missing-enum-number",
    severity: "error",
    message: ({ name }) => `The member "${name}" has no number.`,
    help: ({ name, next }) => `write \`${name} = ${next};\``,
    why: "The wire knows the members of an enum by their numbers. If they were counted, a member inserted later would change those behind it.",
    bad: "package shop;\nenum Status { UNKNOWN = 0; OPEN; }\n",
    good: "package shop;\nenum Status { UNKNOWN = 0; OPEN = 1; }\n",
  }),
  RPC1110: define<{ limit: number }>({
    slug: "nested-too-deep",
    severity: "error",
    message: ({ limit }) => `This nests more than ${limit} deep.`,
    help: () => "give a part of it a name of its own: a message, or an alias",
    why: "A type, list or declaration that nests without end would exhaust the memory of every program that reads it.",
    bad: `package shop;\nalias Deep = string${"[]".repeat(65)};\n`,
    good: "package shop;\nalias Rows = string[][];\nalias Deep = Rows[][];\n",
  }),
  RPC1111: define<{ name: string; before: string }>({
    slug: "misplaced-annotation",
    severity: "error",
    message: ({ name, before }) => `The annotation "${name}" stands before "${before}", which takes none.`,
    help: () => "delete it, or move it to what it is meant for",
    why: "Annotations belong to declarations, members, methods and parameters. What they cannot say anything about, they do not stand before.",
    bad: 'package shop;\n@deprecated("old") import "./money.idl";\n',
    good: 'package shop;\nimport "./money.idl";\n',
  }),
  RPC1112: define<{ limit: number }>({
    slug: "too-many-errors",
    severity: "error",
    message: ({ limit }) =>
      `There are more than ${limit} mistakes in the syntax of this file; the others are not shown.`,
    help: () => "see whether it is a file of this language at all",
    why: "A long list helps nobody. What is mended first often cures what comes behind it.",
    bad: `package shop;\n${"}\nalias A = ;\n".repeat(101)}`,
    good: "package shop;\nalias A = string;\n",
  }),
};
