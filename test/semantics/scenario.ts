/** How a fault is brought about. */
import type { Stage } from "./stage.js";

/** Sets the stage, plays the fault, and returns what the caller saw in the words of the table. */
export type Scenario = (stage: Stage) => Promise<string>;
