/** A streaming pull: messages go one way while acknowledgements and changes of deadlines come the other. */
import { formatAckId, type AckIdParts } from "../broker/ack-id.js";
import type { Lease } from "../broker/backlog.js";
import { weight } from "../broker/stored-message.js";
import { checkAckDeadline, type SubscriptionRecord } from "../broker/subscription.js";
import { InvalidArgument } from "../gen/errors.js";
import type { StreamingPullRequest, StreamingPullResponse, StreamingPullResponseInit } from "../gen/subscribing.js";
import { readAckId, receivedMessage } from "./received-message.js";

/** The most messages that one response carries. */
const BATCH = 100;

/**
 * Answers until the client ends its side or leaves. What is out by then comes back after its deadline.
 * @throws NotFound, FailedPrecondition or InvalidArgument, each of which ends the stream, at any time.
 */
export async function* streamingPull(
  requests: AsyncIterable<StreamingPullRequest>,
  signal: AbortSignal,
  find: (subscription: string) => SubscriptionRecord,
): AsyncGenerator<StreamingPullResponseInit> {
  const incoming = requests[Symbol.asyncIterator]();
  const first = await incoming.next();
  if (first.done === true) return;
  const stream = new PullStream(find(first.value.subscription), first.value);
  yield { receivedMessages: [], subscriptionProperties: stream.properties };

  void stream.read(incoming);
  while (!signal.aborted) {
    if (stream.end !== undefined) {
      if ("error" in stream.end) throw stream.end.error;
      return;
    }
    find(first.value.subscription);
    const response = stream.next();
    if (response === undefined) await stream.subscription.backlog.wait(Infinity, signal);
    else yield response;
  }
}

/** What one stream has out, and what it has still to confirm. */
class PullStream {
  readonly subscription: SubscriptionRecord;
  /** Set once the client has ended its side, or a request of it was wrong. */
  end?: { readonly error?: unknown };
  readonly #limit: { readonly messages: number; readonly bytes: number };
  #ackDeadlineSeconds: number;
  /** By ack id. Leases that end by themselves are swept out when the limits are looked at. */
  readonly #out = new Map<string, Lease>();
  #acknowledged: Settlement = { ackIds: [], invalidAckIds: [] };
  #modified: Settlement = { ackIds: [], invalidAckIds: [] };

  constructor(subscription: SubscriptionRecord, first: StreamingPullRequest) {
    this.subscription = subscription;
    this.#limit = { messages: limitOf(first.maxOutstandingMessages), bytes: limitOf(first.maxOutstandingBytes) };
    this.#ackDeadlineSeconds = first.streamAckDeadlineSeconds;
    if (first.streamAckDeadlineSeconds === 0) {
      throw new InvalidArgument({
        field: "streamAckDeadlineSeconds",
        message: "The first request says how long a delivery may stay unacknowledged.",
      });
    }
    checkAckDeadline(first.streamAckDeadlineSeconds, "streamAckDeadlineSeconds");
    this.#settle(first);
  }

  get properties(): NonNullable<StreamingPullResponse["subscriptionProperties"]> {
    const { enableExactlyOnceDelivery = false, enableMessageOrdering = false } = this.subscription.config;
    return { exactlyOnceDeliveryEnabled: enableExactlyOnceDelivery, messageOrderingEnabled: enableMessageOrdering };
  }

  /** Takes every request behind the first. It never rejects: what went wrong is in `end`. */
  async read(incoming: AsyncIterator<StreamingPullRequest>): Promise<void> {
    try {
      for (let next = await incoming.next(); next.done !== true; next = await incoming.next()) this.#take(next.value);
      this.end = {};
    } catch (error) {
      this.end = { error };
    }
    this.subscription.backlog.wake();
  }

