/** Names of moments, and of amounts of time. */
import { endsWith, plainWordsOf } from "./words.js";

const MOMENTS = new Set(["timestamp", "datetime", "date time"]);
const AMOUNTS = new Set(["timeout", "delay", "duration", "interval", "ttl", "latency", "elapsed", "backoff"]);
/** `responseTime` is how long something takes. */
const SPENT = new Set("busy cpu cycle down dwell elapsed execution handling idle lead load processing response run running spent startup transit travel trip up wait waiting".split(" "));
/** `costPerHourBeforeStartTime` and `daysSinceStartTime` count something else. */
const COUNTS = new Set(["per", "since", "days", "hours", "minutes", "seconds"]);
/** `createdOn` is a day; `basedOn` and `dependsOn` are no days. */
const DATED = /^(?!based$|used$|placed$|located$|turned$|switched$|mounted$)\w+ed$|^(?:born|due|ends|expires|paid|sent|starts)$/;
const PLACED = new Set(["look", "looking", "point", "points"]);

export function isMoment(name: string): boolean {
  if (endsWith(name, MOMENTS)) return true;
  const words = plainWordsOf(name);
  const [before, last] = words.slice(-2);
  if (before === undefined || last === undefined || words.some((word) => COUNTS.has(word))) return false;
  if (last === "on") return DATED.test(before);
  if (last === "at") return !PLACED.has(before);
  return last === "date" || (last === "time" && !SPENT.has(before));
}

export function isAmountOfTime(name: string): boolean {
  if (endsWith(name, AMOUNTS)) return true;
  const [before, last] = plainWordsOf(name).slice(-2);
  return last === "time" && before !== undefined && SPENT.has(before);
}
