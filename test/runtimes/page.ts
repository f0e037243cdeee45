/** What tests use that pages lack, of the tests' own needs alone: the runtime itself gets nothing here. */

const waiting: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => waiting.shift()?.();

/** A turn of the event loop, as quick as one of Node's: a timer of a page waits for 4 ms once it is nested. */
function setImmediateByMessage(run: (...args: unknown[]) => void, ...args: unknown[]): void {
  waiting.push(() => run(...args));
  channel.port2.postMessage(undefined);
}

// Not configurable from the types of Node, which know these as given.
Object.assign(globalThis, { setImmediate: setImmediateByMessage });
