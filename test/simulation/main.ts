/**
 * The simulation as a program: `--from N --count N [--seconds N] [--until-failure]` runs many seeds and prints a line of JSON for each that
 * fails and one for the sum; `--replay N` tells everything that happens in one.
 */
import { readLine } from "../script-options.js";
import { runAlone, runSeeds } from "./many-seeds.js";
import { describeOptions, optionsOf } from "./sim-options.js";

// Nobody reads the stacks of a million errors.
Error.stackTraceLimit = process.argv.includes("--replay") ? 10 : 0;

const { values } = readLine({
  command: "npx tsx test/simulation/main.ts",
  what: "Runs simulated worlds; a line of JSON for each that fails, and one for the sum.",
  options: {
    from: { kind: "number", what: "the first seed", default: 1 },
    count: { kind: "number", what: "how many worlds", default: 100 },
    seconds: { kind: "number", what: "ends after so long, if it has not before" },
    "until-failure": { kind: "flag", what: "ends with the first that fails" },
    replay: { kind: "number", what: "tells everything that happens in this one" },
  },
});

if (values.replay !== undefined) {
  const seed = values.replay;
  const { events, violations } = await runAlone(seed, true);
  console.log(`${describeOptions(optionsOf(seed))}\n${events.join("\n")}`);
  for (const { invariant, what } of violations) console.log(`${invariant}: ${what}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} else {
  const { failed, ...totals } = await runSeeds({
    from: values.from,
    count: values.count,
    ...(values.seconds !== undefined && { seconds: values.seconds }),
    untilFailure: values["until-failure"],
    onFailure: ({ seed, violations }) => console.log(JSON.stringify({ seed, violations })),
  });
  console.log(JSON.stringify({ ...totals, failed: failed.length }));
  process.exitCode = failed.length === 0 ? 0 : 1;
}
