/** What a user gives to be tested: handlers, and a way to see and to renew the state behind them. */
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import type { Service } from "../ir/schema.js";
import { SubjectError } from "./subject-error.js";

/** One service's handlers and the state behind them. */
export interface Subject<Tx = unknown> {
  /** By method name. May be left out where `reset` returns them. */
  readonly handlers?: object;
  /** Brings the state back to its beginning, the same each time. May return handlers made anew. */
  reset(): unknown;
  /** The state, of whatever kind `structuredClone` copies. Two snapshots are compared by what they hold. */
  snapshot(): unknown;
  /**
   * For `@exactlyOnce` methods: runs `work` in a transaction, which commits when it resolves and rolls back when it
   * rejects, passing the rejection on. `tx` is what handlers know as `ctx.tx`.
   */
  transact?<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Requests by method name that are tried beside those that are drawn; of request streams, lists of elements. */
  readonly examples?: Readonly<Record<string, readonly unknown[]>>;
}

const SHAPE = "export `reset`, `snapshot` and `handlers`, or one object with these for each service under the service's name";

/** The subjects of a module, by the full name of the service. `what` is the module in a message. */
export function subjectsOf(module: unknown, services: readonly Service[], what: string): ReadonlyMap<string, Subject> {
  const exports = isObject(module) ? module : {};
  // Either may hold the subjects; an object is taken as it is, for it may be an instance of a class.
  const holders = [exports, exports["default"]].filter(isObject);
  const found = new Map<string, Subject>();
  for (const service of services) {
    const keys = [service.tsName ?? service.name, service.fullName];
    const given = holders.flatMap((holder) => keys.map((key) => holder[key])).find((each) => each !== undefined);
    if (given !== undefined) found.set(service.fullName, checked(given, `${what}, ${service.name}`, service));
  }
  if (found.size > 0) return found;
  const [only] = services;
  const alone = holders.find((holder) => ["handlers", "reset", "snapshot"].some((key) => key in holder));
  if (only !== undefined && services.length === 1 && alone !== undefined) return new Map([[only.fullName, checked(alone, what, only)]]);
  const names = services.map(({ name }) => `"${name}"`).join(", ");
  throw new SubjectError(
    alone !== undefined ? `${what} does not say which of the services ${names} its handlers are of` : `${what} exports nothing to test for ${names || "a service"}`,
    services.length === 0 ? "name a file that declares a service" : SHAPE,
  );
}

function checked(given: unknown, what: string, service: Service): Subject {
  if (!isObject(given)) throw new SubjectError(`${what} is not an object`, SHAPE);
  for (const name of ["reset", "snapshot"]) {
    if (typeof given[name] !== "function") throw new SubjectError(`${what} has no function "${name}"`, SHAPE);
  }
  const transactional = service.methods.find(({ semantics }) => semantics === "exactlyOnce");
  if (transactional !== undefined && typeof given["transact"] !== "function") {
    throw new SubjectError(
      `${what} has no function "transact", which the @exactlyOnce method "${transactional.name}" needs`,
      "export `transact(work)`: it gives `work` a transaction of your store, commits when it resolves and rolls back when it rejects",
    );
  }
  checkExamples(given["examples"], what, service);
  return given as unknown as Subject;
}

/** A method that is mistyped would have no examples, and nobody would know. */
function checkExamples(examples: unknown, what: string, { methods }: Service): void {
  if (examples === undefined) return;
  const names = methods.map(({ tsName, name }) => tsName ?? name);
  const shape = "give lists of requests by the names of methods: `{ get: [{ id: \"a\" }] }`";
  if (!isObject(examples)) throw new SubjectError(`${what}: \`examples\` is not an object`, shape);
  for (const [name, requests] of Object.entries(examples)) {
    if (!names.includes(name)) throw new SubjectError(`${what}: there are examples for "${name}", which is no method`, didYouMean(closest(name, names)) ?? shape);
    if (!Array.isArray(requests)) throw new SubjectError(`${what}: the examples for "${name}" are not a list`, shape);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
