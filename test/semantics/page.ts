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
    `## Fault by fault\n\n${faultRows.map(details).join("\n")}`,
  ].join("\n");
}
