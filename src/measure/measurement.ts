/** What measuring some paths came to, as it is reported. */
import type { PathFigures } from "./measure-path.js";

export interface PathReport extends PathFigures {
  readonly name: string;
  readonly address: string;
  /** The address scheme that calls really went by. */
  readonly transport: string;
}

/** A path that could not be measured. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

export interface Measurement {
  readonly paths: readonly PathReport[];
  readonly leftOut: readonly LeftOut[];
}
