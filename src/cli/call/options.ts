/** What the options of `rpcgen call` say of the call, as the runtime takes it. */
import type { CallOptions } from "@rpcgen/runtime";
import { InvalidArgumentError, Option } from "commander";
import type { Options } from "../verb.js";

export function callOptions(): readonly Option[] {
  return [
    new Option("-H, --header <key=value>", "sent with the call; may be given several times").argParser(header),
    new Option("--timeout <duration>", "for the whole call: 500ms, 10s, 5m (default: that of the method, else 10s, and none for streams)").argParser(duration),
    new Option("--idempotency-key <uuid>", "of an @exactlyOnce call: under the same key it is the same call"),
  ];
}

/** As far as they are about every call, and not about the one that was asked for. */
export function readCallOptions({ header: headers, timeout }: Options): Pick<CallOptions, "headers" | "timeoutMs"> {
  return { ...(headers !== undefined && { headers: Object.fromEntries(headers) }), ...(timeout !== undefined && { timeoutMs: timeout }) };
}

type Headers = NonNullable<Options["header"]>;

function header(text: string, before: Headers = []): Headers {
  const [, key = "", value = ""] = /^([A-Za-z0-9._-]+)=(.*)$/s.exec(text) ?? [];
  if (key === "") throw new InvalidArgumentError("It is a key, of letters, digits, \".\", \"_\" and \"-\", and behind a \"=\" the value.");
  return [...before, [key, value]];
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** In milliseconds. */
function duration(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const milliseconds = Number(number) * (UNITS[unit] ?? 0);
  if (!(milliseconds >= 1)) throw new InvalidArgumentError("It is a number and its unit, ms, s, m or h, of 1ms or more.");
  return milliseconds;
}
