// How each peer's generator is called for the synthetic schema, and what a program takes from what it wrote.
//   lang       language of compile/synth.js
//   most       largest number of messages that the generator manages in reasonable time and memory
//   command    (folder of the schema, file of the schema without its ending, folder to write to) -> shell command
//   bench      the code generated from bench.*, below gen/codec
//   synth      the code generated from the synthetic schema, below the folder written to
//   uses       what of the runtime a program calls itself, beside what the generated code imports
//   one        names that a program takes which needs one message, called `Small`
import path from 'node:path';

const root = new URL('..', import.meta.url).pathname, bin = path.join(root, 'node_modules/.bin');
const pbjs = (options) => (dir, name, out) => `${bin}/pbjs -t static-module -w esm ${options} -o ${out}/${name}.js ${dir}/${name}.proto`;
const tsProto = (options) => (dir, name, out) => `protoc -I ${dir} --plugin=${bin}/protoc-gen-ts_proto --ts_proto_out=${out} --ts_proto_opt=esModuleInterop=true${options} ${name}.proto`;
const CODECS_ONLY = ',outputJsonMethods=false,outputPartialMethods=false,useExactTypes=false,oneof=unions-value';

export const GENERATORS = [
  {
    name: 'rpcgen', lang: 'idl', command: (dir, name, out) => `node ${root}/../src/cli/bin.mjs generate ${dir}/${name}.idl --root ${dir} --out ${out}`,
    bench: 'rpcgen/bench.ts', synth: 'synth.ts', one: ['SmallCodec'],
  },
  { name: 'protobufjs, as pbjs comes', lang: 'proto', command: pbjs(''), bench: 'pbjs/bench.js', synth: 'synth.js', one: ['bench'] },
  {
    name: 'protobufjs, encode and decode only', lang: 'proto', command: pbjs('--no-create --no-verify --no-convert --no-delimited --no-service'),
    synth: 'synth.js', one: ['bench'],
  },
  {
    name: 'protobuf-es', lang: 'proto', command: (dir, name, out) => `protoc -I ${dir} --plugin=${bin}/protoc-gen-es --es_out=${out} --es_opt=target=js ${name}.proto`,
    bench: 'es/bench_pb.js', synth: 'synth_pb.js', uses: `export { create, fromBinary, toBinary } from '@bufbuild/protobuf';`, one: ['SmallSchema'],
  },
  { name: 'ts-proto, as it comes', lang: 'proto', most: 300, command: tsProto(''), synth: 'synth.ts', one: ['Small'] },
  { name: 'ts-proto, encode and decode only', lang: 'proto', most: 300, command: tsProto(CODECS_ONLY), bench: 'tsproto/bench.ts', synth: 'synth.ts', one: ['Small'] },
  {
    name: 'pbf', lang: 'proto', command: (dir, name, out) => `${bin}/pbf ${dir}/${name}.proto > ${out}/${name}.js`,
    bench: 'pbf/bench.js', synth: 'synth.js', uses: `export { PbfReader, PbfWriter } from 'pbf';`, one: ['readSmall', 'writeSmall'],
  },
  { name: 'bebop', lang: 'bop', command: (dir, name, out) => `${bin}/bebopc -i ${dir}/${name}.bop build -g ts:${out}/${name}.ts`, bench: 'bebop/bench.ts', synth: 'synth.ts', one: ['Small'] },
  {
    name: 'flatbuffers, object API', lang: 'fbs', command: (dir, name, out) => `flatc --ts --gen-object-api --gen-all -o ${out} ${dir}/${name}.fbs`,
    bench: 'fbs/bench_generated.ts', synth: 'synth_generated.ts', uses: `export { Builder, ByteBuffer } from 'flatbuffers';`, one: ['Small', 'SmallT'],
  },
  {
    name: 'capnp-es', lang: 'capnp', most: 100, command: (dir, name, out) => `cd ${dir} && capnp compile -o- ${name}.capnp | (cd ${out} && ${bin}/capnpc-js)`,
    bench: 'capnp/codec/schemas/bench.js', synth: 'synth.js', uses: `export { Message } from 'capnp-es';`, one: ['Small'],
  },
];
