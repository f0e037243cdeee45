/** What each annotation claims of a handler, as an experiment that looks for the contrary. */
import type { Method, Semantics } from "../ir/schema.js";
import { differences } from "./difference.js";
import type { Answer, Call, World } from "./world.js";
import { SubjectError } from "./subject-error.js";

/** One experiment, as it is drawn. */
export interface Scenario {
  /** Calls that bring the state somewhere. */
  readonly before: readonly Call[];
  readonly request: unknown;
  /** Which point of waiting the call is cut off at, modulo their number. */
  readonly point: number;
  readonly by: "throw" | "abort";
  /** How many turns the second of two calls starts after the first. */
  readonly gap: number;
}

export interface Claim {
  /** A word for the replay, such as "twice". */
  readonly name: string;
  /** What holds if it holds, behind the method's name: "leaves after two runs what one run leaves". */
  readonly says: string;
  readonly appliesTo: (method: Method) => boolean;
  /** @throws Violation, SubjectError */
  readonly test: (world: World, call: Call, scenario: Scenario) => Promise<void>;
}

/** A claim that does not hold. */
export class Violation extends Error {
  override readonly name = "Violation";
  /** Where before and after differ. */
  readonly lines: readonly string[];

  /** `what` is what went wrong, as a clause: "a second run changed the state". */
  constructor(what: string, lines: readonly string[]) {
    super(what);
    this.lines = lines;
  }
}

/** Each look for a smaller case would take as long again, so there is none. */
export class Endless extends Violation {
  constructor() {
    super("a run did not end within 5 seconds", []);
  }
}

const always = (): boolean => true;
/** Elements of an answered stream may come at any time, so what is cut there is the reader and not the handler. */
const unlessAnsweringStream = ({ result }: Method): boolean => result?.stream !== true;

const untouched: Claim = {
  name: "untouched",
  says: "leaves the state as it was",
  appliesTo: always,
  async test(world, call, scenario) {
    await world.begin(scenario.before);
    const before = await world.snapshot();
    const { answer, waits } = await world.call(call);
    mustEnd(answer);
    demandSame("a run changed the state", before, await world.snapshot());
    await Promise.all([world.call(call), world.call(call)]);
    demandSame("two runs at once changed the state", before, await world.snapshot());
    if (waits === 0 || !unlessAnsweringStream(call.method)) return;
    await world.call(call, { cut: cutOf(scenario, waits) });
    demandSame("a run that was cut off changed the state", before, await world.snapshot());
  },
};

const twice: Claim = {
  name: "twice",
  says: "does and answers the second time what it did and answered the first time",
  appliesTo: always,
  async test(world, call, { before }) {
    await world.begin(before);
    const first = await world.call(call);
    mustEnd(first.answer);
    const state = await world.snapshot();
    const second = await world.call(call, { attempt: 2 });
    mustEnd(second.answer);
    demandSame("a second run changed the state", state, await world.snapshot());
    if (unlessAnsweringStream(call.method)) demandSame("a second run gave another answer", first.answer, second.answer);
  },
};

const cutShort: Claim = {
  name: "cut",
  says: "does after a run that was cut off what one whole run does",
  appliesTo: unlessAnsweringStream,
  async test(world, call, scenario) {
    const once = await runOnce(world, call, scenario);
    if (once.waits === 0) return;
    await world.begin(scenario.before);
    await world.call(call, { cut: cutOf(scenario, once.waits) });
    const { answer } = await world.call(call, { attempt: 2 });
    mustEnd(answer);
    const state = await world.snapshot();
    await demandRepeatable(world, call, scenario, once, () => {
      demandSame("a run that was cut off, and then a whole one, left another state than one run", once.state, state);
      demandSame("a run after one that was cut off gave another answer than one run", once.answer, answer);
    });
  },
};

const atOnce: Claim = {
  name: "at-once",
  says: "leaves after two runs at once what one run leaves",
  appliesTo: always,
  async test(world, call, scenario) {
    const once = await runOnce(world, call, scenario);
    await world.begin(scenario.before);
    const first = world.call(call);
    for (let turn = 0; turn < scenario.gap; turn++) await Promise.resolve();
    const answers = await Promise.all([first, world.call(call, { attempt: 2 })]);
    for (const { answer } of answers) mustEnd(answer);
    const state = await world.snapshot();
    await demandRepeatable(world, call, scenario, once, () => {
      demandSame("two runs at once left another state than one run", once.state, state);
    });
  },
};

const withinTransaction: Claim = {
  name: "transaction",
  says: "has no effect outside of ctx.tx",
  appliesTo: always,
  async test(world, call, scenario) {
    await world.begin(scenario.before);
    const before = await world.snapshot();
    const { answer, waits } = await world.call(call, { rollBack: true });
    mustEnd(answer);
    demandSame("the transaction was rolled back, and the state changed all the same", before, await world.snapshot());
    if (waits === 0) return;
    await world.call(call, { rollBack: true, cut: cutOf(scenario, waits) });
    demandSame("a run was cut off and its transaction rolled back, and the state changed all the same", before, await world.snapshot());
  },
};

/** Nothing is claimed of a second run; what remains is that a handler, whole or cut off, comes to an end. */
const ends: Claim = {
  name: "ends",
  says: "comes to an end and leaves no rejection behind",
  appliesTo: always,
  async test(world, call, scenario) {
    await world.begin(scenario.before);
    const { answer, waits } = await world.call(call);
    mustEnd(answer);
    if (waits === 0 || !unlessAnsweringStream(call.method)) return;
    await world.begin(scenario.before);
    mustEnd((await world.call(call, { cut: cutOf(scenario, waits) })).answer);
  },
};

export const claimsOf: Readonly<Record<Semantics, readonly Claim[]>> = {
  readonly: [untouched],
  idempotent: [twice, cutShort, atOnce],
  exactlyOnce: [withinTransaction],
  atMostOnce: [ends],
  failStop: [ends],
};

function cutOf({ point, by }: Scenario, waits: number): { readonly at: number; readonly by: "throw" | "abort" } {
  return { at: 1 + (point % waits), by };
}

interface Once {
  readonly answer: Answer;
  readonly waits: number;
  readonly state: unknown;
}

async function runOnce(world: World, call: Call, { before }: Scenario): Promise<Once> {
  await world.begin(before);
  const { answer, waits } = await world.call(call);
  mustEnd(answer);
  return { answer, waits, state: await world.snapshot() };
}

/** Before a difference between two worlds is blamed on the handler, one of them is made again. */
async function demandRepeatable(world: World, call: Call, scenario: Scenario, once: Once, demand: () => void): Promise<void> {
  try {
    demand();
  } catch (violation) {
    const again = await runOnce(world, call, scenario);
    const lines = [...differences(once.state, again.state), ...differences(once.answer, again.answer)];
    if (lines.length === 0) throw violation;
    throw new SubjectError(
      `the same calls of "${call.method.name}" from the beginning do not lead to the same state (${lines[0]})`,
      "let `reset` bring back everything, clocks and random numbers that the handlers use included",
    );
  }
}

function demandSame(what: string, before: unknown, after: unknown): void {
  const lines = differences(before, after);
  if (lines.length > 0) throw new Violation(what, lines);
}

function mustEnd(answer: Answer): void {
  if (answer.kind === "no end") throw new Endless();
}
