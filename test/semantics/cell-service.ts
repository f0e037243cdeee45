/** The service of the cells: a method of each promise, and of those that may be streams one of each kind. */
import type { Context } from "../../runtime/index.js";
import type { AnyMethod, MethodDescriptor, MethodKind, Semantics } from "../../runtime/rpc/descriptor.js";
import { jsonCodec, OutOfStock } from "../runtime/test-service.js";
import type { CallKind, PromiseName } from "../../src/semantics/promises.js";
import type { Stage } from "./stage.js";

export interface Question {
  /** 1 is the call under test. */
  readonly op: number;
  readonly text: string;
}

export interface Answer {
  readonly op: number;
  readonly run: number;
  readonly pad: string;
}

/** The error that every method declares. */
export { OutOfStock as Declared };

const declared = {
  name: OutOfStock.errorName,
  encode: (error: object) => new TextEncoder().encode((error as OutOfStock).sku),
  decode: (bytes: Uint8Array, options: object) => new OutOfStock({ sku: new TextDecoder().decode(bytes) }, options),
};

function method<Request, Response>(name: string, semantics: Semantics, kind: MethodKind): MethodDescriptor<Request, Response> {
  return {
    name,
    path: `cells.Cells/${name}`,
    kind,
    semantics,
    request: jsonCodec<Request>(),
    response: jsonCodec<Response>(),
    errors: [declared],
    // What the compiler writes for `@exactlyOnce(retain: 24h)`.
    ...(semantics === "exactlyOnce" && { retainMs: 86_400_000 }),
  };
}

const PROMISES = ["readonly", "idempotent", "atMostOnce", "exactlyOnce", "failStop"] as const;
const STREAMED = ["readonly", "idempotent", "atMostOnce"] as const;

const methods: Record<string, AnyMethod> = {};
for (const semantics of PROMISES) methods[semantics] = method<Question, Answer>(semantics, semantics, "unary");
for (const semantics of STREAMED) {
  methods[`${semantics}Download`] = method<Question, Answer>(`${semantics}Download`, semantics, "serverStream");
  methods[`${semantics}Upload`] = method<Question, Answer>(`${semantics}Upload`, semantics, "clientStream");
}

export const descriptor = { name: "cells.Cells", fingerprint: "00", methods };

export function methodOf(semantics: PromiseName, calls: CallKind = "unary"): MethodDescriptor<Question, Answer> {
  const suffix = { unary: "", serverStream: "Download", clientStream: "Upload" }[calls];
  return methods[semantics + suffix] as MethodDescriptor<Question, Answer>;
}

/** Handlers of the streams: three elements down, or any number up. */
export function streams(stage: Stage): object {
  async function* download({ op }: Question, ctx: Context): AsyncGenerator<Answer> {
    stage.runs += 1;
    const run = stage.runs;
    try {
      await stage.effect(op, ctx);
      for (let n = 0; n < 3; n += 1) {
        yield { op, run, pad: String(n) };
        await stage.behaviour.after?.(ctx, run);
      }
    } finally {
      stage.stopped += 1;
    }
  }
  async function upload(questions: AsyncIterable<Question>, ctx: Context): Promise<Answer> {
    stage.runs += 1;
    const run = stage.runs;
    let last = 0;
    for await (const { op } of questions) {
      if (last === 0) await stage.effect(op, ctx);
      last = op;
    }
    return { op: last, run, pad: "" };
  }
  return Object.fromEntries(STREAMED.flatMap((semantics) => [[`${semantics}Download`, download], [`${semantics}Upload`, upload]]));
}
