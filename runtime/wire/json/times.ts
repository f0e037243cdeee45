/** Timestamps in JSON as ISO 8601 in UTC, durations as decimal seconds with an `s` behind, such as `"-1.5s"`. */
import { show } from "../errors.js";
import * as time from "../time.js";
import type { JsonPath } from "./json-path.js";
import type { JsonType } from "./json-type.js";

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
const SECONDS = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;

function timestampFromJson(json: unknown, path: JsonPath): time.SecondsAndNanos {
  const [, stem, fraction = "", zone] = (typeof json === "string" && ISO.exec(json)) || [];
  const millis = stem === undefined || !isOnCalendar(stem) ? Number.NaN : Date.parse(`${stem}${zone}`);
  const seconds = millis / 1000;
  if (!time.isTimestamp(seconds)) {
    throw path.decodeError(`timestamp takes ISO 8601 such as "2026-01-31T12:00:00.5Z", got ${show(json)}`);
  }
  return { seconds, nanos: Number(fraction.padEnd(9, "0")) };
}

/** `Date.parse` takes February 30 for March 2: what is on the calendar comes back as it was. */
function isOnCalendar(stem: string): boolean {
  const millis = Date.parse(`${stem}Z`);
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(stem);
}

/** Nanoseconds since the epoch; in text as many digits as they need, three at least. */
export const timestampNanos: JsonType<bigint> = {
  toJson: (value, path) => {
    const split = typeof value === "bigint" ? time.splitNanos(value) : undefined;
    if (split === undefined || !time.isTimestamp(split.seconds)) {
      throw path.encodeError(`timestamp takes nanoseconds of the years 0001 to 9999, got ${show(value)}`);
    }
    const fraction = String(split.nanos)
      .padStart(9, "0")
      .replace(/0{1,6}$/, "");
    return new Date(split.seconds * 1000).toISOString().replace("000Z", `${fraction}Z`);
  },
  fromJson: (json, path) => time.nanosOf(timestampFromJson(json, path)),
  zero: () => 0n,
};

export const timestamp: JsonType<Date> = {
  toJson: (value, path) => {
    const millis = time.millisOfDate(value);
    if (millis === undefined || !time.isTimestamp(Math.floor(millis / 1000))) {
      throw path.encodeError(`timestamp takes a Date of the years 0001 to 9999, got ${show(value)}`);
    }
    return new Date(millis).toISOString();
  },
  fromJson: (json, path) => time.dateOf(timestampFromJson(json, path)),
  zero: (path) => path.make(new Date(0)),
};

function durationToJson(split: time.SecondsAndNanos): string {
  const nanos = time.nanosOf(split);
  const size = nanos < 0n ? -nanos : nanos;
  const digits = String(size).padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0+$/, "");
  return `${nanos < 0n ? "-" : ""}${digits.slice(0, -9)}${fraction === "" ? "" : "."}${fraction}s`;
}

function durationFromJson(json: unknown, path: JsonPath): time.SecondsAndNanos {
  const [, sign, seconds, fraction = ""] = (typeof json === "string" && SECONDS.exec(json)) || [];
  if (seconds !== undefined) {
    const size = BigInt(seconds + fraction.padEnd(9, "0"));
    const split = time.splitNanos(sign === "-" ? -size : size);
    if (time.isDuration(split)) return split;
  }
  throw path.decodeError(`duration takes seconds such as "1.5s", got ${show(json)}`);
}

/** Milliseconds. */
export const duration: JsonType<number> = {
  toJson: (value, path) => {
    const split = typeof value === "number" ? time.splitMillis(value) : undefined;
    if (split === undefined || !time.isDuration(split)) {
      throw path.encodeError(`duration takes up to ${time.MAX_DURATION} seconds in milliseconds, got ${show(value)}`);
    }
    return durationToJson(split);
  },
  fromJson: (json, path) => time.millisOf(durationFromJson(json, path)),
  zero: () => 0,
};

/** Nanoseconds. */
export const durationNanos: JsonType<bigint> = {
  toJson: (value, path) => {
    const split = typeof value === "bigint" ? time.splitNanos(value) : undefined;
    if (split === undefined || !time.isDuration(split)) {
      throw path.encodeError(`duration takes up to ${time.MAX_DURATION} seconds in nanoseconds, got ${show(value)}`);
    }
    return durationToJson(split);
  },
  fromJson: (json, path) => time.nanosOf(durationFromJson(json, path)),
  zero: () => 0n,
};
