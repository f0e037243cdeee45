/** What a caller sees for every fault under every promise, as data: tests are made from it, pages are written from it, `explain` prints it. */
import table from "./promises.json" with { type: "json" };

export const SEMANTICS = ["readonly", "idempotent", "atMostOnce", "exactlyOnce", "failStop"] as const;
export type PromiseName = (typeof SEMANTICS)[number];

export type CallKind = "unary" | "serverStream" | "clientStream";

export interface Cell {
  readonly semantics: PromiseName;
  /** The fault cannot happen under this promise: what is seen is an ordinary answer, or the refusal. */
  readonly notApplicable: boolean;
  /** "OK", or "CODE [REASON] executed"; one of them. "DECLARED" stands for the code of a declared error. */
  readonly sees: readonly string[];
  /** How often the effect happens: "1", "0-1", "1+"; undefined where nothing is said. */
  readonly effects: string | undefined;
  /** How often the client sends the call; undefined where nothing is said. */
  readonly sent: string | undefined;
  /** "same": whoever asks again gets the same bytes. */
  readonly reply: string | undefined;
  /** For people. */
  readonly says: string;
}

export interface FaultRow {
  readonly fault: string;
  readonly says: string;
  readonly calls: CallKind;
  /** One of each promise, in the order of `SEMANTICS`. */
  readonly cells: readonly Cell[];
}

interface CellOnDisk {
  readonly notApplicable?: boolean;
  readonly sees: readonly string[];
  readonly effects?: string;
  readonly sent?: string;
  readonly reply?: string;
  readonly says: string;
}

/** Cells that several promises share stand once, under all their names. */
function spread(cells: Readonly<Record<string, CellOnDisk>>): Cell[] {
  return SEMANTICS.map((semantics) => {
    const found = Object.entries(cells).filter(([names]) => names.split(" ").includes(semantics));
    const [entry] = found;
    if (entry === undefined || found.length > 1) throw new Error(`${found.length} cells are for ${semantics}`);
    const { notApplicable = false, sees, effects, sent, reply, says } = entry[1];
    return { semantics, notApplicable, sees, effects, sent, reply, says };
  });
}

export const faultRows: readonly FaultRow[] = table.rows.map(({ fault, says, calls, cells }) => ({
  fault,
  says,
  calls: calls as CallKind,
  cells: spread(cells as Readonly<Record<string, CellOnDisk>>),
}));

/** What a caller of a method with this promise sees, fault by fault. */
export function cellsOf(semantics: PromiseName): readonly { readonly row: FaultRow; readonly cell: Cell }[] {
  return faultRows.flatMap((row) => row.cells.filter((cell) => cell.semantics === semantics).map((cell) => ({ row, cell })));
}

/** "1", "0-1", "1+" as bounds. */
export function boundsOf(figure: string): { readonly least: number; readonly most: number } {
  const [, least = "", dash, most] = /^(\d+)(?:(-)(\d+)|\+)?$/.exec(figure) ?? [];
  if (least === "") throw new Error(`"${figure}" is no figure`);
  if (figure.endsWith("+")) return { least: Number(least), most: Infinity };
  return { least: Number(least), most: dash === undefined ? Number(least) : Number(most) };
}
