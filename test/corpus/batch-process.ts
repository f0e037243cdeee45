/** The process of one batch: takes names from the one that started it, and gives it the verdicts. Its memory ends with it. */
import { runBatch } from "./batch.js";

process.once("message", (names: readonly string[]) => {
  void runBatch(names).then((verdicts) => process.send?.(verdicts, () => process.disconnect()));
});
