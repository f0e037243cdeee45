/** A measurement as text: tables, and a chart for terminals. */
import type { Estimate } from "./law.js";
import type { Machine } from "./machine.js";
import type { Measurement, PathReport } from "./measurement.js";

const CHART_WIDTH = 56;

export function textReport({ paths, leftOut }: Measurement, machine: Machine): string {
  const sections = [
    machineLine(machine),
    table(
      ["path", "alpha us", "95 %", "beta ns/B", "95 %", "n-half B", "off the line"],
      paths.map(({ name, law }) => [name, figure(law.alpha.value), range(law.alpha), figure(law.beta.value), range(law.beta), figure(law.nHalf.value), `${Math.round(100 * law.worstMiss)} %`]),
    ),
    ...paths.map(latencyTable),
    table(["calls a second, in flight", ...(paths[0]?.rates ?? []).map(({ inFlight }) => String(inFlight))], paths.map(({ name, rates }) => [name, ...rates.map(({ callsPerSecond }) => figure(callsPerSecond))])),
    chart(paths),
    ...(leftOut.length === 0 ? [] : [`left out\n${leftOut.map(({ name, why }) => `  ${name}: ${why}\n`).join("")}`]),
  ];
  return `${sections.join("\n")}\n`;
}

export function machineLine({ cpu, cores, pinnedTo, load, system, node, at }: Machine): string {
  const pinned = pinnedTo === undefined ? "" : `, CPUs ${pinnedTo}`;
  return `${at}, ${cpu}, ${cores} cores${pinned}, load ${load}, ${system}, Node ${node}\n`;
}

function latencyTable({ name, latencies }: PathReport): string {
  const rows = latencies.map(({ bytes, calls, p50, p99, p999 }) => [size(bytes), String(calls), figure(p50), figure(p99), figure(p999)]);
  return table([`${name}: payload`, "calls", "p50 us", "p99", "p99.9"], rows);
}

/** Medians against payloads, both in powers: a bar a payload and path. */
function chart(paths: readonly PathReport[]): string {
  const all = paths.flatMap(({ latencies }) => latencies.map(({ p50 }) => Math.log(p50)));
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const width = Math.max(...paths.map(({ name }) => name.length));
  const bar = (us: number): string => "#".repeat(1 + Math.round(((CHART_WIDTH - 1) * (Math.log(us) - least)) / Math.max(1e-9, most - least)));
  const group = (bytes: number): string =>
    paths
      .map(({ name, latencies }) => {
        const p50 = latencies.find((each) => each.bytes === bytes)?.p50;
        return p50 === undefined ? "" : `  ${name.padEnd(width)} ${bar(p50)} ${figure(p50)}\n`;
      })
      .join("");
  const sizes = paths[0]?.latencies.map(({ bytes }) => bytes) ?? [];
  return `median time of a call in us, bars in powers\n${sizes.map((bytes) => `${size(bytes)}\n${group(bytes)}`).join("")}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  ")}\n`;
  return [head, ...rows].map(line).join("");
}

function range({ from, to }: Estimate): string {
  return `${figure(from)} - ${figure(to)}`;
}

/** Three digits that count. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "-";
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toPrecision(3)}M`;
  if (Math.abs(value) >= 1e4) return `${(value / 1e3).toPrecision(3)}k`;
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export function size(bytes: number): string {
  if (bytes >= 1 << 20 && bytes % (1 << 20) === 0) return `${bytes >> 20} MiB`;
  return bytes >= 1024 && bytes % 1024 === 0 ? `${bytes >> 10} KiB` : `${bytes} B`;
}
