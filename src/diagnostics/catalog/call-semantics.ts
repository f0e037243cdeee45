/** RPC3xxx: what methods promise when the line breaks, their streams, deadlines and errors. */
import { define } from "../define.js";

export const callSemantics = {
  RPC3001: define<{ first: string; second: string }>({
    slug: "contradicting-semantics",
    severity: "error",
    message: ({ first, second }) => `"@${second}" contradicts "@${first}".`,
    help: () => "keep one of the two",
    why: "A method makes one promise about being run: `@readonly`, `@idempotent`, `@atMostOnce`, `@exactlyOnce` or `@failStop`. The runtime could not keep two.",
    bad: "package shop;\nservice Orders { @readonly @atMostOnce get(id: string) -> string; }\n",
    good: "package shop;\nservice Orders { @readonly get(id: string) -> string; }\n",
  }),
  RPC3002: define<{ method: string; semantics: string }>({
    slug: "hedge-not-readonly",
    severity: "error",
    message: ({ method, semantics }) => `"@hedge" sends "${method}" to several servers at once, but it is "@${semantics}".`,
    help: () => "annotate the method `@readonly` if it has no effect, or drop `@hedge`",
    why: "A hedged call runs more than once on purpose. Only a method without any effect that can be observed, `@readonly`, bears that.",
    bad: "package shop;\nservice Orders { @idempotent @hedge cancel(id: string); }\n",
    good: "package shop;\nservice Orders { @idempotent cancel(id: string); }\n",
  }),
  RPC3003: define<{ subject: string; semantics: string; stated: boolean }>({
    slug: "retry-not-safe",
    severity: "error",
    message: ({ subject, semantics, stated }) =>
      stated
        ? `"@retry" would run ${subject} again, but it is "@${semantics}".`
        : `"@retry" would run ${subject} again, but it is "@${semantics}", as a method that does not say is.`,
    help: () => "annotate it `@idempotent` or `@readonly` if running it twice does no harm, or drop `@retry`",
    why: "A retry may run a method a second time when the first reply was lost. `@atMostOnce` (the default) and `@failStop` promise that this never happens.",
    bad: "package shop;\nservice Orders { @atMostOnce @retry(attempts: 3) ring(times: u8); }\n",
    good: "package shop;\nservice Orders { @idempotent @retry(attempts: 3) ring(times: u8); }\n",
  }),
  RPC3004: define<{ attempts: string; most: number }>({
    slug: "attempts-out-of-range",
    severity: "error",
    message: ({ attempts, most }) => `${attempts} attempts are not between 1 and ${most}.`,
    help: () => "`attempts` counts all of them, the first included: `@retry(attempts: 3)`",
    why: "Every attempt multiplies the load on a server that is already in trouble, so their number is small.",
    bad: "package shop;\nservice Orders { @readonly @retry(attempts: 100) get(id: string) -> string; }\n",
    good: "package shop;\nservice Orders { @readonly @retry(attempts: 3) get(id: string) -> string; }\n",
  }),
  RPC3005: define<{ annotation: string; method: string }>({
    slug: "request-stream-not-repeatable",
    severity: "error",
    message: ({ annotation, method }) => `"@${annotation}" needs the whole request, but "${method}" takes a stream.`,
    help: () => "take a list instead of the stream, or choose `@atMostOnce`",
    why: "An exactly-once call is compared by its arguments and a batched one is joined with others. Neither can be done with a stream of requests, which is gone once it was read.",
    bad: "package shop;\nservice Orders { @exactlyOnce upload(stream bytes) -> u64; }\n",
    good: "package shop;\nservice Orders { @atMostOnce upload(stream bytes) -> u64; }\n",
  }),
  RPC3006: define<{ method: string; name: string }>({
    slug: "stream-not-alone",
    severity: "error",
    message: ({ method, name }) => `The parameter "${name}" of "${method}" stands beside a request stream.`,
    help: () => "send it as the first element of the stream: `union Part { start: Start = 1; chunk: bytes = 2; }`",
    why: "A request stream stands alone, without other parameters.",
    bad: "package shop;\nservice Orders { upload(name: string, stream bytes) -> u64; }\n",
    good: "package shop;\nunion Part { name: string = 1; chunk: bytes = 2; }\nservice Orders { upload(stream Part) -> u64; }\n",
  }),
  RPC3007: define<{ name: string; method: string }>({
    slug: "duplicate-throws",
    severity: "error",
    message: ({ name, method }) => `"${method}" says twice that it throws "${name}".`,
    help: () => "keep one of them",
    why: "An error is listed once.",
    bad: "package shop;\nerror Gone { }\nservice Orders { get(id: string) throws Gone, Gone; }\n",
    good: "package shop;\nerror Gone { }\nservice Orders { get(id: string) throws Gone; }\n",
  }),
  RPC3008: define<{ argument: string; value: string; least: string; most: string }>({
    slug: "duration-out-of-range",
    severity: "error",
    message: ({ argument, value, least, most }) => `The ${argument} ${value} is not a whole number of milliseconds from ${least} to ${most}.`,
    why: "Deadlines and retention are counted in milliseconds. A deadline of nothing fails every call, and one of months is none.",
    bad: "package shop;\nservice Orders { @readonly @deadline(0s) get(id: string) -> string; }\n",
    good: "package shop;\nservice Orders { @readonly @deadline(500ms) get(id: string) -> string; }\n",
  }),
  RPC3009: define<{ name: string; instead: string }>({
    slug: "not-built-yet",
    severity: "error",
    message: ({ name }) => `"@${name}" is not built yet: the runtime cannot keep its promise.`,
    help: ({ instead }) => instead,
    why: "The language knows the annotation, but the part of the runtime behind it does not exist in this version. It is refused rather than ignored, for generated code would promise what nothing keeps.",
    bad: "package shop;\nservice Orders { @readonly @hedge get(id: string) -> string; }\n",
    good: "package shop;\nservice Orders { @readonly get(id: string) -> string; }\n",
  }),
};
