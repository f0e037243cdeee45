export const sorted = (xs) => Float64Array.from(xs).sort();
export function quantile(xs, q) {
  const s = sorted(xs);
  if (!s.length) return NaN;
  const at = (s.length - 1) * q;
  const lo = Math.floor(at);
  return lo + 1 < s.length ? s[lo] + (s[lo + 1] - s[lo]) * (at - lo) : s[lo];
}
export const geomean = (xs) => Math.exp(xs.reduce((s, x) => s + Math.log(x), 0) / xs.length);
export const median = (xs) => quantile(xs, 0.5);
/** Half the interquartile range over the median: the spread reported as noise. */
export const spread = (xs) => (quantile(xs, 0.75) - quantile(xs, 0.25)) / 2 / median(xs);
/** Least squares for T(n) = alpha + beta n, each point weighted by 1/T^2 (relative error). */
export function fitLine(points) {
  let sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (const [x, y] of points) {
    const w = 1 / (y * y);
    sw += w; sx += w * x; sy += w * y; sxx += w * x * x; sxy += w * x * y;
  }
  const beta = (sw * sxy - sx * sy) / (sw * sxx - sx * sx);
  return { alpha: (sy - beta * sx) / sw, beta };
}
export const si = (v) =>
  !Number.isFinite(v) ? '-' :
  v >= 1e6 ? (v / 1e6).toFixed(2) + 'M' : v >= 1e4 ? (v / 1e3).toFixed(0) + 'k' : v >= 1e3 ? (v / 1e3).toFixed(2) + 'k' : v.toFixed(v >= 100 ? 0 : 1);
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i ? '---:' : '---'))), ...rows.map(line)].join('\n');
}
