/** Builds the tree of annotations while a cursor moves: whatever was stepped over goes to the node that is open. */
import type { Annotation, ByteRange, Fault, Part, PartKind } from "./annotation.js";
import type { ByteCursor, Malformed } from "./byte-cursor.js";
import type { PooledText, TextPool } from "./text-pool.js";

type Draft = { -readonly [K in keyof Annotation]: Annotation[K] } & {
  readonly parts: Part[];
  readonly children: Annotation[];
};

/** What may be said of a node. */
export interface Details {
  readonly label: string;
  /** What it adds to the path of its parent; default: nothing. */
  readonly step?: string;
  readonly type?: string;
  readonly number?: number;
  readonly optional?: boolean;
  readonly unknown?: true;
  readonly wireType?: string;
  /** Everything within a sensitive node is sensitive. */
  readonly sensitive?: boolean;
  /** One of many, of which only the first are kept. */
  readonly isItem?: true;
}

export interface TreeOptions {
  /** Elements kept of each list or map, and unknown fields of each message. */
  readonly mostItems: number;
  readonly showSensitive: boolean;
  /** Masks what stands behind a fault. */
  readonly masksRest: boolean;
}

interface OpenNode {
  readonly draft: Draft;
  readonly isItem: boolean;
  /** Items kept so far. */
  items: number;
  /** Uses of the pool when it was opened. */
  readonly uses: number;
  /** The run of items that are left out, if it is the last child, and the uses of the pool when it began. */
  run?: { readonly draft: Draft; readonly uses: number } | undefined;
}

export const MASK = "(sensitive)";

export class TreeBuilder {
  readonly #cursor: ByteCursor;
  readonly #options: TreeOptions;
  readonly #open: OpenNode[] = [];
  readonly root: Annotation;
  /** The pool of the value, once it is open. */
  pool: TextPool | undefined;
  /** Every byte before this is part of a node. */
  #marked: number;

  constructor(cursor: ByteCursor, label: string, options: TreeOptions) {
    this.#cursor = cursor;
    this.#options = options;
    this.#marked = cursor.position;
    this.root = this.open({ label });
  }

  get #top(): OpenNode {
    const top = this.#open.at(-1);
    if (top === undefined) throw new Error("no node is open");
    return top;
  }

  get path(): string {
    return this.#top.draft.path;
  }

  get isSensitive(): boolean {
    return this.#top.draft.sensitive === true;
  }

  /** Opens a node at the first byte that has none yet. */
  open({ label, step = "", type, number, optional, unknown, wireType, sensitive, isItem }: Details): Annotation {
    const parent = this.#open.at(-1)?.draft;
    const draft: Draft = {
      start: this.#marked,
      end: this.#marked,
      label,
      path: join(parent?.path ?? "", step),
      ...(type !== undefined && { type }),
      ...(number !== undefined && { number }),
      ...(optional === true && { optional }),
      ...(unknown && { unknown }),
      ...(wireType !== undefined && { wireType }),
      ...(((sensitive && !this.#options.showSensitive) || parent?.sensitive) && { sensitive: true }),
      parts: [],
      children: [],
    };
    this.#open.push({ draft, isItem: isItem === true, items: 0, uses: this.pool?.uses.length ?? 0 });
    return draft;
  }

  /** Makes a part of what the cursor stepped over since the last one. */
  part(kind: PartKind): void {
    const { position } = this.#cursor;
    if (position === this.#marked) return;
    this.#top.draft.parts.push({ kind, start: this.#marked, end: position });
    this.#marked = position;
  }

  /** Says what the open node is worth. */
  value(text: string): void {
    this.#top.draft.value = this.isSensitive ? MASK : text;
  }

  /** As `value`, where the text shows the structure and nothing of the content. */
  note(text: string): void {
    this.#top.draft.value = text;
  }

  /** Notes what the open node took from the pool, for itself or for its key. */
  pooled(text: PooledText | undefined, role?: "key"): void {
    if (text === undefined) return;
    const { draft } = this.#top;
    if (role === undefined && text.range !== undefined && text.range.start !== text.range.end)
      draft.pooled = text.range;
    this.pool?.note(text, role === undefined ? draft.path : `${draft.path} (${role})`, this.isSensitive);
  }

  /** The entry of a map is called after its key, once that is known. */
  rename(key: string): void {
    const { draft } = this.#top;
    const parent = this.#open.at(-2)?.draft;
    draft.label = `[${this.isSensitive ? MASK : key}]`;
    draft.path = join(parent?.path ?? "", draft.label);
  }

  close(): void {
    const node = this.#open.pop();
    if (node === undefined) throw new Error("no node is open");
    node.draft.end = this.#marked;
    const parent = this.#open.at(-1);
    if (parent === undefined) return;
    if (node.isItem && parent.items >= this.#options.mostItems) this.#leaveOut(parent, node);
    else {
      if (node.isItem) parent.items++;
      parent.run = undefined;
      parent.draft.children.push(node.draft);
    }
  }

  #leaveOut(parent: OpenNode, { draft, uses }: OpenNode): void {
    const { path, unknown } = parent.draft;
    if (parent.run === undefined) {
      const label = draft.unknown && !unknown && draft.label.startsWith("?") ? "unknown fields" : "";
      const { start, end } = draft;
      const run: Draft = {
        start,
        end,
        label: `… ${label}`.trimEnd(),
        path,
        leftOut: 0,
        ...(parent.draft.sensitive && { sensitive: true }),
        parts: [],
        children: [],
      };
      parent.run = { draft: run, uses };
      parent.draft.children.push(run);
    }
    const { draft: run, uses: usesBefore } = parent.run;
    run.end = draft.end;
    run.leftOut = (run.leftOut ?? 0) + 1;
    run.parts[0] = { kind: "left out", start: run.start, end: run.end };
    this.pool?.merge(usesBefore, path);
  }

  /** Closes all nodes at a fault, and gives what was not read a node of its own. */
  fail({ message, offset, expected }: Malformed): Fault {
    const { draft } = this.#top;
    const reason = this.isSensitive ? "the sensitive value is not well formed" : message;
    const fault: Fault = { offset, path: draft.path, reason, ...(expected !== undefined && { expected }) };
    draft.fault = fault;
    while (this.#open.length > 1) {
      // What is broken is shown, however many stand before it.
      const node = this.#open.pop() as OpenNode;
      node.draft.end = this.#marked;
      this.#top.draft.children.push(node.draft);
    }
    this.#cursor.position = this.#cursor.bytes.length;
    if (this.#marked < this.#cursor.position) {
      this.open({ label: "not read", sensitive: this.#options.masksRest });
      this.part("not read");
      this.close();
    }
    this.close();
    return fault;
  }

  /** A node of its own without children, for bytes that the cursor steps over next. */
  leaf(details: Details, range: ByteRange, value?: string): void {
    this.open(details);
    this.#cursor.position = Math.min(range.end, this.#cursor.bytes.length);
    this.part("text");
    if (value !== undefined) this.value(value);
    this.close();
  }
}

function join(path: string, step: string): string {
  return path === "" && step.startsWith(".") ? step.slice(1) : path + step;
}
