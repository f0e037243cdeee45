#!/usr/bin/env bash
# Generates every codec's and call stack's code, ours and the peers', each by its own generator, into gen/. Tools: see README.md.
set -uo pipefail
cd "$(dirname "$0")"
bin=node_modules/.bin; s=codec/schemas; out=gen/codec
rm -rf gen && mkdir -p $out/{pbjs,es,tsproto,tsproto_big,pbf,bebop,fbs,capnp} gen/rpc/{thrift,es}
failed=0
say() { if [ "$2" = 0 ]; then printf '%-18s ok\n' "$1"; else printf '%-18s FAILED\n' "$1"; failed=1; fi; }
need() { command -v "$1" >/dev/null || { echo "missing tool: $1 (apt-get install $2)"; failed=1; }; }
need protoc protobuf-compiler; need flatc flatbuffers-compiler; need capnp capnproto; need thrift thrift-compiler

protos="$s/bench.proto $s/unseen.proto"
for p in bench unseen; do $bin/pbjs -t static-module -w esm -o $out/pbjs/$p.js $s/$p.proto 2>/dev/null; say protobufjs/$p $?; done
protoc -I $s --plugin=$bin/protoc-gen-es --es_out=$out/es --es_opt=target=js+dts $protos; say protobuf-es $?
tsp="--plugin=$bin/protoc-gen-ts_proto -I $s"
opts=esModuleInterop=true,importSuffix=.js,outputJsonMethods=false,outputPartialMethods=false,useExactTypes=false,oneof=unions-value
protoc $tsp --ts_proto_out=$out/tsproto --ts_proto_opt=$opts $protos; say ts-proto $?
protoc $tsp --ts_proto_out=$out/tsproto_big --ts_proto_opt=$opts,forceLong=bigint $protos; say ts-proto/big $?
$bin/pbf $s/bench.proto > $out/pbf/bench.js && $bin/pbf $s/unseen.proto > $out/pbf/unseen.js; say pbf $?
$bin/bebopc -i $s/bench.bop build -g "ts:$out/bebop/bench.ts" >/dev/null && $bin/bebopc -i $s/unseen.bop build -g "ts:$out/bebop/unseen.ts" >/dev/null; say bebop $?
flatc --ts --gen-object-api --gen-all -o $out/fbs $s/bench.fbs >/dev/null; say flatbuffers $?
capnp compile -o- $s/bench.capnp | (cd $out/capnp && node ../../../$bin/capnpc-js) ; say capnp-es $?

mkdir -p $out/rpcgen gen/rpc/rpcgen
node ../src/cli/bin.mjs generate $s/*.idl --out $out/rpcgen >/dev/null; say rpcgen $?
node ../src/cli/bin.mjs generate rpc/schemas/echo.idl --out gen/rpc/rpcgen >/dev/null; say rpcgen/rpc $?
thrift -gen js:node,es6 -out gen/rpc/thrift rpc/schemas/echo.thrift; say thrift $?
protoc -I rpc/schemas --plugin=$bin/protoc-gen-es --es_out=gen/rpc/es --es_opt=target=js+dts rpc/schemas/echo.proto; say connect $?

echo '{"type":"commonjs"}' > gen/rpc/thrift/package.json
# Type-strip what came as TypeScript.
node --input-type=module -e '
  import ts from "typescript"; import fs from "node:fs"; import path from "node:path";
  const walk = (d) => fs.readdirSync(d, { withFileTypes: true }).flatMap((e) => e.isDirectory() ? walk(path.join(d, e.name)) : [path.join(d, e.name)]);
  for (const f of walk("gen")) if (/(?<!\.d)\.ts$/.test(f)) {
    const { outputText } = ts.transpileModule(fs.readFileSync(f, "utf8"), { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
    // Older flatc leaves relative imports without an extension, which ESM needs.
    fs.writeFileSync(f.replace(/\.ts$/, ".js"), outputText.replace(/(from .\.[^"\x27]*?)(?:\.js)?(["\x27];)/g, "$1.js$2"));
  }'; say transpile $?
exit $failed
