/**
 * Compiles sources in memory and loads the codecs that come of them, beside a table of every value that stands alone.
 * Nothing is written to disk, and what was loaded is collected as garbage like any other value.
 */
import { posix } from "node:path";
import { compileFunction } from "node:vm";
import { transform } from "esbuild";
import * as generatedDoor from "../runtime/generated.js";
import { compile } from "../src/compile.js";
import { SchemaIndex } from "../src/ir/schema-index.js";
import type { Declaration, Method, Schema } from "../src/ir/schema.js";
import type { Root } from "./reference/layout.js";

export interface AnyCodec {
  readonly encode: (value: unknown) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
  /** Both are absent from the codecs of methods. */
  readonly toJson?: (value: unknown) => unknown;
  readonly fromJson?: (json: unknown) => unknown;
}

/** A type whose values stand alone, with its generated codec. */
export interface Subject {
  /** The full name of a declaration, or `Service/method` with `request` or `response` behind it. */
  readonly name: string;
  readonly root: Root;
  readonly codec: AnyCodec;
}

export interface Generated {
  readonly schema: Schema;
  readonly index: SchemaIndex;
  readonly subjects: readonly Subject[];
}

type Module = Record<string, unknown>;

/** Everything that is generated for a schema: codecs, clients, servers. */
export interface Modules {
  readonly schema: Schema;
  readonly index: SchemaIndex;
  readonly paths: readonly string[];
  /** What the module at such a path exports. */
  readonly load: (path: string) => Module;
}

/** @throws Error with every finding, if there is an error or a warning among them. */
export async function loadGenerated(sources: Readonly<Record<string, string>>): Promise<Generated> {
  const { schema, index, paths, load } = await loadModules(sources, /\.(types|codec)\.ts$/);
  const subjects = schema.files.flatMap(({ path, declarations }) => {
    const codecPath = path.replace(/\.idl$/, ".codec.js");
    // A file of enums and aliases has none.
    const codecs = paths.includes(codecPath) ? load(codecPath) : {};
    return declarations.flatMap((declaration) => subjectsOf(declaration, codecs));
  });
  return { schema, index, subjects };
}

/** @throws Error with every finding, if there is an error or a warning among them. */
export async function loadModules(sources: Readonly<Record<string, string>>, wanted = /\.ts$/): Promise<Modules> {
  const { diagnostics, outputs, schema } = compile({ sources });
  if (schema === undefined || diagnostics.length > 0) {
    throw new Error(
      diagnostics.map(({ code, file, line, message }) => `${file}:${line} ${code} ${message}`).join("\n"),
    );
  }
  const texts = await Promise.all(
    outputs
      .filter(({ path }) => wanted.test(path))
      .map(async ({ path, text }) => {
        const { code } = await transform(text, { loader: "ts", format: "cjs", target: "node20" });
        return [path.replace(/\.ts$/, ".js"), code] as const;
      }),
  );
  const paths = texts.map(([path]) => path);
  return { schema, index: new SchemaIndex(schema), paths, load: loaderOf(new Map(texts)) };
}

function loaderOf(texts: ReadonlyMap<string, string>): (path: string) => Module {
  const loaded = new Map<string, Module>();
  const load = (path: string): Module => {
    const known = loaded.get(path);
    if (known !== undefined) return known;
    const text = texts.get(path);
    if (text === undefined) throw new Error(`nothing was generated at ${path}`);
    const module = { exports: {} as Module };
    const require = (name: string) =>
      name === "@rpcgen/runtime/generated" ? generatedDoor : load(posix.join(posix.dirname(path), name));
    compileFunction(text, ["module", "exports", "require"])(module, module.exports, require);
    loaded.set(path, module.exports);
    return module.exports;
  };
  return load;
}

function subjectsOf(declaration: Declaration, codecs: Module): Subject[] {
  const { kind, name, fullName, tsName } = declaration;
  switch (kind) {
    case "message":
    case "struct":
    case "union":
    case "error": {
      const codec = codecs[`${tsName ?? name}Codec`] as AnyCodec;
      const root: Root =
        kind === "error"
          ? { kind: "fields", name: fullName, fields: declaration.fields }
          : { kind: "type", type: { kind: "named", name: fullName } };
      return [{ name: fullName, root, codec }];
    }
    case "service": {
      const descriptors = codecs[`${tsName ?? name}Methods`] as Record<
        string,
        { request: AnyCodec; response: AnyCodec }
      >;
      return declaration.methods.flatMap((method) => {
        const { request, response } = descriptors[method.tsName ?? method.name] as {
          request: AnyCodec;
          response: AnyCodec;
        };
        const roots = rootsOf(method);
        return [
          { name: `${method.path} request`, root: roots.request, codec: request },
          ...(roots.response === undefined
            ? []
            : [{ name: `${method.path} response`, root: roots.response, codec: response }]),
        ];
      });
    }
    default:
      return [];
  }
}

export function rootsOf({ path, parameters, result }: Method): {
  readonly request: Root;
  readonly response: Root | undefined;
} {
  return {
    request:
      parameters.kind === "stream"
        ? { kind: "type", type: parameters.element }
        : { kind: "fields", name: path, fields: parameters.fields },
    response: result && { kind: "type", type: result.type },
  };
}
