/** The descriptor of a declared error, from its class and the codec of its fields. */
import type { BytesCodec } from "../wire/codec.js";
import { decodeChecked, encodeChecked } from "./checked-payload.js";
import type { ErrorDescriptor } from "./descriptor.js";
import type { RpcError, RpcErrorOptions } from "./errors.js";

/** A generated class. */
interface ErrorClass<Fields> {
  new (fields: Fields, options?: RpcErrorOptions): RpcError;
  readonly errorName: string;
  readonly retryable?: true;
}

export function errorDescriptor<Fields>(type: ErrorClass<Fields>, codec: BytesCodec<Fields>): ErrorDescriptor {
  return {
    name: type.errorName,
    // An instance has the fields as its own properties.
    encode: (error) => encodeChecked(codec, error as unknown as Fields),
    decode: (bytes, options) => new type(decodeChecked(codec, bytes), options),
    ...(type.retryable && { retryable: true as const }),
  };
}
