/** Names that generated code cannot declare, or cannot give to members. */

/** Reserved by ECMAScript in modules, which are strict, and names that no binding may have. */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield globalThis " +
    "__esModule exports require"
  ).split(" "),
);

/** Types that TypeScript has by itself, and operators on types: neither can be declared and then referred to. */
const TYPE_WORDS: ReadonlySet<string> = new Set(
  "any bigint boolean never number object string symbol undefined unknown void as infer intrinsic keyof readonly unique".split(
    " ",
  ),
);

/** What every `RpcError` has. A test holds the list against the runtime. */
const ERROR_MEMBERS: ReadonlySet<string> = new Set(
  (
    "name message stack cause code executed reason errorName attempts callId instance retryAfterMs settle " +
    "toString constructor"
  ).split(" "),
);

const CLIENT_MEMBERS: ReadonlySet<string> = new Set(["constructor", "then"]);

/** Whether no module can export a declaration of this name. */
export function isUndeclarable(name: string): boolean {
  return RESERVED_WORDS.has(name) || TYPE_WORDS.has(name);
}

export function isErrorMember(name: string): boolean {
  return ERROR_MEMBERS.has(name);
}

export function isClientMember(name: string): boolean {
  return CLIENT_MEMBERS.has(name);
}
