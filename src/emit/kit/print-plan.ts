/** Plans as TypeScript. Laid out by nesting alone, which prettier is asked to leave. */
import { hardline, indent, join, type Doc } from "../typescript/code-writer/document.js";
import { quote } from "../typescript/code-writer/literal.js";
import { globalSymbol } from "../typescript/symbol.js";
import { isPlan, type Argument, type Plan } from "./plan.js";

/** What the printer needs to know of the module that it prints into. */
export interface PlanNames {
  /** The arbitrary of a declared type, whole. */
  readonly arbitrary: (type: string) => Doc;
  /** The function that gives the arbitrary of a recursive type of this module at a depth. */
  readonly nested: (type: string) => Doc;
  readonly type: (type: string) => Doc;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

export function printPlan(plan: Plan, names: PlanNames): Doc {
  const print = (of: Plan): Doc => printPlan(of, names);
  switch (plan.kind) {
    case "call":
      return [`fc.${plan.name}(`, join(", ", plan.args.map((argument) => printArgument(argument, names))), ")"];
    case "reference":
      return plan.step === 0 ? names.arbitrary(plan.type) : [names.nested(plan.type), "(depth - 1)"];
    case "bounded":
      return ["(depth > 0", indent(hardline, "? ", print(plan.deep), hardline, ": ", print(plan.flat)), ")"];
    case "empty":
      return plan.of === "list" ? "fc.constant(null).map(() => [])" : ["fc.constant(null).map(() => new ", globalSymbol("Map"), "())"];
    case "longEnough":
      return [print(plan.of), `.filter((text) => text.length >= ${plan.length})`];
    case "enum":
      return ["(", print(plan.of), " as fc.Arbitrary<number>) as fc.Arbitrary<", names.type(plan.type), ">"];
  }
}

function printArgument(argument: Argument, names: PlanNames): Doc {
  if (typeof argument === "string") return quote(argument);
  if (typeof argument === "bigint") return `${argument}n`;
  if (typeof argument !== "object") return Object.is(argument, -0) ? "-0" : String(argument);
  if (isPlan(argument)) return printPlan(argument, names);
  switch (argument.kind) {
    case "date":
      return ["new ", globalSymbol("Date"), `(${quote(argument.iso)})`];
    case "pattern":
      return `/${new RegExp(argument.source, "u").source}/u`;
    case "list":
      return ["[", join(", ", argument.items.map((item) => printArgument(item, names))), "]"];
    case "object":
      return printObject(argument.entries, names);
  }
}

/** Settings on one line; what is made of other arbitraries, a line each. */
function printObject(entries: readonly (readonly [string, Argument])[], names: PlanNames): Doc {
  if (entries.length === 0) return "{}";
  const printed = entries.map(([key, value]): Doc => [IDENTIFIER.test(key) ? key : quote(key), ": ", printArgument(value, names)]);
  const isNested = entries.some(([, value]) => typeof value === "object" && isPlan(value));
  if (!isNested) return ["{ ", join(", ", printed), " }"];
  return ["{", indent(printed.map((entry) => [hardline, entry, ","])), hardline, "}"];
}
