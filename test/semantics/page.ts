/** `docs/semantics.md`, written from the table of promises. */
import { boundsOf, faultRows, SEMANTICS, type Cell, type FaultRow } from "../../src/semantics/promises.js";

const INTRODUCTION = `# What calls promise

Every method has one of five promises, written before it in the \`.idl\` file. This page says what a caller sees under each of them, for
everything that can go wrong between two processes. It is written from \`src/semantics/promises.json\`, and each of its cells is a test that runs
over every transport (\`npx vitest run test/semantics\`); \`rpcgen explain @atMostOnce\` prints a column of it.

| promise | in a sentence |
|---|---|
| \`@readonly\` | No effect that anyone can observe. May be tried again, hedged and sent to another server. |
| \`@idempotent\` | Several runs, one cut short included, have the effect of one. May be tried again and sent to another server. |
| \`@atMostOnce\` | Runs once or not at all. Lost replies are replayed while the server process lives; then the outcome is unknown. |
| \`@exactlyOnce\` | OK means that the effect was committed exactly once, across crashes, restarts and failover. |
| \`@failStop\` | In order and once, or the whole session ends on both sides. |

A failed call says three things: its \`code\` (what kind of failure), where it applies its \`reason\`, and \`executed\`: whether the handler ran,
\`"no"\`, \`"yes"\` or \`"unknown"\`, over all attempts. A call that was not executed can be made again without a thought. An unknown outcome is never
retried by the runtime, and never has a code that proxies and libraries retry.
`;

const LIMITS = `## What nobody can promise

- To know the outcome when the reply is lost and the server with it: two parties cannot agree over a line that may break. The answer is OUTCOME_UNKNOWN.
- To run an effect exactly once that is outside the store's transaction (mail, another company's API). What can be promised is that it is not begun twice
  (\`@atMostOnce\`), or that it is repeated until it is acknowledged (an outbox beside \`@exactlyOnce\`).
- That a call whose outcome is unknown stays undone: it may still happen, until \`settle()\` has answered or the server is gone.
- To recognise a caller that died and came back, unless the application wrote its key down before the call.
- To remember for ever: what is older than the retention is refused as STALE, and not run.
- To tell a slow server from a dead one. A session that is given up by mistake is made to end on the other side too.
- One effect in two stores.
- Anything about a power failure, unless the store waits for the disk.
`;

const PROOF = `## How it is proven

| what | command | how much |
|---|---|---|
| each cell of this page, over every transport; those of \`@exactlyOnce\` with each store that ships as well | \`npx vitest run --config test/vitest.config.ts test/semantics\` | in \`npm test\` |
| the modules that ship, in simulated worlds: clock, chance, network and store are given by a seed, which replays a run exactly | \`npm run chaos\` | 2,000 worlds in \`npm test\` |
| kill -9 of real servers at eight named points of a call, under every promise; bad lines over real sockets | \`npm run chaos\` | 40 kills in \`npm test\` |
| a client process and a server, a process or a thread, over every path that leads to one, both stopped, the server killed, the line cut, frozen and slowed down at random | \`npm run chaos\` | 13 storms in \`npm test\` |
| kill -9 in each of three real services of a chain, at each of the points | \`npx vitest run --config test/vitest.config.ts test/chaos/chain.test.ts\` | 24 kills in \`npm test\` |
| PostgreSQL that fails over to its synchronous standby under load, two real servers | \`npx vitest run --config test/vitest.config.ts test/store/postgres-failover.test.ts\` | in \`npm test\` |
| kill -9 of a process that writes its store, or delivers its outbox | \`STORE_KILLS=60 npx vitest run --config test/vitest.config.ts test/store/kill.test.ts test/store/outbox-kill.test.ts\` | a few in \`npm test\` |
| that all of it bites: bugs such as others have shipped, planted in the runtime while it is loaded, are each caught | \`npm run test:planted\` | 21 of 21, most within 100 worlds |

\`npm run chaos -- --seconds 3600 --cores 2\` goes on for an hour on two cores. It ends with the seeds, their rate, the kills and the violations; what fails is kept with its seed and commit in \`.chaos/\`. On 2026-11-26 at commit cf989d7 it printed 503,764 seeds (84 a second and core) with
16,759,824 calls, 189,893,035 events and 1,008,937 simulated crashes, 1,000 kills and 50 bad lines, and no violation.
\`npx tsx test/simulation/main.ts --replay SEED\` tells what happened in one world, event by event.
`;

/** In the overview: what the caller sees, as short as it goes. */
function brief({ notApplicable, sees, effects, sent }: Cell): string {
  if (notApplicable) return "—";
  const seen = sees.map((outcome) => {
    const [code = "", ...rest] = outcome.split(" ");
    const [reason, executed] = rest.length > 1 ? rest : [undefined, rest[0]];
    return code === "OK" ? "OK" : `${reason ?? (code === "DECLARED" ? "its error" : code)} (${executed ?? ""})`;
  });
  const again = sent !== undefined && boundsOf(sent).least > 1 ? ", tried again" : "";
  const runs = effects !== undefined && boundsOf(effects).least > 1 ? ", runs twice" : "";
  return `${[...new Set(seen)].join(" or ")}${runs === "" ? again : runs}`;
}

function anchor(row: FaultRow): string {
  return `[${row.fault}](#${row.fault})`;
}

function overview(): string {
  const head = `| fault | ${SEMANTICS.map((name) => `\`@${name}\``).join(" | ")} |\n|---|${"---|".repeat(SEMANTICS.length)}\n`;
  return head + faultRows.map((row) => `| ${anchor(row)} | ${row.cells.map(brief).join(" | ")} |\n`).join("");
}

function effectText({ notApplicable, effects }: Cell): string {
  if (notApplicable || effects === undefined) return "";
  const { least, most } = boundsOf(effects);
  if (least === most) return `, effects: ${least}`;
  return most === Infinity ? `, effects: ${least} or more` : `, effects: ${least} or ${most}`;
}

/** Promises that share a cell share a line. */
function details(row: FaultRow): string {
  const lines = new Map<string, string[]>();
  for (const cell of row.cells) {
    const sees = cell.sees.map((outcome) => `\`${outcome}\``).join(" or ");
    const line = `${sees}${effectText(cell)}. ${cell.notApplicable ? "Cannot happen. " : ""}${cell.says}`;
    lines.set(line, [...(lines.get(line) ?? []), `\`@${cell.semantics}\``]);
  }
  const list = [...lines].map(([line, names]) => `- ${names.join(", ")}: ${line}\n`).join("");
  return `### ${row.fault}\n\n${row.says}\n\n${list}`;
}

export function semanticsPage(): string {
  return [
    INTRODUCTION,
    `## At a glance\n\n${overview()}`,
    LIMITS,
    PROOF,
    `## Fault by fault\n\n${faultRows.map(details).join("\n")}`,
  ].join("\n");
}
