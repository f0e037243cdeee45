/** RPC60xx: names that TypeScript, or the code generated in it, cannot have. Each is cured by `@tsName`. */
import { define } from "../define.js";

export const typescript = {
  RPC6001: define<{ name: string; what: string; advice: string }>({
    slug: "typescript-word",
    severity: "error",
    message: ({ name, what }) => `The ${what} "${name}" cannot be called so in TypeScript, where "${name}" is a word of the language.`,
    help: ({ advice }) => `put \`@tsName("${advice}")\` before it, or rename it`,
    why: "A type, constant or error is exported under its own name. TypeScript reserves some names (`class`, `default`, `import`) and has types of others (`any`, `object`, `undefined`), so nothing can be declared by them. `@tsName` changes the name in TypeScript alone: the wire and other languages keep theirs.",
    bad: "package shop;\nmessage any { id: string = 1; }\n",
    good: 'package shop;\n@tsName("Any") message any { id: string = 1; }\n',
  }),
  RPC6002: define<{ name: string; what: string; otherWhat: string; advice: string; before: string }>({
    slug: "generated-name-clash",
    severity: "error",
    message: ({ name, what, otherWhat }) => `"${name}" is generated twice: for ${what} and for ${otherWhat}.`,
    help: ({ advice, before }) => `put \`@tsName("${advice}")\` before ${before}, or rename one of them`,
    why: "From a message `Order` come `OrderInit` and `OrderCodec`; from a service `Orders` come `OrdersClient`, `OrdersSyncClient`, `OrdersHandlers`, `ordersService`, `OrdersMethods`, `OrdersDescriptor` and, for its method `get`, `OrdersGetParams`. All of them are exported by one module, so no other declaration of the file may have such a name. The kit has `arbitraryOrder`, `arbitraryOrdersGetParams` (of a request stream `…Requests`) and `ordersKit`, and the same holds for these.",
    bad: "package shop;\nmessage Order { id: string = 1; }\nmessage OrderInit { at: timestamp = 1; }\n",
    good: 'package shop;\nmessage Order { id: string = 1; }\n@tsName("OrderStart") message OrderInit { at: timestamp = 1; }\n',
  }),
  RPC6003: define<{ name: string; owner: string; advice: string }>({
    slug: "member-name-clash",
    severity: "error",
    message: ({ name, owner }) => `Two members of "${owner}" are called "${name}" in TypeScript.`,
    help: ({ advice }) => `give one of them another name, this one for instance: \`@tsName("${advice}")\``,
    why: "A member is a property of an interface, an object or a class, under its own name or the one that `@tsName` gives it.",
    bad: 'package shop;\nmessage Order { id: string = 1; @tsName("id") number: u64 = 2; }\n',
    good: 'package shop;\nmessage Order { id: string = 1; @tsName("orderNumber") number: u64 = 2; }\n',
  }),
  RPC6004: define<{ name: string; error: string; advice: string }>({
    slug: "error-member-clash",
    severity: "error",
    message: ({ name, error }) =>
      name === "message"
        ? `The field "message" of the error "${error}" is not a plain string, but is the message of the Error that TypeScript throws.`
        : `The field "${name}" of the error "${error}" would hide a member that every RpcError has.`,
    help: ({ advice }) => `put \`@tsName("${advice}")\` before it, or rename it`,
    why: "A declared error is a class that extends `RpcError`, which has members of its own, such as `code`, `cause` and `executed`. A field `message` of type `string` is welcome: it is the Error's message.",
    bad: "package shop;\nerror Failed { code: u32 = 1; }\n",
    good: 'package shop;\nerror Failed { @tsName("failedCode") code: u32 = 1; }\n',
  }),
  RPC6005: define<{ name: string; service: string; advice: string }>({
    slug: "client-member-clash",
    severity: "error",
    message: ({ name, service }) => `The method "${name}" of "${service}" cannot be called so on a client in TypeScript.`,
    help: ({ advice }) => `put \`@tsName("${advice}")\` before it, or rename it`,
    why: "A client is a class: its `constructor` makes it, and an object with a method `then` is taken for a promise by `await`, which would call it.",
    bad: "package shop;\nservice Orders { @readonly then(id: string); }\n",
    good: 'package shop;\nservice Orders { @tsName("thenCall") @readonly then(id: string); }\n',
  }),
  RPC6006: define<{ owner: string; advice: string }>({
    slug: "prototype-member",
    severity: "error",
    message: ({ owner }) => `A member of "${owner}" is called "__proto__", which in JavaScript sets an object's prototype.`,
    help: ({ advice }) => `put \`@tsName("${advice}")\` before it, or rename it`,
    why: "`{ __proto__: value }` makes no property but changes what the object inherits, so a value could not be written as a literal.",
    bad: "package shop;\nmessage Order { __proto__: string = 1; }\n",
    good: 'package shop;\nmessage Order { @tsName("proto") __proto__: string = 1; }\n',
  }),
  RPC6007: define<{ owner: string; name: string; advice: string }>({
    slug: "inherited-member",
    severity: "error",
    message: ({ owner, name }) => `"${name}" of "${owner}" may be left out, but every JavaScript object inherits a member of that name.`,
    help: ({ advice }) => `put \`@tsName("${advice}")\` before it, rename it, or make it a field that is always there`,
    why: "A field that is left out is an absent key. Where the object inherits a member of the same name, nobody can tell that it was left out.",
    bad: "package shop;\nmessage Order { toString?: string = 1; }\n",
    good: 'package shop;\nmessage Order { @tsName("text") toString?: string = 1; }\n',
  }),
};
