/** One method as it is called by hand: its generated client, and codecs that turn JSON into what that takes and gives. */
import type { CallOptions, Channel, RpcError } from "@rpcgen/runtime";
import { declaredName, derivedNames, memberName } from "../emit/typescript/names.js";
import { methodKind, type MethodKind } from "../emit/typescript/method-shape.js";
import { SchemaIndex } from "../ir/schema-index.js";
import type { ErrorType, Field, Message, Method, Schema, SchemaFile, Service, TypeRef } from "../ir/schema.js";
import { GeneratedModules, type Exports } from "./generated-modules.js";
import { CallError } from "./call-error.js";
import { unknownKey } from "./unknown-key.js";

interface JsonCodec {
  readonly toJson: (value: unknown) => unknown;
  readonly fromJson: (json: unknown) => unknown;
}

type Client = Readonly<Record<string, (input: unknown, options: CallOptions) => unknown>>;

/** Generated code has no codec of parameter lists and of types without a name in JSON: messages around them have. */
const PACKAGE = "rpcgen.call";
const VALUE = "value";

export class Stub {
  readonly method: Method;
  readonly kind: MethodKind;
  readonly #index: SchemaIndex;
  readonly #modules: GeneratedModules;
  readonly #codecs: Exports;
  readonly #client: new (channel: Channel) => Client;

  /**
   * @param runtime what "@rpcgen/runtime/generated" exports.
   * @throws NotGenerated
   */
  constructor(schema: Schema, service: Service, method: Method, runtime: Exports) {
    this.method = method;
    this.kind = methodKind(method);
    const around = messagesAround(method);
    this.#index = new SchemaIndex({ ...schema, files: [...schema.files, around] });
    this.#modules = new GeneratedModules(this.#index, runtime);
    this.#codecs = this.#modules.load(around, "codec");
    const clients = this.#modules.load(this.#index.fileOf(service.fullName), "client");
    this.#client = clients[derivedNames.client(declaredName(service))] as new (channel: Channel) => Client;
  }

  /**
   * The parameters, or an element of the request stream.
   * @throws CallError if it is none, with the place.
   */
  request(json: unknown): unknown {
    const { parameters } = this.method;
    if (parameters.kind === "stream" && json === null) throw new CallError("$: null is no element of the stream");
    const wrapped = parameters.kind === "stream" ? { [VALUE]: json } : json;
    try {
      const read = this.#codec("RequestCodec").fromJson(wrapped) as Record<string, unknown>;
      const strange = unknownKey(this.#index, parameters.kind === "stream" ? parameters.element : parameters.fields, json);
      if (strange !== undefined) throw new CallError(strange);
      return parameters.kind === "stream" ? read[VALUE] : read;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "DecodeError") throw error;
      throw new CallError(parameters.kind === "stream" ? error.message.replace(`$.${VALUE}`, "$") : error.message);
    }
  }

  /** The result, or an element of the response stream; undefined for the answer of a method without a result. */
  response(value: unknown): unknown {
    if (this.method.result === undefined) return undefined;
    return (this.#codec("ResponseCodec").toJson({ [VALUE]: value }) as Record<string, unknown>)[VALUE];
  }

  /** The fields of a declared error; undefined for any other. */
  details(error: RpcError): unknown {
    const declared = this.method.throws
      .map((fullName) => this.#index.declaration(fullName) as ErrorType)
      .find(({ wireName }) => wireName === error.errorName);
    if (declared === undefined) return undefined;
    const exports = this.#modules.load(this.#index.fileOf(declared.fullName), "codec");
    return (exports[derivedNames.codec(declaredName(declared))] as JsonCodec).toJson(error);
  }

  /** Makes the call. What it gives is one response after another; of a method that answers once there is one. */
  async *call(channel: Channel, input: unknown, options: CallOptions): AsyncGenerator<unknown, undefined> {
    const answer = new this.#client(channel)[memberName(this.method)]?.(input, options);
    if (this.method.result?.stream === true) yield* answer as AsyncIterable<unknown>;
    else yield await answer;
    return undefined;
  }

  #codec(name: string): JsonCodec {
    return this.#codecs[name] as JsonCodec;
  }
}

function messagesAround({ parameters, result, span }: Method): SchemaFile {
  const message = (name: string, fields: readonly Field[]): Message => {
    const fullName = `${PACKAGE}.${name}`;
    return { kind: "message", name, fullName, wireName: fullName, annotations: [], span, fields, reserved: { ranges: [], names: [] } };
  };
  const value = (type: TypeRef): Field[] => [
    { name: VALUE, wireName: VALUE, annotations: [], span, number: 1, type, optional: false, sensitive: false, int64: "bigint", nanos: false, typedArray: false },
  ];
  const request = message("Request", parameters.kind === "stream" ? value(parameters.element) : parameters.fields);
  const response = message("Response", result === undefined ? [] : value(result.type));
  // No path of a file: nothing refers to it by one.
  return { path: "", package: PACKAGE, imports: [], declarations: [request, response] };
}
