// Writes the synthetic schema (1000 messages of 10 fields, 100 services of 10 methods) in each peer's language.
import fs from 'node:fs';
import path from 'node:path';
import { rng } from '../lib/rand.js';

const KINDS = ['string', 'i64', 'i32', 'bool', 'f64', 'bytes', 'strings', 'map', 'ref', 'refs'];
export function schema(messages = 1000, services = messages / 10) {
  const r = rng(11);
  const msgs = Array.from({ length: messages }, (_, m) => ({
    name: `Message${m}`,
    fields: KINDS.map((_, f) => {
      let kind = KINDS[(f + m) % KINDS.length];
      if (m === 0 && kind.startsWith('ref')) kind = 'i32';
      return { name: `field_${f}`, kind, ref: kind.startsWith('ref') ? `Message${r.int(0, m - 1)}` : '' };
    }),
  }));
  const svcs = Array.from({ length: services }, (_, s) => ({
    name: `Service${s}`,
    methods: Array.from({ length: 10 }, (_, k) => ({ name: `method${k}`, in: `Message${r.int(0, messages - 1)}`, out: `Message${r.int(0, messages - 1)}` })),
  }));
  return { msgs, svcs };
}
const up = (s) => s[0].toUpperCase() + s.slice(1);
const each = (xs, f, sep = '\n') => xs.map(f).join(sep);
const T = {
  proto: { string: 'string', i64: 'int64', i32: 'int32', bool: 'bool', f64: 'double', bytes: 'bytes', strings: 'repeated string', map: 'map<string, int32>', ref: '@', refs: 'repeated @' },
  idl: { string: 'string', i64: 'i64', i32: 'i32', bool: 'bool', f64: 'f64', bytes: 'bytes', strings: 'string[]', map: 'map<string, i32>', ref: '@', refs: '@[]' },
  tsp: { string: 'string', i64: 'int64', i32: 'int32', bool: 'boolean', f64: 'float64', bytes: 'bytes', strings: 'string[]', map: 'Record<int32>', ref: '@', refs: '@[]' },
  bop: { string: 'string', i64: 'int64', i32: 'int32', bool: 'bool', f64: 'float64', bytes: 'byte[]', strings: 'string[]', map: 'map[string, int32]', ref: '@', refs: '@[]' },
  thrift: { string: 'string', i64: 'i64', i32: 'i32', bool: 'bool', f64: 'double', bytes: 'binary', strings: 'list<string>', map: 'map<string, i32>', ref: '@', refs: 'list<@>' },
  fbs: { string: 'string', i64: 'long', i32: 'int', bool: 'bool', f64: 'double', bytes: '[ubyte]', strings: '[string]', map: '[Entry]', ref: '@', refs: '[@]' },
  capnp: { string: 'Text', i64: 'Int64', i32: 'Int32', bool: 'Bool', f64: 'Float64', bytes: 'Data', strings: 'List(Text)', map: 'List(Entry)', ref: '@', refs: 'List(@)' },
};
const type = (lang, f) => T[lang][f.kind].replace('@', f.ref);
const camel = (s) => s.replace(/_(\d)/, '$1');
export const LANGS = {
  proto: ({ msgs, svcs }) => `syntax = "proto3";\npackage synth;\n` +
    each(msgs, (m) => `message ${m.name} {\n${each(m.fields, (f, i) => `  ${type('proto', f)} ${f.name} = ${i + 1};`)}\n}`) + '\n' +
    each(svcs, (s) => `service ${s.name} {\n${each(s.methods, (k) => `  rpc ${up(k.name)}(${k.in}) returns (${k.out});`)}\n}`) + '\n',
  idl: ({ msgs, svcs }) => `package synth;\n` +
    each(msgs, (m) => `message ${m.name} {\n${each(m.fields, (f, i) => `  ${f.name}${f.kind === 'ref' ? '?' : ''}: ${type('idl', f)} = ${i + 1};`)}\n}`) + '\n' +
    each(svcs, (s) => `service ${s.name} {\n${each(s.methods, (k) => `  @readonly ${k.name}(request: ${k.in}) -> ${k.out};`)}\n}`) + '\n',
  tsp: ({ msgs, svcs }) => `import "@typespec/json-schema";\nusing JsonSchema;\n@jsonSchema\nnamespace Synth {\n` +
    each(msgs, (m) => `model ${m.name} {\n${each(m.fields, (f) => `  ${f.name}${f.kind === 'ref' ? '?' : ''}: ${type('tsp', f)};`)}\n}`) + '\n' +
    each(svcs, (s) => `interface ${s.name} {\n${each(s.methods, (k) => `  ${k.name}(req: ${k.in}): ${k.out};`)}\n}`) + '\n}\n',
  bop: ({ msgs, svcs }) => each(msgs, (m) => `message ${m.name} {\n${each(m.fields, (f, i) => `  ${i + 1} -> ${type('bop', f)} ${f.name};`)}\n}`) + '\n' +
    each(svcs, (s) => `service ${s.name} {\n${each(s.methods, (k) => `  ${k.name}(${k.in}): ${k.out};`)}\n}`) + '\n',
  thrift: ({ msgs, svcs }) => each(msgs, (m) => `struct ${m.name} {\n${each(m.fields, (f, i) => `  ${i + 1}: optional ${type('thrift', f)} ${f.name}`)}\n}`) + '\n' +
    each(svcs, (s) => `service ${s.name} {\n${each(s.methods, (k) => `  ${k.out} ${k.name}(1: ${k.in} req)`)}\n}`) + '\n',
  fbs: ({ msgs, svcs }) => `namespace synth;\ntable Entry { key: string; value: int; }\n` +
    each(msgs, (m) => `table ${m.name} {\n${each(m.fields, (f) => `  ${f.name}: ${type('fbs', f)};`)}\n}`) + '\n' +
    each(svcs, (s) => `rpc_service ${s.name} {\n${each(s.methods, (k) => `  ${k.name}(${k.in}): ${k.out};`)}\n}`) + '\n',
  capnp: ({ msgs, svcs }) => `@0xa93fc509624c72d9;\nstruct Entry { key @0 :Text; value @1 :Int32; }\n` +
    each(msgs, (m) => `struct ${m.name} {\n${each(m.fields, (f, i) => `  ${camel(f.name)} @${i} :${type('capnp', f)};`)}\n}`) + '\n' +
    each(svcs, (s) => `interface ${s.name} {\n${each(s.methods, (k, i) => `  ${k.name} @${i} (req :${k.in}) -> (res :${k.out});`)}\n}`) + '\n',
};
export function writeAll(dir) {
  const s = schema();
  for (const [lang, f] of Object.entries(LANGS)) {
    fs.mkdirSync(path.join(dir, lang), { recursive: true });
    fs.writeFileSync(path.join(dir, lang, lang === 'tsp' ? 'main.tsp' : `synth.${lang}`), f(s));
  }
}
