/** The room that pages call, wherever it is served. */
import { RoomFull, type Line, type RoomHandlers } from "../../e2e/gen/room.js";

/** @param stopped called when the reader of a stream has left. */
export function roomHandlers(stopped: () => void): RoomHandlers {
  let number = 0;
  const line = (text: string): Line => ({ text, number: (number += 1), at: new Date(0) });
  return {
    say({ text }, { signal }) {
      if (text === "full") throw new RoomFull({ seats: 7 });
      if (text !== "never") return line(text);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    },
    async *listen({ from }) {
      try {
        for (let n = from; ; n++) yield { text: `line ${n}`, number: n, at: new Date(0) };
      } finally {
        stopped();
      }
    },
    async *chat(lines) {
      for await (const text of lines) yield line(`re: ${text}`);
    },
    async count(lines) {
      let count = 0;
      for await (const _ of lines) count += 1;
      return count;
    },
  };
}
