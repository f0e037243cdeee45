/** What a commit changes, as values and as bytes. Operations set things rather than change them: to apply one twice is to apply it once. */
import type { Completion, CompletionKey, CompletionOutcome } from "../../idempotency/completion-store.js";
import { ByteReader } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";

export interface ClientState {
  readonly principal: string;
  readonly client: string;
  /** The watermark. */
  readonly below: number;
  /** Milliseconds since 1970. */
  readonly heardAt: number;
}

export type Operation =
  | { readonly kind: "put"; readonly key: string; readonly value: Uint8Array }
  | { readonly kind: "delete"; readonly key: string }
  | { readonly kind: "complete"; readonly key: CompletionKey; readonly completion: Completion }
  /** The completion goes. */
  | { readonly kind: "expire"; readonly key: CompletionKey }
  /** The client's watermark and when it was heard of; both only grow. */
  | ({ readonly kind: "client" } & ClientState)
  /** The same, and its completions below the watermark go. */
  | ({ readonly kind: "acknowledge" } & ClientState)
  /** The client goes, with all completions. */
  | { readonly kind: "forget"; readonly principal: string; readonly client: string }
  /** Ends a snapshot: so many operations stand before it. */
  | { readonly kind: "end"; readonly count: number };

/** On disk; never given out again. */
const TAG = { put: 1, delete: 2, complete: 3, expire: 4, client: 5, forget: 6, end: 7, acknowledge: 8 } as const satisfies Record<Operation["kind"], number>;
const OUTCOMES = ["reply", "error", "notRetained", "tombstone"] as const satisfies readonly CompletionOutcome["kind"][];

export function encodeOperations(operations: readonly Operation[]): Uint8Array {
  const writer = new ByteWriter();
  for (const operation of operations) {
    writer.byte(TAG[operation.kind]);
    switch (operation.kind) {
      case "put":
        writer.text(operation.key).bytes(operation.value);
        break;
      case "delete":
        writer.text(operation.key);
        break;
      case "complete":
        writeKey(writer, operation.key);
        writeCompletion(writer, operation.completion);
        break;
      case "expire":
        writeKey(writer, operation.key);
        break;
      case "client":
      case "acknowledge":
        writer.text(operation.principal).text(operation.client).number(operation.below).number(operation.heardAt);
        break;
      case "forget":
        writer.text(operation.principal).text(operation.client);
        break;
      case "end":
        writer.number(operation.count);
        break;
    }
  }
  return writer.finish();
}

/** @throws RangeError if the bytes are none of ours; their checksum was right, so another version wrote them. */
export function decodeOperations(bytes: Uint8Array): Operation[] {
  const reader = new ByteReader(bytes);
  const operations: Operation[] = [];
  while (!reader.atEnd) operations.push(readOperation(reader));
  return operations;
}

function readOperation(reader: ByteReader): Operation {
  const tag = reader.byte();
  switch (tag) {
    case TAG.put:
      return { kind: "put", key: reader.text(), value: reader.bytes() };
    case TAG.delete:
      return { kind: "delete", key: reader.text() };
    case TAG.complete:
      return { kind: "complete", key: readKey(reader), completion: readCompletion(reader) };
    case TAG.expire:
      return { kind: "expire", key: readKey(reader) };
    case TAG.client:
      return { kind: "client", ...readClient(reader) };
    case TAG.acknowledge:
      return { kind: "acknowledge", ...readClient(reader) };
    case TAG.forget:
      return { kind: "forget", principal: reader.text(), client: reader.text() };
    case TAG.end:
      return { kind: "end", count: reader.number() };
    default:
      throw new RangeError(`There is no operation ${tag}.`);
  }
}

function readClient(reader: ByteReader): ClientState {
  return { principal: reader.text(), client: reader.text(), below: reader.number(), heardAt: reader.number() };
}

function writeKey(writer: ByteWriter, { principal, client, sequence }: CompletionKey): void {
  writer.text(principal).text(client).number(sequence);
}

function readKey(reader: ByteReader): CompletionKey {
  return { principal: reader.text(), client: reader.text(), sequence: reader.number() };
}

function writeCompletion(writer: ByteWriter, { method, fingerprint, outcome, completedAt }: Completion): void {
  writer.text(method).bytes(fingerprint).number(completedAt).byte(OUTCOMES.indexOf(outcome.kind));
  if (outcome.kind === "reply" || outcome.kind === "error") writer.bytes(outcome.payload);
}

function readCompletion(reader: ByteReader): Completion {
  const [method, fingerprint, completedAt, at] = [reader.text(), reader.bytes(), reader.number(), reader.byte()];
  const kind = OUTCOMES[at];
  if (kind === undefined) throw new RangeError(`There is no outcome ${at}.`);
  const outcome: CompletionOutcome = kind === "reply" || kind === "error" ? { kind, payload: reader.bytes() } : { kind };
  return { method, fingerprint, outcome, completedAt };
}
