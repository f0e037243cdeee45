// 100 events of a tracer: time, enum, bytes, a map, and a map of messages that hold maps.
import { rng } from '../../lib/rand.js';
import { ASCII, TS } from './alphabets.js';

const KEYS = ['host', 'region', 'version', 'tenant', 'route', 'shard', 'pod', 'user'];
const SCOPES = ['db', 'cache', 'http', 'queue'];
const each = (o, f) => Object.fromEntries(Object.entries(o).map(([k, v]) => [k, f(v)]));

export default {
  root: 'Log',
  data() {
    const r = rng(21);
    const tags = (n) => { const o = {}; for (let i = 0; i < n; i++) o[r.pick(KEYS)] = r.text(r.int(3, 16), ASCII); return o; };
    const bytes = (n) => Uint8Array.from({ length: n }, () => r.int(0, 255));
    let at = TS;
    const event = () => {
      const scopes = {};
      for (let i = r.int(0, 3); i > 0; i--) scopes[r.pick(SCOPES)] = { calls: r.int(1, 300), ms: r.next() * 50, tags: tags(r.int(0, 2)) };
      return { at: (at += r.int(1, 5000)), level: r.int(0, 4), source: r.text(r.int(6, 20), ASCII), text: r.text(r.int(20, 90), ASCII), trace: bytes(16), body: bytes(r.int(0, 200)), labels: tags(r.int(1, 5)), scopes };
    };
    return { events: Array.from({ length: 100 }, event) };
  },
  to: (v, r) => r.make('Log', {
    events: v.events.map((e) => r.make('Event', {
      at: r.i64(e.at), level: e.level, source: e.source, text: e.text, trace: r.bytes(e.trace), body: r.bytes(e.body), labels: r.map(e.labels),
      scopes: r.map(each(e.scopes, (s) => r.make('Scope', { calls: s.calls, ms: s.ms, tags: r.map(s.tags) }))),
    })),
  }),
  from: (n, r) => ({
    events: n.events.map((e) => ({
      at: r.num(e.at), level: e.level, source: e.source, text: e.text, trace: r.unbytes(e.trace), body: r.unbytes(e.body), labels: r.unmap(e.labels),
      scopes: each(r.unmap(e.scopes), (s) => ({ calls: s.calls, ms: s.ms, tags: r.unmap(s.tags) })),
    })),
  }),
};
