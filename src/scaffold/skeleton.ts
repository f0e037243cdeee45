/** The skeletons of handlers as text. */
import type { Method, Semantics, Service } from "../ir/schema.js";
import { commentLines } from "../emit/typescript/doc-comment.js";
import { memberName } from "../emit/typescript/names.js";
import { quoted, type Style } from "./style.js";

/** What a promise asks of its handler, in a line of its comment. */
const NOTES: Readonly<Record<Semantics, string>> = {
  readonly: "`@readonly`: has no effect that anyone can observe, and may run as often as it likes.",
  idempotent: "`@idempotent`: several runs, a partial one among them, must have the effect of one.",
  atMostOnce: "`@atMostOnce`: runs once or not at all for a call; a lost reply is replayed while this server lives.",
  exactlyOnce: "`@exactlyOnce`: its effects belong into the transaction `ctx.tx`, which commits together with the record of the call.",
  failStop: "`@failStop`: runs in order and once; the first doubt ends the whole session.",
};

/** How the members of an implementation are written. */
export type MemberForm =
  /** `async get(params, ctx) { … }`, in an object. */
  | "method"
  /** `get: async (params, ctx) => { … }` */
  | "arrow"
  /** A method of a class, whose parameters TypeScript does not infer. */
  | "class method"
  /** `get: OrdersHandlers["get"] = async (params, ctx) => { … };` */
  | "class arrow";

export interface SkeletonNames {
  /** The class RpcError. */
  readonly rpcError: string;
  /** The type of the handlers as the implementation spells it, such as `OrdersHandlers<Db>`. */
  readonly contract: string;
}

/** One member with its comment, each line without indentation of its own. */
export function skeleton(service: Service, method: Method, form: MemberForm, names: SkeletonNames, style: Style): string[] {
  const { indent, end } = style;
  const name = memberName(method);
  const isStream = method.result?.stream === true;
  const type = `${names.contract}[${quoted(name, style)}]`;
  const input = method.parameters.kind === "stream" ? "requests" : "params";
  const thrown = `throw new ${names.rpcError}({ code: ${quoted("UNIMPLEMENTED", style)}, message: ${quoted(`${service.name}.${method.name} is not implemented`, style)}, executed: ${quoted("no", style)} })${end}`;
  const head = heads[form]({ name, isStream, type, input });
  const close = form === "class arrow" ? `}${end}` : "}";
  const lines = commentLines(method, [NOTES[method.semantics]]);
  return [...lines, `${head} {`, `${indent}${thrown}`, close];
}

interface Head {
  readonly name: string;
  readonly isStream: boolean;
  readonly type: string;
  readonly input: string;
}

const heads: Readonly<Record<MemberForm, (head: Head) => string>> = {
  method: ({ name, isStream, input }) => `async ${isStream ? "*" : ""}${name}(${input}, ctx)`,
  arrow: ({ name, isStream, input }) => `${name}: ${anonymous(isStream, input)}`,
  "class arrow": ({ name, isStream, type, input }) => `${name}: ${type} = ${anonymous(isStream, input)}`,
  "class method": ({ name, isStream, type, input }) => {
    const result = isStream ? `ReturnType<${type}>` : `Promise<Awaited<ReturnType<${type}>>>`;
    return `async ${isStream ? "*" : ""}${name}(${input}: Parameters<${type}>[0], ctx: Parameters<${type}>[1]): ${result}`;
  },
};

/** A generator cannot be an arrow function. */
function anonymous(isStream: boolean, input: string): string {
  return isStream ? `async function* (${input}, ctx)` : `async (${input}, ctx) =>`;
}
