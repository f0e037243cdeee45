/** What handlers get beyond the plain context, or less than it, by the promise of their method. */
import type { Caller } from "./call-options.js";
import type { Context } from "./context.js";

/** Of an `@exactlyOnce` method. */
export interface ExactlyOnceContext<Tx = unknown> extends Context {
  /**
   * The store's transaction, in which the record that the call is complete commits too. What is written through it
   * happens exactly once; what the handler does elsewhere may happen again, for it runs again after a conflict or a
   * crash. Of no use after the handler's end.
   */
  readonly tx: Tx;
}

/** Of a `@readonly` method: what a handler without effect calls has none either. */
export interface ReadonlyContext extends Omit<Context, "client"> {
  /**
   * A client for calls that are made for this one, as `Context.client` gives it, with the `@readonly` methods alone:
   * another one does not compile, and a call of it that got past the compiler fails with FAILED_PRECONDITION.
   */
  client<C extends ReadonlyClientClass>(Client: C, channel: Caller): ReadonlyClient<C>;
}

/** A generated client class, which names its `@readonly` methods. */
export interface ReadonlyClientClass {
  new (caller: Caller): object;
  readonly readonlyMethods: readonly string[];
}

/** The client with its `@readonly` methods alone. */
export type ReadonlyClient<C extends ReadonlyClientClass> = Pick<
  InstanceType<C>,
  C["readonlyMethods"][number] & keyof InstanceType<C>
>;
