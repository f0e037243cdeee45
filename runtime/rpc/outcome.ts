/** What became of a call, as a value whose every case the compiler makes its reader look at. */
import { RpcError } from "./errors.js";

/**
 * `executed` tells the cases apart: the handler came to its end, with a value or an error; it never ran; or nobody knows
 * yet, and `settle` asks.
 */
export type Outcome<T> =
  | { readonly executed: "yes"; readonly value: T; readonly error?: undefined }
  | { readonly executed: "yes"; readonly error: RpcError; readonly value?: undefined }
  | { readonly executed: "no"; readonly error: RpcError; readonly value?: undefined }
  | {
      readonly executed: "unknown";
      readonly error: RpcError;
      readonly value?: undefined;
      readonly settle: () => Promise<Outcome<T>>;
    };

/**
 * The outcome of a call, instead of its value or failure.
 * @throws what the promise rejects with, if it is no RpcError.
 */
export async function outcomeOf<T>(call: Promise<T>): Promise<Outcome<T>> {
  try {
    return { executed: "yes", value: await call };
  } catch (error) {
    if (error instanceof RpcError) return failedOutcome(error);
    throw error;
  }
}

export function failedOutcome<T>(error: RpcError): Outcome<T> {
  const { executed } = error;
  if (executed !== "unknown") return { executed, error };
  return { executed, error, settle: () => error.settle() as Promise<Outcome<T>> };
}
