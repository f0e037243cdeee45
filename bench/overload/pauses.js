// How long this process stood still at most: a machine that others use, or stop, is not what is measured.
const EVERY_MS = 10;

/** Gives what tells the longest pause since the watch began, in milliseconds. */
export function watchPauses() {
  let last = performance.now(), longest = 0;
  setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - EVERY_MS);
    last = now;
  }, EVERY_MS).unref();
  return () => Math.max(longest, performance.now() - last - EVERY_MS);
}
