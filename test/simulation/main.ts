/**
 * The simulation as a program: `--from N --count N [--seconds N] [--until-failure]` runs many seeds and prints a line of JSON for each that
 * fails and one for the sum; `--replay N` tells everything that happens in one.
 */
import { parseArgs } from "node:util";
import { runAlone, runSeeds } from "./many-seeds.js";
import { describeOptions, optionsOf } from "./sim-options.js";

// Nobody reads the stacks of a million errors.
Error.stackTraceLimit = process.argv.includes("--replay") ? 10 : 0;

const { values } = parseArgs({
  options: {
    from: { type: "string", default: "1" },
    count: { type: "string", default: "100" },
    seconds: { type: "string" },
    "until-failure": { type: "boolean", default: false },
    replay: { type: "string" },
  },
});

if (values.replay !== undefined) {
  const seed = Number(values.replay);
  const { events, violations } = await runAlone(seed, true);
  console.log(`${describeOptions(optionsOf(seed))}\n${events.join("\n")}`);
  for (const { invariant, what } of violations) console.log(`${invariant}: ${what}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} else {
  const { failed, ...totals } = await runSeeds({
    from: Number(values.from),
    count: Number(values.count),
    ...(values.seconds !== undefined && { seconds: Number(values.seconds) }),
    untilFailure: values["until-failure"],
    onFailure: ({ seed, violations }) => console.log(JSON.stringify({ seed, violations })),
  });
  console.log(JSON.stringify({ ...totals, failed: failed.length }));
  process.exitCode = failed.length === 0 ? 0 : 1;
}
