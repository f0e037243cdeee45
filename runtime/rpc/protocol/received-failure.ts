/** A failure as it came from a server, with the class of its declared error. */
import type { AnyMethod } from "../descriptor.js";
import { RpcError, messageOf } from "../errors.js";
import type { ErrorFrame } from "./frame.js";

/** @param frame whose details are a view. */
export function receivedFailure(frame: ErrorFrame, method: AnyMethod): RpcError {
  const { executed, message, errorName } = frame;
  const declared = errorName === "" ? undefined : method.errors.find((error) => error.name === errorName);
  if (declared === undefined) return new RpcError({ ...frame, errorName: errorName === "" ? undefined : errorName });
  try {
    return declared.decode(frame.details.slice(), { message, executed });
  } catch (error) {
    const text = `the error ${errorName} of ${method.path} cannot be read: ${messageOf(error)}`;
    return new RpcError({ code: "INTERNAL", message: text, executed, cause: error });
  }
}