  #take(request: StreamingPullRequest): void {
    if (request.subscription !== "") {
      throw new InvalidArgument({ field: "subscription", message: "Only the first request names the subscription." });
    }
    for (const field of ["maxOutstandingMessages", "maxOutstandingBytes", "protocolVersion"] as const) {
      if (request[field] !== undefined)
        throw new InvalidArgument({ field, message: "Only the first request sets it." });
    }
    checkAckDeadline(request.streamAckDeadlineSeconds, "streamAckDeadlineSeconds");
    if (request.streamAckDeadlineSeconds !== 0) this.#ackDeadlineSeconds = request.streamAckDeadlineSeconds;
    this.#settle(request);
    this.subscription.backlog.wake();
  }

  /** The next response, or undefined if there is nothing to say. */
  next(): StreamingPullResponseInit | undefined {
    const { config } = this.subscription;
    const leases = this.#lease();
    for (const lease of leases) this.#out.set(formatAckId(lease.ackId), lease);
    const [acknowledged, modified] = [this.#acknowledged, this.#modified];
    this.#acknowledged = { ackIds: [], invalidAckIds: [] };
    this.#modified = { ackIds: [], invalidAckIds: [] };
    const confirms = config.enableExactlyOnceDelivery === true;
    const confirmAcks = confirms && isSettled(acknowledged);
    const confirmDeadlines = confirms && isSettled(modified);
    if (leases.length === 0 && !confirmAcks && !confirmDeadlines) return undefined;
    return {
      receivedMessages: leases.map((lease) => receivedMessage(lease, this.subscription)),
      ...(confirmAcks && {
        acknowledgeConfirmation: { ...acknowledged, unorderedAckIds: [], temporaryFailedAckIds: [] },
      }),
      ...(confirmDeadlines && { modifyAckDeadlineConfirmation: { ...modified, temporaryFailedAckIds: [] } }),
    };
  }

  /** As many as the limits leave room for. */
  #lease(): Lease[] {
    const { backlog } = this.subscription;
    let bytes = 0;
    for (const [text, lease] of this.#out) {
      if (backlog.isOut(lease.ackId)) bytes += weight(lease.message);
      else this.#out.delete(text);
    }
    const room = { messages: this.#limit.messages - this.#out.size, bytes: this.#limit.bytes - bytes };
    if (room.messages <= 0 || room.bytes <= 0) return [];
    return backlog.lease(
      { messages: Math.min(BATCH, room.messages), bytes: room.bytes },
      this.#ackDeadlineSeconds * 1000,
    );
  }

  #settle(request: StreamingPullRequest): void {
    const { backlog } = this.subscription;
    const acks = (request.ackIds ?? []).map((text, index) => readAckId(text, `ackIds[${index}]`));
    const deadlines = request.modifyDeadlineSeconds ?? [];
    const modified = (request.modifyDeadlineAckIds ?? []).map((text, index) =>
      readAckId(text, `modifyDeadlineAckIds[${index}]`),
    );
    if (deadlines.length !== modified.length) {
      const message = `There are ${deadlines.length} deadlines for ${modified.length} ack ids.`;
      throw new InvalidArgument({ field: "modifyDeadlineSeconds", message });
    }
    if (deadlines.some((seconds) => seconds < 0)) {
      throw new InvalidArgument({ field: "modifyDeadlineSeconds", message: "A deadline is not less than 0." });
    }
    for (const ackId of acks) note(this.#acknowledged, ackId, backlog.acknowledge(ackId) === "settled");
    modified.forEach((ackId, index) =>
      note(this.#modified, ackId, backlog.modifyDeadline(ackId, (deadlines[index] ?? 0) * 1000) === "settled"),
    );
  }
}

interface Settlement {
  readonly ackIds: string[];
  readonly invalidAckIds: string[];
}

function note(settlement: Settlement, ackId: AckIdParts, settled: boolean): void {
  (settled ? settlement.ackIds : settlement.invalidAckIds).push(formatAckId(ackId));
}

function isSettled({ ackIds, invalidAckIds }: Settlement): boolean {
  return ackIds.length + invalidAckIds.length > 0;
}

function limitOf(asked: number | undefined): number {
  return asked !== undefined && asked > 0 ? asked : Infinity;
}
