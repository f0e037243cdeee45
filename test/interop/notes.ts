/** notes.idl: its generated code, its handlers in TypeScript, and what Python is told of it. */
import { readFileSync } from "node:fs";
import type { Caller, CallOptions, Context, RpcError, ServiceBinding } from "../../runtime/index.js";
import { loadModules } from "../load-generated.js";
import { methodsOf, tableOf } from "./table.js";

const modules = await loadModules({ "notes.idl": readFileSync(new URL("notes.idl", import.meta.url), "utf8") });

export interface Note {
  readonly text: string;
  readonly data: Uint8Array;
  readonly labels: ReadonlyMap<string, number>;
  readonly at: Date;
}

export interface Notes {
  get(params: { id: string }, options?: CallOptions): Promise<Note>;
  echo(params: { note: Note }, options?: CallOptions): Promise<Note>;
  put(params: { id: string; failures: number }, options?: CallOptions): Promise<{ runs: number; attempt: number }>;
  add(params: { count: number }, options?: CallOptions): Promise<number>;
  step(params: { round: number }): Promise<number>;
  pay(params: { order: string; cents: bigint }, options?: CallOptions): Promise<bigint>;
  hang(params: Record<never, never>, options?: CallOptions): Promise<number>;
  watch(params: { count: number; bytes: number }, options?: CallOptions): AsyncIterable<Note>;
  upload(items: AsyncIterable<Note> | readonly Note[], options?: CallOptions): Promise<bigint>;
  chat(items: AsyncIterable<Note>, options?: CallOptions): AsyncIterable<Note>;
  leave(params: Record<never, never>, options?: CallOptions): Promise<boolean>;
}

interface NotesModule {
  notesService(handlers: object): ServiceBinding;
  readonly NotesClient: new (caller: Caller) => Notes;
  readonly NoSuchNote: new (fields: { id: string }) => RpcError;
}

export const { notesService, NotesClient, NoSuchNote } = modules.load("notes.js") as unknown as NotesModule;

/** The first line of input of the programs in Python. */
export const NOTES_LINE = `${JSON.stringify({
  table: tableOf(modules.schema, modules.index),
  methods: methodsOf(modules.schema, modules.index),
})}\n`;

export const note = (text: string, data = new Uint8Array()): Note => ({
  text,
  data,
  labels: new Map(),
  at: new Date(0),
});

/** What the handlers have seen. */
export interface Seen {
  runs: number;
  sum: number;
  aborted: number;
  leave: () => void;
}

export function notesHandlers(seen: Seen): object {
  return {
    get({ id }: { id: string }) {
      if (id === "none") throw new NoSuchNote({ id });
      return note(id);
    },
    echo: ({ note: it }: { note: Note }) => it,
    put: (_: unknown, ctx: Context) => ({ runs: ++seen.runs, attempt: ctx.attempt }),
    add: ({ count }: { count: number }) => {
      seen.runs += 1;
      return (seen.sum += count);
    },
    pay({ order, cents }: { order: string; cents: bigint }) {
      seen.runs += 1;
      if (order === "none") throw new NoSuchNote({ id: order });
      return cents;
    },
    step: ({ round }: { round: number }) => round,
    hang: (_: unknown, ctx: Context) =>
      new Promise((_resolve, reject) => {
        ctx.signal.addEventListener("abort", () => {
          seen.aborted += 1;
          reject(ctx.signal.reason as Error);
        });
      }),
    async *watch({ count, bytes }: { count: number; bytes: number }) {
      for (let n = 0; n < count; n++) yield note(`${n}`, new Uint8Array(bytes));
      if (bytes === 0) throw new NoSuchNote({ id: "watch" });
    },
    async upload(items: AsyncIterable<Note>) {
      let bytes = 0n;
      for await (const item of items) bytes += BigInt(item.data.length);
      return bytes;
    },
    async *chat(items: AsyncIterable<Note>) {
      yield* items;
    },
    leave() {
      seen.leave();
      return true;
    },
  };
}
