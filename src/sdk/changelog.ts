/** The CHANGELOG of a package: what the schemas say that changed, above what the older one says. */
import type { Step } from "../breaking/rule.js";
import type { Finding } from "../diagnostics/finding.js";

export interface Release {
  readonly version: string;
  /** Absent for the first version. */
  readonly since?: { readonly version: string; readonly changelog: string | undefined };
  readonly changes: readonly Change[];
}

export interface Change {
  readonly step: Step;
  /** Sentences, in Markdown. */
  readonly text: string;
  /** What explains it: "RPC5001". */
  readonly code?: string;
}

const TITLE = "# Changelog";
const SECTIONS: readonly (readonly [step: Step, title: string])[] = [
  ["major", "Breaking"],
  ["minor", "New"],
  ["patch", "Changed"],
];

export function changelog({ version, since, changes }: Release): string {
  const sections = SECTIONS.flatMap(([step, title]) => {
    const its = changes.filter((change) => change.step === step);
    if (its.length === 0) return [];
    return [`### ${title}`, its.map(({ text, code }) => `- ${text}${code === undefined ? "" : ` (${code})`}`).join("\n")];
  });
  if (sections.length === 0) sections.push(since === undefined ? "The first version." : "Nothing changes for those who use it.");
  const older = since?.changelog === undefined ? [] : [releasesIn(since.changelog)];
  return `${[TITLE, `## ${version}`, ...sections, ...older].filter((part) => part !== "").join("\n\n")}\n`;
}

/** From the first release on: what stands above is a title. */
function releasesIn(text: string): string {
  const at = text.search(/^## /m);
  return at === -1 ? "" : text.slice(at).replaceAll("\r\n", "\n").trimEnd();
}

/** A finding of `breaking` as a change. Its place and its help are for those who have the schemas, and readers of a package use them. */
export function changeOf({ code, message, properties }: Finding): Change {
  const { semver = "patch", affects = [], order } = (properties ?? {}) as { readonly semver?: Step; readonly affects?: readonly string[]; readonly order?: string };
  const hurt = affects.map((each) => (each.endsWith("data") ? each : `${each}s`)).join(", ");
  const sentences = [message, ...(hurt === "" ? [] : [`Affects ${hurt}.`]), ...(order === undefined ? [] : [sentence(order)])];
  return { step: semver, code, text: sentences.join(" ").replaceAll(/"([^"\n`]+)"/g, "`$1`") };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
