/** Asks `python/codec.py`: many lines at once, and an answer for each. */
import { linesOf } from "./python.js";
import type { Table, TableType } from "./table.js";

export type CodecQuestion =
  | { readonly table: Table }
  | { readonly type: TableType; readonly json: unknown }
  | { readonly type: TableType; readonly hex: string }
  /** What a declaration counts among the nodes of a value, and what each of its fields does where it is optional. */
  | { readonly weigh: string };

/** `again` is the hex of what `json` shows, encoded; it has what JSON does not carry. */
export type CodecAnswer =
  { readonly hex: string } | { readonly json: unknown; readonly again: string } | { readonly refused: string };

/**
 * An answer to each question but the tables.
 * @throws Error with what Python said, if it failed.
 */
export function codecAnswers(questions: readonly CodecQuestion[]): readonly CodecAnswer[] {
  return linesOf("codec.py", questions) as readonly CodecAnswer[];
}
