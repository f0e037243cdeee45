/**
 * Counts the points at which an asynchronous function waits, and breaks it off at one of them: what a crash, a lost
 * connection or a deadline does to a handler, without its help. Only what runs within `interruptible` is seen.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** Thrown at the point of waiting; the handler's `finally` blocks run, as they would not in a crash. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  constructor() {
    super("rpcgen verify broke the handler off here");
  }
}

export interface Cut {
  /** The point of waiting, from 1; Infinity for none. */
  readonly at: number;
  /** Called when the point is reached; what it returns is thrown there, undefined goes on. */
  readonly reached: () => Error | undefined;
}

interface Watched extends Cut {
  waits: number;
}

const watched = new AsyncLocalStorage<Watched>();
/** What a promise of a watched function calls its constructor: none that `await` knows, so that it asks `then`. */
const FOREIGN = {};
let users = 0;
const { then } = Promise.prototype;

export interface Interrupted<T> {
  /** Undefined where it did not end within the limit. */
  readonly ended: PromiseSettledResult<T> | undefined;
  /** How many points of waiting were reached. */
  readonly waits: number;
}

/** Runs `work`, cut off as `cut` says, and waits `limitMs` milliseconds for its end. */
export async function interruptible<T>(cut: Cut, limitMs: number, work: () => T | Promise<T>): Promise<Interrupted<T>> {
  const state: Watched = { ...cut, waits: 0 };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly []>((resolve) => (timer = setTimeout(() => resolve([]), limitMs)));
  install();
  try {
    // Only the work itself is watched: to wait for its end is no wait of its own.
    const [ended] = await Promise.race([Promise.allSettled([started(() => watched.run(state, work))]), late]);
    return { ended, waits: state.waits };
  } finally {
    clearTimeout(timer);
    uninstall();
  }
}

function started<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

/**
 * `await` asks a promise for its `then` only if its constructor is not the engine's own, so both are replaced as long
 * as somebody is watched. A promise outside of a watched function shows itself as it is.
 */
function install(): void {
  if (++users > 1) return;
  define("constructor", { get: () => (watched.getStore() === undefined ? Promise : FOREIGN) });
  const intercepted = function intercepted<T, A, B>(
    this: Promise<T>,
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const state = watched.getStore();
    const thrown = state !== undefined && ++state.waits === state.at ? state.reached() : undefined;
    if (thrown === undefined) return then.call(this, fulfilled as never, rejected) as Promise<A | B>;
    // Nobody waits for this promise any more, which is our doing and not the handler's.
    void then.call(this, undefined, () => undefined);
    return then.call(Promise.reject(thrown), fulfilled as never, rejected) as Promise<A | B>;
  };
  define("then", { writable: true, value: intercepted });
}

function define(name: "constructor" | "then", property: PropertyDescriptor): void {
  Object.defineProperty(Promise.prototype, name, { configurable: true, enumerable: false, ...property });
}

function uninstall(): void {
  if (--users > 0) return;
  define("constructor", { writable: true, value: Promise });
  define("then", { writable: true, value: then });
}
