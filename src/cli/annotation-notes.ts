/** What each annotation of the language means, in a sentence or two, for `rpcgen explain`. */

export const annotationNotes: Readonly<Record<string, string>> = {
  readonly:
    "The call has no effect that anyone can observe. The runtime may retry it and send it to another server. A handler of such a call can make only such calls itself: its context gives it clients without the other methods.",
  idempotent:
    "Running the call several times, a run that stopped halfway included, has the effect of running it once. The runtime may retry it and send it to another server.",
  atMostOnce:
    "The call runs once or not at all; it is never run twice. This is the default. Where the line breaks after it was sent, the same server instance is asked and answers from memory; where that instance is gone, the caller learns that the outcome is unknown.",
  exactlyOnce:
    "An answer means that the effect was committed exactly once, across crashes, restarts and failover: the record of its completion commits in the transaction that the handler has as `ctx.tx`. `retain` says how long that record must be kept. What the handler does outside the transaction may happen again.",
  failStop: "Calls run in order and once, or the whole session ends: the first doubt revokes it on both sides, and nothing is ever retried.",
  deadline: "How long a call may take if its caller says nothing. The remaining time travels with the call and with the calls that its handler makes.",
  retry: "How many attempts the runtime may make, the first included. Only on calls that may be retried.",
  hedge: "A second attempt may start before the first has failed, once the first takes longer than most calls of the method do; the first answer wins and the other attempt is cancelled. Only on `@readonly` methods that are no streams.",
  batch: "Calls that are made close together travel and run as one.",
  lease: "An answer may be kept by the client and used again while its lease runs.",
  min: "The least value, itself allowed. Both sides check it; a value below is an INVALID_ARGUMENT with the field's path.",
  max: "The greatest value, itself allowed. Both sides check it; a value above is an INVALID_ARGUMENT with the field's path.",
  length:
    "The least and the greatest length, both allowed: UTF-16 code units of a string, bytes of `bytes`, items of a list or map. Both sides check it.",
  pattern: "A regular expression that must match somewhere in the string; anchor it with ^ and $ to match the whole. Both sides check it.",
  default:
    "The value that stands where the caller leaves the field out. It is always written, so that a later change of the default changes no stored data.",
  deprecated: "Still works, should not be used any more. The note says what to use instead, and reaches the generated code.",
  sensitive: "The value is never logged and never part of an error's message: where it breaks a constraint or does not fit its type, the error names the field and does not show the value. What is within such a field is as secret.",
  number: "An i64 or u64 is a number in TypeScript and not a bigint. Both sides check that it is a safe integer.",
  nanos: "A timestamp or duration is a bigint of nanoseconds in TypeScript, which loses nothing.",
  typedArray: "A list of fixed-width numbers is a typed array in TypeScript, such as a Float64Array.",
  tsName: "What TypeScript calls it, where its own name would clash with another.",
  wireName: "What the wire calls it. With the old name here, something can be renamed and stay compatible.",
  code: "Which of the sixteen codes the error has. The default is FAILED_PRECONDITION.",
  retryable: "The same call may succeed later. The runtime tries again by itself where the method's promise allows it.",
};
