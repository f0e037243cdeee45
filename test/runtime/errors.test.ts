import { describe, expect, it } from "vitest";
import { REASON_CODES, worstExecuted } from "../../runtime/rpc/codes.js";
import { RpcError } from "../../runtime/rpc/errors.js";
import { errorDescriptor } from "../../runtime/rpc/error-descriptor.js";
import { descriptor, failureOf, jsonCodec, methods, OutOfStock, pair } from "./test-service.js";

/** The module once more, as a second installed version would be. */
async function secondCopy(): Promise<typeof import("../../runtime/rpc/errors.js")> {
  const path = "../../runtime/rpc/errors.js?second";
  return (await import(path)) as typeof import("../../runtime/rpc/errors.js");
}

describe("RpcError", () => {
  it("is recognised by another copy of the runtime, and a declared error by its full name", async () => {
    const { RpcError: Other } = await secondCopy();
    expect(Other).not.toBe(RpcError);
    class OtherOutOfStock extends Other {
      static readonly errorName = "test.OutOfStock";
    }
    class Unrelated extends Other {
      static readonly errorName = "test.Unrelated";
    }
    const error = new OutOfStock({ sku: "a" });
    expect(error).toBeInstanceOf(Other);
    expect(new Other({ code: "ABORTED" })).toBeInstanceOf(RpcError);
    expect(error).toBeInstanceOf(OtherOutOfStock);
    expect(error).not.toBeInstanceOf(Unrelated);
    expect(new Other({ code: "ABORTED" })).not.toBeInstanceOf(OutOfStock);
  });

  it("leaves a user's own subclasses to their prototype", () => {
    class Mine extends RpcError {}
    class MineOfStock extends OutOfStock {}
    expect(new Mine({ code: "ABORTED" })).toBeInstanceOf(Mine);
    expect(new RpcError({ code: "ABORTED" })).not.toBeInstanceOf(Mine);
    expect(new OutOfStock({ sku: "a" })).not.toBeInstanceOf(MineOfStock);
    expect(new MineOfStock({ sku: "a" })).toBeInstanceOf(OutOfStock);
  });

  it("is no match for what is no RpcError", () => {
    for (const value of [undefined, null, 1, "RpcError", {}, new Error("x"), { errorName: "test.OutOfStock" }]) {
      expect(value).not.toBeInstanceOf(RpcError);
      expect(value).not.toBeInstanceOf(OutOfStock);
    }
  });

  it("takes its code from its reason, and its message from what there is", () => {
    expect(new RpcError({ reason: "OUTCOME_UNKNOWN" })).toMatchObject({
      code: REASON_CODES.OUTCOME_UNKNOWN,
      executed: "unknown",
    });
    expect(new RpcError({ code: "NOT_FOUND" }).message).toBe("NOT_FOUND");
    expect(new RpcError({ code: "NOT_FOUND" }).name).toBe("RpcError");
    expect(new OutOfStock({ sku: "a" }).message).toBe("test.OutOfStock");
    expect(String(new RpcError({ code: "NOT_FOUND", message: "gone" }))).toBe("RpcError: gone");
  });

  it("shows nothing of the runtime's own where it is printed", () => {
    expect(Object.getOwnPropertySymbols(new RpcError({ code: "NOT_FOUND" }))).toEqual([]);
  });

  it("calls two attempts executed if either was, and not executed only if neither was", () => {
    expect(worstExecuted("no", "no")).toBe("no");
    expect(worstExecuted("no", "unknown")).toBe("unknown");
    expect(worstExecuted("unknown", "no")).toBe("unknown");
    expect(worstExecuted("unknown", "yes")).toBe("yes");
    expect(worstExecuted("yes", "no")).toBe("yes");
  });
});

describe("a declared error whose field breaks a constraint", () => {
  interface Fields {
    readonly seats: number;
  }
  class Full extends RpcError {
    static readonly errorName = "test.Full";
    readonly seats: number;

    constructor({ seats }: Fields) {
      super({ code: "RESOURCE_EXHAUSTED", errorName: "test.Full" });
      this.seats = seats;
    }
  }
  const codec = { ...jsonCodec<Fields>(), encode: ({ seats }: Fields) => new TextEncoder().encode(JSON.stringify({ seats })) as Uint8Array<ArrayBuffer> };
  const check = ({ seats }: Fields): string | undefined => (seats > 9 ? `seats: ${seats} is more than @max(9)` : undefined);
  const strict = { ...methods.echo, errors: [errorDescriptor(Full, { ...codec, check })] };
  const lax = { ...methods.echo, errors: [errorDescriptor(Full, codec)] };
  const throwing = (echo: typeof strict, seats: number) => ({
    server: { services: [{ descriptor: { ...descriptor, methods: { echo } }, handlers: { echo: () => Promise.reject(new Full({ seats })) } }] },
  });

  it("does not leave the server, whose operator is told", async () => {
    await using it = await pair(throwing(strict, 10));
    expect(await failureOf(it.channel.unary(lax, 1))).toMatchObject({ code: "INTERNAL", executed: "yes", errorName: undefined });
    expect(it.faults).toMatchObject([{ message: "seats: 10 is more than @max(9)" }]);
  });

  it("is not believed by the client", async () => {
    await using it = await pair(throwing(lax, 10));
    const error = await failureOf(it.channel.unary(strict, 1));
    expect(error).toMatchObject({ code: "INTERNAL", executed: "yes" });
    expect(error.message).toContain("the error test.Full of test.Test/echo cannot be read: seats: 10 is more than @max(9)");
  });

  it("comes across when it does not", async () => {
    await using it = await pair(throwing(strict, 9));
    expect(await failureOf(it.channel.unary(strict, 1))).toBeInstanceOf(Full);
  });
});
