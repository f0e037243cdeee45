/** Modules of handlers as users might have written them: forms, styles, comments and names at random. */
import fc from "fast-check";

export const METHODS = ["get", "cancel", "place", "watch", "upload", "chat"] as const;
export type MethodName = (typeof METHODS)[number];

/** Kept from test to test: one service of every kind of method. */
export const IDL = `package shop;
message Order { id: string = 1; }
message Line { text: string = 1; }
/// Keeps orders. */
service Orders {
  /// One order.
  @readonly get(id: string) -> Order;
  @idempotent cancel(id: string, reason?: string);
  @exactlyOnce(retain: 24h) place(order: Order) -> Order;
  @readonly watch(from: u64) -> stream Order;
  @atMostOnce upload(stream Line) -> Order;
  @atMostOnce chat(stream Line) -> stream Line;
}
`;

const bodies: Readonly<Record<MethodName, { readonly isStream: boolean; readonly body: string }>> = {
  get: { isStream: false, body: '{ return { id: "" }; }' },
  cancel: { isStream: false, body: "{ /* } */ }" },
  place: { isStream: false, body: "{ return { id: `${1}}` }; }" },
  watch: { isStream: true, body: '{ yield { id: "{" }; }' },
  upload: { isStream: false, body: '{ return { id: "//" }; }' },
  chat: { isStream: true, body: '{ yield { text: "" }; }' },
};

const inObject = ["method", "quoted", "arrow", "function", "computed"] as const;
type ObjectForm = (typeof inObject)[number];

function objectMember(name: MethodName, form: ObjectForm): string {
  const { isStream, body } = bodies[name];
  const star = isStream ? "*" : "";
  if (form === "method") return `async ${star}${name}() ${body}`;
  if (form === "quoted") return `async ${star}"${name}"() ${body}`;
  if (form === "computed") return `async ${star}["${name}"]() ${body}`;
  if (form === "function" || isStream) return `${name}: async function${star}() ${body}`;
  return `${name}: async () => ${body}`;
}

function classMember(name: MethodName, form: ObjectForm): string {
  const { isStream, body } = bodies[name];
  return form === "arrow" || form === "function" ? `readonly ${name} = async function${isStream ? "*" : ""}() ${body}${form === "arrow" ? ";" : ""}` : `async ${isStream ? "*" : ""}${name}() ${body}`;
}

const trivia = fc.constantFrom("", "", "\n", "// kept\n", "/* a, b } */ ", "\n\n", "  // {\n\n", "/**\n * @see ) \n */\n");
const container = fc.constantFrom("annotated", "satisfies", "class", "class expression", "function", "arrow", "bound", "spread", "alias", "base class");
const given = fc.subarray([...METHODS], { minLength: 0 }).chain((names) => fc.shuffledSubarray(names, { minLength: names.length }));

export interface UserModuleCase {
  readonly text: string;
  readonly given: readonly MethodName[];
}

export const userModules: fc.Arbitrary<UserModuleCase> = fc
  .record({
    given,
    forms: fc.array(fc.constantFrom(...inObject), { minLength: 6, maxLength: 6 }),
    trivia: fc.array(trivia, { minLength: 12, maxLength: 12 }),
    container,
    alias: fc.boolean(),
    namespace: fc.boolean(),
    errorImport: fc.constantFrom("none", "named", "alias", "namespace", "type", "shadowed"),
    trailingComma: fc.boolean(),
    multiline: fc.boolean(),
    newline: fc.constantFrom("\n", "\r\n"),
    indent: fc.constantFrom("  ", "    ", "\t"),
    prologue: fc.constantFrom("", "// Ours.\n\n", "#!/usr/bin/env node\n", '"use strict";\n'),
    finalNewline: fc.boolean(),
  })
  .map((choice) => ({ given: choice.given, text: write(choice) }));

interface Choice {
  readonly given: readonly MethodName[];
  readonly forms: readonly ObjectForm[];
  readonly trivia: readonly string[];
  readonly container: string;
  readonly alias: boolean;
  readonly namespace: boolean;
  readonly errorImport: string;
  readonly trailingComma: boolean;
  readonly multiline: boolean;
  readonly newline: string;
  readonly indent: string;
  readonly prologue: string;
  readonly finalNewline: boolean;
}

function write(choice: Choice): string {
  const { namespace, alias, multiline, indent } = choice;
  const contract = namespace ? "gen.OrdersHandlers" : alias ? "Contract" : "OrdersHandlers";
  const typeImport = namespace
    ? 'import * as gen from "./gen/orders.js";'
    : `import { ordersService, type OrdersHandlers${alias ? " as Contract" : ""} } from "./gen/orders.js";`;
  const errorImports: Readonly<Record<string, string>> = {
    none: "",
    named: 'import { RpcError } from "@rpcgen/runtime";\n',
    alias: 'import {\n  connect,\n  RpcError as Failure, // ours\n} from "@rpcgen/runtime"\n',
    namespace: 'import * as rpc from "@rpcgen/runtime";\n',
    type: 'import type { RpcError } from "@rpcgen/runtime";\n',
    shadowed: "const RpcError = 1;\n",
  };
  const isClass = choice.container.includes("class");
  const members = choice.given.map((name, index) => {
    const form = choice.forms[index] ?? "method";
    const text = isClass ? classMember(name, form) : objectMember(name, form);
    return `${choice.trivia[index] ?? ""}${multiline ? `\n${indent}` : ""}${text}`;
  });
  const tail = choice.trivia[6] ?? "";
  const inner = isClass
    ? `{ ${members.join("\n")} ${tail}}`
    : `{ ${members.join(",")}${choice.trailingComma && members.length > 0 ? "," : ""} ${tail}${multiline ? "\n" : ""}}`;
  const binding = namespace ? "gen.ordersService" : "ordersService";
  const written: Readonly<Record<string, string>> = {
    annotated: `export const handlers: ${contract} = ${inner};`,
    satisfies: `export default (${inner}) satisfies ${contract};`,
    class: `export class Mine implements ${contract} ${inner}`,
    "class expression": `export const Mine = class implements ${contract} ${inner};`,
    function: `export function make(_db: number): ${contract} { if (_db > 0) { /* } */ } return ${inner}; }`,
    arrow: `export const make = (_db: number): ${contract} => (${inner});`,
    bound: `export const service = ${binding}(${inner});`,
    spread: `const part = { async get() { return { id: "" }; } };\nexport const handlers: ${contract} = { ...part, ${inner.slice(1)};`,
    alias: `type Local = ${contract};\nexport const handlers: Local = ${inner};`,
    "base class": `class Base { x = 1 }\nexport class Mine extends Base implements ${contract} ${inner}`,
  };
  const text = `${choice.prologue}${choice.trivia[7]}${typeImport}\n${errorImports[choice.errorImport] ?? ""}${choice.trivia[8]}${written[choice.container] ?? ""}${choice.trivia[9]}\nexport const other = 1;${choice.finalNewline ? "\n" : ""}`;
  return text.replaceAll("\n", choice.newline);
}
