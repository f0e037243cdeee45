/** A measurement as one HTML file that needs no other. */
import type { Estimate } from "./law.js";
import type { Machine } from "./machine.js";
import type { Measurement, PathReport } from "./measurement.js";
import { escaped, svgPlot } from "./svg-plot.js";
import { figure, machineLine, size } from "./text-report.js";

const STYLE = `body{font:15px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .8rem;text-align:right;border-bottom:1px solid #ddd}td:first-child,th:first-child{text-align:left}svg{max-width:100%}`;

export function htmlReport({ paths, leftOut }: Measurement, machine: Machine): string {
  const latencies = paths.map(({ name, latencies: list, law }) => ({
    name,
    points: list.map(({ bytes, p50 }) => [bytes, p50] as const),
    fitted: list.map(({ bytes }) => [bytes, law.alpha.value + (law.beta.value * bytes) / 1_000] as const),
  }));
  const tails = paths.map(({ name, latencies: list }) => ({ name, points: list.map(({ bytes, p99 }) => [bytes, p99] as const) }));
  const rates = paths.map(({ name, rates: list }) => ({ name, points: list.map(({ inFlight, callsPerSecond }) => [inFlight, callsPerSecond] as const) }));
  const body = [
    "<h1>What a call costs</h1>",
    `<p>${escaped(machineLine(machine).trim())}</p>`,
    "<p>T(n) = alpha + n beta: alpha is what a call costs whatever it carries, beta what each byte adds, there and back. With n-half bytes half of the time goes into bytes.</p>",
    table(["path", "address", "alpha, us", "95 %", "beta, ns a byte", "95 %", "n-half", "off the line"], paths.map(lawRow)),
    paths.length === 0 ? "" : svgPlot(latencies, { title: "Median time of a call; dashed: the fit", x: "payload, bytes", y: "microseconds" }),
    paths.length === 0 ? "" : svgPlot(tails, { title: "99 of 100 calls are faster", x: "payload, bytes", y: "microseconds" }),
    paths.length === 0 ? "" : svgPlot(rates, { title: "Calls a second", x: "in flight", y: "calls a second" }),
    table(["path", "payload", "calls", "p50, us", "p99", "p99.9"], paths.flatMap(latencyRows)),
    leftOut.length === 0 ? "" : `<h2>Left out</h2><ul>${leftOut.map(({ name, why }) => `<li>${escaped(name)}: ${escaped(why)}</li>`).join("")}</ul>`,
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>What a call costs</title><style>${STYLE}</style></head><body>\n${body.join("\n")}\n</body></html>\n`;
}

function lawRow({ name, address, law: { alpha, beta, nHalf, worstMiss } }: PathReport): string[] {
  return [name, address, figure(alpha.value), range(alpha), figure(beta.value), range(beta), figure(nHalf.value), `${Math.round(100 * worstMiss)} %`];
}

function latencyRows({ name, latencies }: PathReport): string[][] {
  return latencies.map(({ bytes, calls, p50, p99, p999 }) => [name, size(bytes), String(calls), figure(p50), figure(p99), figure(p999)]);
}

function range({ from, to }: Estimate): string {
  return `${figure(from)} to ${figure(to)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: string): string => `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${row(head, "th")}${rows.map((cells) => row(cells, "td")).join("")}</table>`;
}
