/** Places in source text: half-open ranges of UTF-16 offsets, and what a person calls them (line and column, from 1). */

/** A half-open range `[start, end)` of UTF-16 code units in the text of `file`. */
export interface Span {
  /** The path by which the source was given to the compiler. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** A place as editors show it. Both numbers count from 1; columns are UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
