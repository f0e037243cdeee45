// 150 outlines of a map: short lists of numbers, a box, a float of 32 bits.
import { rng } from '../../lib/rand.js';

const box = (r, b) => r.make('Box', { west: b.west, south: b.south, east: b.east, north: b.north });

export default {
  root: 'Geo',
  data() {
    const r = rng(25);
    const degrees = () => (r.next() - 0.5) * 180;
    return {
      features: Array.from({ length: 150 }, (_, id) => ({
        id: id + 1, elevation: Math.fround(r.next() * 4000), box: { west: degrees(), south: degrees(), east: degrees(), north: degrees() },
        ring: Array.from({ length: 2 * r.int(4, 20) }, degrees),
      })),
    };
  },
  to: (v, r) => r.make('Geo', { features: v.features.map((f) => r.make('Feature', { id: f.id, elevation: f.elevation, box: box(r, f.box), ring: r.f64s(f.ring) })) }),
  from: (n) => ({
    features: n.features.map((f) => ({ id: f.id, elevation: f.elevation, box: { west: f.box.west, south: f.box.south, east: f.box.east, north: f.box.north }, ring: [...f.ring] })),
  }),
};
