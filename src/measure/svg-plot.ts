/** Lines in a box with two axes in powers of ten, as SVG. */

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A second line in the same colour, dashed: what was fitted. */
  readonly fitted?: readonly (readonly [x: number, y: number])[];
}

export interface PlotOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
}

const [WIDTH, HEIGHT] = [860, 460];
const BOX = { left: 70, top: 40, right: 650, bottom: 410 };
const COLORS = ["#c2410c", "#1d4ed8", "#15803d", "#7e22ce", "#0e7490", "#a16207", "#be185d", "#4b5563", "#65a30d", "#0f172a"];

/** Nothing has no place on a scale of powers: it stands a step left of the least. */
export function svgPlot(lines: readonly Line[], { title, x, y }: PlotOptions): string {
  const all = lines.flatMap(({ points }) => points);
  const xs = all.map(([value]) => value).filter((value) => value > 0);
  const least = Math.min(...xs);
  const ofX = scale([least / 4, Math.max(...xs)], [BOX.left, BOX.right]);
  const ofY = scale([Math.min(...all.map(([, value]) => value)), Math.max(...all.map(([, value]) => value))], [BOX.bottom, BOX.top]);
  const place = ([a, b]: readonly [number, number]): string => `${ofX(a > 0 ? a : least / 4).toFixed(1)},${ofY(Math.max(b, 1e-9)).toFixed(1)}`;
  const drawn = lines.map(({ name, points, fitted = [] }, at) => {
    const color = COLORS[at % COLORS.length] ?? "";
    const dots = points.map((point) => place(point).split(",")).map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`);
    const label = `<text x="${BOX.right + 14}" y="${BOX.top + 18 * (at + 1)}" fill="${color}">${escaped(name)}</text>`;
    return `<polyline points="${points.map(place).join(" ")}" fill="none" stroke="${color}" stroke-width="2"/>` +
      `<polyline points="${fitted.map(place).join(" ")}" fill="none" stroke="${color}" stroke-dasharray="3 4"/>${dots.join("")}${label}`;
  });
  const grid = [
    ...powers(Math.min(...all.map(([, value]) => value)), Math.max(...all.map(([, value]) => value))).map((value) => mark(BOX.left, ofY(value), BOX.right, ofY(value), value, "y")),
    ...[...(all.some(([value]) => value === 0) ? [0] : []), ...powers(least, Math.max(...xs))].map((value) => mark(ofX(value > 0 ? value : least / 4), BOX.bottom, ofX(value > 0 ? value : least / 4), BOX.top, value, "x")),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(title)}">` +
    `<text x="${BOX.left}" y="20" font-size="15">${escaped(title)}</text>${grid.join("")}${drawn.join("")}` +
    `<text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escaped(x)}</text>` +
    `<text transform="translate(16 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text></svg>`;
}

function scale([from, to]: readonly [number, number], [start, end]: readonly [number, number]): (value: number) => number {
  const span = Math.log(to / from) || 1;
  return (value) => start + ((end - start) * Math.log(value / from)) / span;
}

function powers(from: number, to: number): number[] {
  const exponents = Array.from({ length: 20 }, (_, n) => n - 6);
  return exponents.map((exponent) => 10 ** exponent).filter((value) => value >= from && value <= to);
}

function mark(x1: number, y1: number, x2: number, y2: number, value: number, axis: "x" | "y"): string {
  const text = value >= 1e6 ? `${value / 1e6}M` : value >= 1e3 ? `${value / 1e3}k` : String(value);
  const label = axis === "y" ? `<text x="${BOX.left - 8}" y="${(y1 + 4).toFixed(1)}" text-anchor="end">${text}</text>` : `<text x="${x1.toFixed(1)}" y="${BOX.bottom + 18}" text-anchor="middle">${text}</text>`;
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#e5e7eb"/>${label}`;
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
