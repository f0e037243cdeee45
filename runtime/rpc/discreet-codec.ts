/**
 * Codecs whose complaints do not quote `@sensitive` values: what is refused is named, and its value is not shown. An
 * error's text ends in logs and tickets, which are read by more people than the field is meant for.
 */
import { DecodeError, EncodeError } from "../wire/errors.js";

/** What of a codec can complain. */
interface Complaining {
  readonly encode?: (value: never) => unknown;
  readonly check?: (value: never) => string | undefined;
  readonly toJson?: (value: never) => unknown;
  readonly fromJson?: (json: unknown) => unknown;
}

/** A name, or what stands in brackets: a number, or a string as JSON writes it. */
const STEP = /\.?([\p{ID_Start}$_][\p{ID_Continue}$]*)|\[(?:("(?:[^"\\]|\\.)*")|[^\]]*)\]/uy;

/**
 * The codec, with `places` unquoted: fields as errors call them, such as "Account.password", and names of types of
 * which nothing is shown. In a path, such as that of a breach or of JSON, the last part of a place is enough to hide it.
 */
export function discreet<Codec extends Complaining>(codec: Codec, places: readonly string[]): Codec {
  const hidden = new Set(places);
  const names = new Set(places.map((place) => place.slice(place.lastIndexOf(".") + 1)));
  const { encode, check } = codec;
  const silenced = <Argument, Result>(act: (argument: Argument) => Result) => {
    return (argument: Argument): Result => {
      try {
        return act(argument);
      } catch (error) {
        throw withoutValue(error, hidden, names);
      }
    };
  };
  return {
    ...codec,
    ...(encode !== undefined && { encode: silenced(encode) }),
    ...(check !== undefined && { check: (value: never) => unquoted(check(value), names) }),
    ...(codec.toJson !== undefined && { toJson: silenced(codec.toJson) }),
    ...(codec.fromJson !== undefined && { fromJson: silenced(codec.fromJson) }),
  };
}

/** `cards["work"].number: "12" does not match …` as `cards["work"].number: breaks a constraint …`. */
function unquoted(breach: string | undefined, names: ReadonlySet<string>): string | undefined {
  const path = breach === undefined ? undefined : pathTo(breach, names);
  return path === undefined ? breach : `${path}: breaks a constraint; its value is sensitive and not shown`;
}

function withoutValue(error: unknown, hidden: ReadonlySet<string>, names: ReadonlySet<string>): unknown {
  if (!(error instanceof EncodeError || error instanceof DecodeError)) return error;
  const { place } = error;
  if (typeof place === "number") return error;
  const path = place.startsWith("$") ? pathTo(place, names) : hidden.has(place) ? place : undefined;
  if (path === undefined) return error;
  const problem = "does not fit its type; its value is sensitive and not shown";
  return error instanceof EncodeError ? new EncodeError(problem, path) : new DecodeError(problem, path);
}

/** The path that a text begins with, up to the first of the names: what follows may be a key that is as secret. */
function pathTo(text: string, names: ReadonlySet<string>): string | undefined {
  STEP.lastIndex = 0;
  for (let step = STEP.exec(text); step !== null; step = STEP.exec(text)) {
    const [, name, quoted] = step;
    const key = quoted === undefined ? name : (JSON.parse(quoted) as string);
    if (key !== undefined && names.has(key)) return text.slice(0, STEP.lastIndex);
  }
  return undefined;
}
