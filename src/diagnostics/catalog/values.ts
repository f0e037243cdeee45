/** RPC208x: constants, defaults and other values. */
import { define } from "../define.js";

export const values = {
  RPC2080: define<{ value: string; type: string; help?: string }>({
    slug: "wrong-value",
    severity: "error",
    message: ({ value, type }) => `${value} is not a value of the type "${type}".`,
    help: ({ help }) => help,
    why: "A constant, a default and an argument have a type, and their value must be one of it. Nothing is converted but a whole number where a float is wanted.",
    bad: 'package shop;\nconst LIMIT: u32 = "ten";\n',
    good: "package shop;\nconst LIMIT: u32 = 10;\n",
  }),
  RPC2081: define<{ value: string; type: string; range: string }>({
    slug: "value-out-of-range",
    severity: "error",
    message: ({ value, type, range }) => `${value} does not fit in "${type}", which holds ${range}.`,
    help: () => "choose a value within that, or a wider type",
    why: "A value must fit its type: nothing is cut off or wrapped around.",
    bad: "package shop;\nconst LIMIT: u8 = 256;\n",
    good: "package shop;\nconst LIMIT: u8 = 255;\n",
  }),
  RPC2082: define<{ what: string; type: string }>({
    slug: "no-literal-for-type",
    severity: "error",
    message: ({ what, type }) => `${what} cannot be of the type "${type}".`,
    help: () => "use a bool, a number, a string, a duration or an enum",
    why: "The language has literals for bools, numbers, strings, durations and members of enums, and so constants and defaults of these types only.",
    bad: 'package shop;\nconst SINCE: timestamp = "2020-01-01T00:00:00Z";\n',
    good: 'package shop;\nconst SINCE: string = "2020-01-01T00:00:00Z";\n',
  }),
  RPC2083: define<{ name: string; chain: string }>({
    slug: "constant-cycle",
    severity: "error",
    message: ({ name, chain }) => `The constant "${name}" is defined by itself: ${chain}.`,
    help: () => "give one of them a value",
    why: "A constant may refer to another, as long as following them ends at a value.",
    bad: "package shop;\nconst A: u8 = B;\nconst B: u8 = A;\n",
    good: "package shop;\nconst A: u8 = B;\nconst B: u8 = 1;\n",
  }),
};
