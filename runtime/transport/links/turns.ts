/** When something runs later: Node's own ways where there are any, and what stands in for them in browsers. */

interface Host {
  readonly process?: { readonly nextTick?: (run: () => void) => void };
  readonly setImmediate?: (run: () => void) => unknown;
}

const { process, setImmediate } = globalThis as unknown as Host;

/** After what runs now: on Node after its promises too. */
export const soon: (run: () => void) => void = process?.nextTick ?? ((run) => queueMicrotask(run));

/** After timers, sockets and messages had their turn. */
export const nextTurn: (run: () => void) => void = setImmediate ?? byMessage;

function byMessage(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => {
    port1.close();
    run();
  });
  port1.start();
  port2.postMessage(0);
}
