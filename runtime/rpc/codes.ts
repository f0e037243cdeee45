/** The closed sets of words in which a failure is told: its code, its reason, and whether the call was executed. */

/** The sixteen codes of gRPC and Connect with their numbers, which are also those on the wire. */
export const CODE_NUMBERS = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export type Code = keyof typeof CODE_NUMBERS;

const CODES_BY_NUMBER: readonly (Code | undefined)[] = Object.entries(CODE_NUMBERS).reduce<(Code | undefined)[]>(
  (table, [code, number]) => {
    table[number] = code as Code;
    return table;
  },
  [],
);

/** A number that this version does not know reads as UNKNOWN. */
export function codeOfNumber(number: number): Code {
  return CODES_BY_NUMBER[number] ?? "UNKNOWN";
}

/**
 * Every reason with the one code that it is shown under. Generic proxies and libraries retry UNAVAILABLE, ABORTED and
 * RESOURCE_EXHAUSTED, so no reason that leaves the outcome open may map to one of them.
 */
export const REASON_CODES = {
  /** The request may have reached the server and nobody can say what became of it. */
  OUTCOME_UNKNOWN: "UNKNOWN",
  /** The record of the call is older than the server keeps records; it was not run again. */
  STALE: "FAILED_PRECONDITION",
  /** The session in which the call's order was promised is over. */
  SESSION_REVOKED: "UNKNOWN",
  /** The call belongs to another server instance, which alone may answer it. */
  FENCED: "FAILED_PRECONDITION",
  /** The id was used before with other arguments. */
  CALL_ID_REUSED: "INVALID_ARGUMENT",
  /** The call was executed, but its reply was too large to keep. */
  REPLY_NOT_RETAINED: "DATA_LOSS",
  /** An earlier attempt of the same call is running, and too many wait for it already. */
  IN_PROGRESS: "FAILED_PRECONDITION",
} as const satisfies Readonly<Record<string, Code>>;

export type Reason = keyof typeof REASON_CODES;

/** In the order of their numbers on the wire, from 1; 0 is no reason. Append only. */
const REASONS: readonly Reason[] = [
  "OUTCOME_UNKNOWN",
  "STALE",
  "SESSION_REVOKED",
  "FENCED",
  "CALL_ID_REUSED",
  "REPLY_NOT_RETAINED",
  "IN_PROGRESS",
];

export function numberOfReason(reason: Reason | undefined): number {
  return reason === undefined ? 0 : REASONS.indexOf(reason) + 1;
}

export function reasonOfNumber(number: number): Reason | undefined {
  return REASONS[number - 1];
}

/** Whether the handler ran: surely not, surely (to an end of its own), or nobody knows. */
export type Executed = "no" | "yes" | "unknown";

const EXECUTED: readonly Executed[] = ["no", "yes", "unknown"];

export function numberOfExecuted(executed: Executed): number {
  return EXECUTED.indexOf(executed);
}

/** A number that this version does not know reads as "unknown", which promises nothing. */
export function executedOfNumber(number: number): Executed {
  return EXECUTED[number] ?? "unknown";
}

/** What two attempts of one call amount to: it ran if either ran, and it surely did not only if neither did. */
export function worstExecuted(a: Executed, b: Executed): Executed {
  if (a === "yes" || b === "yes") return "yes";
  return a === "unknown" || b === "unknown" ? "unknown" : "no";
}
