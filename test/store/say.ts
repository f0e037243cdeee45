/** Standard output of a process that will be killed: at once, and not through a stream, for what was said before the kill must be heard. */
import { writeSync } from "node:fs";

const waiting = new Int32Array(new SharedArrayBuffer(4));

export function say(line: string): void {
  let rest = Buffer.from(`${line}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      // The reader is behind, and the pipe full.
      Atomics.wait(waiting, 0, 0, 1);
    }
  }
}
