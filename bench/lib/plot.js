// Draws results as SVG files beside the raw numbers, without a browser.
import fs from 'node:fs';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

function write(file, options) {
  const { document } = parseHTML('<html><body></body></html>');
  const chart = Plot.plot({ document, style: { background: 'white', fontFamily: 'sans-serif' }, ...options });
  // A plot with a legend is a figure around its <svg>.
  const svg = chart.tagName.toLowerCase() === 'svg' ? chart : chart.querySelector('svg:last-of-type');
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  fs.writeFileSync(file, svg.outerHTML);
}

const ours = (d) => (d.peer.startsWith('rpcgen') ? '#c2410c' : d.peer.startsWith('(') ? '#d4d4d4' : '#64748b');

/** rows: { peer, shape, way: "encode" | "decode", ratio } against JSON of the same run. */
export function codecPlot(file, rows, shapes) {
  write(file, {
    width: 1100, height: 120 + 150 * shapes.length, marginLeft: 150,
    x: { label: 'times JSON in the same run (higher is faster)', grid: true }, y: { label: null },
    fx: { label: null, domain: ['encode', 'decode'] }, fy: { label: null, domain: shapes },
    marks: [
      Plot.barX(rows, { x: 'ratio', y: 'peer', fx: 'way', fy: 'shape', fill: ours, sort: { y: '-x' } }),
      Plot.text(rows, { x: 'ratio', y: 'peer', fx: 'way', fy: 'shape', text: (d) => d.ratio.toFixed(1), textAnchor: 'start', dx: 3, fontSize: 8 }),
      Plot.ruleX([1], { stroke: 'black', strokeDasharray: '2 2' }),
    ],
  });
}

/** rows: { peer, bytes, us }: the median time of a call against its payload. */
export function latencyPlot(file, rows) {
  const last = rows.filter((d) => d.bytes === Math.max(...rows.map((r) => r.bytes)));
  write(file, {
    width: 1000, height: 640, marginRight: 150,
    x: { type: 'symlog', label: 'payload, bytes', grid: true }, y: { type: 'log', label: 'median time of a call, microseconds (lower is faster)', grid: true },
    marks: [
      Plot.line(rows, { x: 'bytes', y: 'us', z: 'peer', stroke: ours }),
      Plot.text(last, { x: 'bytes', y: 'us', text: 'peer', textAnchor: 'start', dx: 5, fontSize: 9 }),
    ],
  });
}

/** rows: { peer, seconds }. */
export function wallPlot(file, rows) {
  write(file, {
    width: 800, height: 60 + 24 * rows.length, marginLeft: 220,
    x: { type: 'log', label: 'wall time, seconds (lower is faster)', grid: true }, y: { label: null },
    marks: [Plot.dot(rows, { x: 'seconds', y: 'peer', fill: ours, r: 5, sort: { y: 'x' } }), Plot.text(rows, { x: 'seconds', y: 'peer', text: (d) => d.seconds.toFixed(2), dx: 10, textAnchor: 'start' })],
  });
}

/** rows: { policy, load, second, share }: how many of the calls that began then succeeded, in percent; the trigger begins at 0. */
export function overloadPlot(file, rows, triggerSeconds) {
  const loads = [...new Set(rows.map((d) => d.load))], policies = [...new Set(rows.map((d) => d.policy))];
  write(file, {
    width: 1000, height: 80 + 120 * policies.length, marginLeft: 60, marginRight: 170,
    x: { label: 'seconds since the service became slow', grid: true }, y: { label: 'calls that succeed, %', domain: [0, 100], grid: true, ticks: 3 },
    fx: { label: null, domain: loads }, fy: { label: null, domain: policies },
    marks: [
      Plot.rectX([{}], { x1: 0, x2: triggerSeconds, fill: '#fde68a', fillOpacity: 0.5 }),
      Plot.line(rows, { x: 'second', y: 'share', fx: 'load', fy: 'policy', z: 'policy', stroke: (d) => ours({ peer: d.policy }), strokeWidth: 1.5 }),
      Plot.frame({ stroke: '#d4d4d4' }),
    ],
  });
}
