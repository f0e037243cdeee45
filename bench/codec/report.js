// The tables of the codec comparison. Cells are { peer, size, aliased, enc: [], dec: [], lazy: [] }, rates in calls per second.
import { geomean, median, si, spread, table } from '../lib/stats.js';

/** Ours, by adapter. */
export const OURS = ['rpcgen', 'rpcgen-mixed', 'rpcgen-structs'];
/** Marks that nobody has to beat: the baseline and its control, what is written by hand, and v8.serialize, which is no wire format. */
const NOT_PEERS = new Set(['json', 'json-again', 'floor', 'floor-pooled', 'v8', ...OURS]);

const times = (cell, base, way) => (cell && base ? (median(cell[way]) / median(base[way])).toFixed(2) : '-');
const bytes = (cell) => (cell ? `${cell.size}${cell.aliased ? ' *' : ''}` : '-');

/** One shape, everything that is known of it. `at(file)` gives a cell. */
export function shapeTable(files, at) {
  const base = at('json');
  const rows = files.map(at).filter(Boolean).map((c) => [
    c.peer, bytes(c), si(median(c.enc)), times(c, base, 'enc'), si(median(c.dec)), times(c, base, 'dec'), c.lazy.length ? si(median(c.lazy)) : '',
    `${(100 * Math.max(spread(c.enc), spread(c.dec))).toFixed(0)}%`,
  ]);
  return rows.length && table(['peer', 'bytes', 'enc/s', 'x JSON', 'dec/s', 'x JSON', 'lazy/s', 'spread'], rows);
}

/** All shapes beside each other: encode / decode times JSON. `at(file, shape)` gives a cell. */
export function matrix(files, shapes, at) {
  const rows = files.map((f) => [shapes.map((s) => at(f, s)).find(Boolean)?.peer,
    ...shapes.map((s) => (at(f, s) ? `${times(at(f, s), at('json', s), 'enc')} / ${times(at(f, s), at('json', s), 'dec')}` : '-'))]).filter(([peer]) => peer);
  return table(['times JSON, encode / decode', ...shapes], rows);
}

export function sizes(files, shapes, at) {
  const rows = files.map((f) => [shapes.map((s) => at(f, s)).find(Boolean)?.peer, ...shapes.map((s) => bytes(at(f, s)))]).filter(([peer]) => peer);
  return table(['bytes', ...shapes], rows);
}

/** One adapter of ours over the best peer of each shape and direction: { shape, us, enc, encPeer, dec, decPeer }. */
export function overPeers(mine, files, shapes, at) {
  return shapes.flatMap((shape) => {
    const us = at(mine, shape), peers = files.filter((f) => !NOT_PEERS.has(f)).map((f) => at(f, shape)).filter(Boolean);
    if (!us || !peers.length) return [];
    const best = (way) => peers.map((c) => [c.peer, median(c[way])]).sort((a, b) => b[1] - a[1])[0];
    const [encPeer, enc] = best('enc'), [decPeer, dec] = best('dec');
    return [{ shape, us, enc: median(us.enc) / enc, encPeer, dec: median(us.dec) / dec, decPeer }];
  });
}

/** The figures that matter, as a table. */
export function overBest(mine, files, shapes, at) {
  const found = overPeers(mine, files, shapes, at);
  const rows = found.map((f) => {
    const protobuf = at('protobufjs', f.shape);
    return [f.shape, f.us.size, protobuf ? (f.us.size / protobuf.size).toFixed(2) : '-', f.enc.toFixed(2), f.encPeer, f.dec.toFixed(2), f.decPeer];
  });
  return rows.length && { mean: geomean(found.flatMap((f) => [f.enc, f.dec])), text: table(['shape', 'bytes', 'x protobuf', 'encode x', 'beside', 'decode x', 'beside'], rows) };
}
