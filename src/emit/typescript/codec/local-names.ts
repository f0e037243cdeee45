/** Names of variables in generated readers: the field's own, unless something else there is called so. */
import { isUndeclarable } from "../reserved-words.js";

/** Parameters and variables of generated functions. No import may hide behind them. */
export const VARIABLES: readonly string[] = [
  "r",
  "w",
  "v",
  "at",
  "tag",
  "unknown",
  "value",
  "list",
  "map",
  "item",
  "key",
  "left",
  "length",
  "start",
  "previous",
  "place",
  "breach",
];

/** What else generated readers refer to. */
const GLOBALS =
  "undefined NaN Infinity Map Date Array Object Uint8Array Int8Array Int16Array Uint16Array Int32Array Uint32Array " +
  "BigInt64Array BigUint64Array Float32Array Float64Array";
const IN_USE: ReadonlySet<string> = new Set([...VARIABLES, ...GLOBALS.split(" ")]);

/** The functions of a module, and what it imports: `readOrder`, `hasElements`, `MoneyCodec`, `NIL_UUID`. */
const LIKE_AN_IMPORT = /^(?:read|write|get|put|zero|check|has|body|flat|payload)|Codec$|UUID|^json$/;

/** The variable for each member, by the member's name. */
export function localNames(members: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const locals = new Map<string, string>();
  const isFree = (name: string): boolean =>
    !IN_USE.has(name) && !isUndeclarable(name) && !LIKE_AN_IMPORT.test(name) && !taken.has(name);
  // Those that keep their name come first, so that no other takes it.
  for (const rename of [false, true]) {
    for (const member of members) {
      if (locals.has(member) || (!rename && !isFree(member))) continue;
      let name = rename ? `${member}_` : member;
      while (rename && taken.has(name)) name += "_";
      taken.add(name);
      locals.set(member, name);
    }
  }
  return locals;
}
