/** What is wrong with an option, in the words in which its giver is told. TypeScript sees most of it, JavaScript none. */
import { show } from "../wire/errors.js";
import { faultOfNames } from "../wire/known-names.js";

export type Fault = string | undefined;

/** An option that may be left out, and else is a list. */
export function faultOfList(option: string, value: unknown, of: string): Fault {
  return value === undefined || Array.isArray(value) ? undefined : `\`${option}\` is ${show(value)}: give a list of ${of}`;
}

/** Of interceptors, on either side. */
export function faultOfInterceptors(value: unknown): Fault {
  const of = "functions (call, next)";
  const fault = faultOfList("interceptors", value, of);
  if (fault !== undefined || value === undefined) return fault;
  const list = value as readonly unknown[];
  const index = list.findIndex((interceptor) => typeof interceptor !== "function");
  return index < 0 ? undefined : `\`interceptors[${index}]\` is ${show(list[index])}: give a list of ${of}`;
}

/** @param known by name, such as their defaults. One that is undefined is its default. */
export function faultOfLimits(value: unknown, known: object): Fault {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null) return `\`limits\` is ${show(value)}: give an object of numbers`;
  for (const [name, limit] of Object.entries(value)) {
    if (limit === undefined || (typeof limit === "number" && limit >= 0)) continue;
    return `\`limits.${name}\` is ${show(limit)}, not a number from 0 up`;
  }
  return faultOfNames("limit", value, known);
}
