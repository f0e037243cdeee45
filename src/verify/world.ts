/** The user's handlers with their state, brought to a beginning, called, and looked at. */
import { errorText } from "../diagnostics/error-text.js";
import type { Method, Service } from "../ir/schema.js";
import { handlerContext, type ChildCall } from "./handler-context.js";
import { Interruption, interruptible } from "./interruption.js";
import type { Subject } from "./subject.js";
import { SubjectError } from "./subject-error.js";
import type { UnhandledRejections } from "./unhandled-rejections.js";

/** Milliseconds within which a handler ends, or counts as one that does not. */
const LONGEST_CALL = 5_000;
/** Elements of an answered stream that are read, and milliseconds of silence after which it counts as quiet. */
const MOST_ELEMENTS = 16;
const QUIET_AFTER = 50;

/** One call of a method, as it is drawn. */
export interface Call {
  readonly method: Method;
  readonly request: unknown;
}

export type Answer =
  | { readonly kind: "reply"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: Readonly<Record<string, unknown>> }
  /** Not within LONGEST_CALL. */
  | { readonly kind: "no end" };

export interface CallOptions {
  readonly attempt?: number;
  /** The point of waiting at which it is cut off, from 1; "throw" breaks it there, "abort" only aborts its signal. */
  readonly cut?: { readonly at: number; readonly by: "throw" | "abort" };
  /** Of an `@exactlyOnce` method: roll its transaction back at its end. */
  readonly rollBack?: boolean;
}

class RollBack extends Error {}

export class World {
  readonly #subject: Subject;
  readonly #service: Service;
  readonly #onChild: (parent: Method, child: ChildCall) => void;
  readonly #rejections: UnhandledRejections;
  #handlers: Readonly<Record<string, unknown>> = {};
  readonly #endless = new Set<Method>();

  constructor(subject: Subject, service: Service, rejections: UnhandledRejections, onChild: (parent: Method, child: ChildCall) => void) {
    this.#subject = subject;
    this.#service = service;
    this.#rejections = rejections;
    this.#onChild = onChild;
  }

  /**
   * From the beginning, after these calls; but for those of methods that were seen not to end, for each would take its whole
   * limit. Rejections that these calls leave behind are for the claims of their own methods.
   */
  async begin(before: readonly Call[]): Promise<void> {
    const made = await this.#subject.reset();
    const handlers = typeof made === "object" && made !== null ? made : this.#subject.handlers;
    if (handlers === undefined) throw new SubjectError(`there are no handlers of ${this.#service.name}`, "export `handlers`, or return them from `reset`");
    this.#handlers = handlers as Readonly<Record<string, unknown>>;
    if (before.length === 0) return;
    await this.#rejections.passOver(async () => {
      for (const call of before) if (!this.#endless.has(call.method)) await this.call(call);
    });
  }

  /** A copy, so that later changes of the state do not reach it. */
  async snapshot(): Promise<unknown> {
    return copyOf(await this.#subject.snapshot(), `the snapshot of ${this.#service.name}`);
  }

  /** Resolves with the handler's answer and the number of its points of waiting. */
  async call({ method, request }: Call, { attempt = 1, cut, rollBack = false }: CallOptions = {}): Promise<{ answer: Answer; waits: number }> {
    if (method.semantics !== "exactlyOnce") return this.#run(method, request, attempt, cut, undefined);
    let result: { answer: Answer; waits: number } | undefined;
    try {
      await this.#subject.transact?.(async (tx) => {
        result = await this.#run(method, request, attempt, cut, tx);
        if (rollBack || result.answer.kind !== "reply") throw new RollBack();
      });
    } catch (error) {
      if (!(error instanceof RollBack)) throw new SubjectError(`the transaction of "${method.name}" failed: ${errorText(error)}`, "let `transact` pass the rejection of its work on, and commit what resolved", { cause: error });
    }
    if (result === undefined) throw new SubjectError(`"transact" did not run its work`, "call `work` with the transaction, and wait for it");
    return result;
  }

  async #run(method: Method, request: unknown, attempt: number, cut: CallOptions["cut"], tx: unknown): Promise<{ answer: Answer; waits: number }> {
    const name = method.tsName ?? method.name;
    const handler = this.#handlers[name];
    if (typeof handler !== "function") throw new SubjectError(`${this.#service.name} has no handler "${name}"`, "give a handler for each method of the service");
    const controller = new AbortController();
    const ctx = handlerContext({ attempt, signal: controller.signal, tx, onChild: (child) => this.#onChild(method, child) });
    const copied = structuredClone(request);
    const input = method.parameters.kind === "stream" ? streamOf(copied as readonly unknown[]) : copied;
    const reached = () => {
      const interruption = new Interruption();
      controller.abort(interruption);
      return cut?.by === "throw" ? interruption : undefined;
    };
    const run = (): unknown => Reflect.apply(handler, this.#handlers, [input, ctx]);
    const { ended, waits } = await interruptible({ at: cut?.at ?? Infinity, reached }, LONGEST_CALL, run);
    if (ended === undefined) {
      if (cut === undefined) this.#endless.add(method);
      return { answer: { kind: "no end" }, waits };
    }
    try {
      if (ended.status === "rejected") throw ended.reason;
      const value = method.result?.stream === true ? await elementsOf(ended.value as AsyncIterable<unknown>) : ended.value;
      return { answer: { kind: "reply", value: copyOf(value, `the answer of "${method.name}"`) }, waits };
    } catch (error) {
      if (error instanceof SubjectError) throw error;
      return { answer: { kind: "error", error: errorFields(error) }, waits };
    }
  }
}

function copyOf(value: unknown, what: string): unknown {
  try {
    return structuredClone(value);
  } catch (error) {
    throw new SubjectError(`${what} cannot be copied: ${errorText(error)}`, "give plain data: objects, arrays, maps, sets and the like", { cause: error });
  }
}

async function* streamOf(elements: readonly unknown[]): AsyncIterable<unknown> {
  yield* elements;
}

/** The first elements; a stream that waits for something to happen is left as a reader would leave it. */
async function elementsOf(stream: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const iterator = stream[Symbol.asyncIterator]();
  const elements: unknown[] = [];
  while (elements.length < MOST_ELEMENTS) {
    let timer: NodeJS.Timeout | undefined;
    const quiet = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), QUIET_AFTER)));
    const next = await Promise.race([iterator.next(), quiet]).finally(() => clearTimeout(timer));
    if (next === undefined || next.done === true) break;
    elements.push(next.value);
  }
  // A generator that still waits returns when its wait is over; nobody waits for that.
  void Promise.resolve(iterator.return?.()).catch(() => undefined);
  return elements;
}

/** What a caller would see of an error. The message of an undeclared one never reaches the caller. */
function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: "Error" };
  const { errorName, code } = error as { errorName?: unknown; code?: unknown };
  if (typeof errorName !== "string") return { name: error.name, ...(typeof code === "string" && { code }) };
  const { executed: _, attempts: __, callId: ___, instance: ____, retryAfterMs: _____, reason: ______, ...fields } = { ...error } as Record<string, unknown>;
  return { ...fields, name: errorName };
}
