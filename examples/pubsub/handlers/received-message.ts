/** Leases as a subscriber sees them, and ack ids as they come back. */
import { formatAckId, parseAckId, type AckIdParts } from "../broker/ack-id.js";
import type { Lease } from "../broker/backlog.js";
import type { StoredMessage } from "../broker/stored-message.js";
import type { SubscriptionRecord } from "../broker/subscription.js";
import { InvalidArgument } from "../gen/errors.js";
import type { PubsubMessage } from "../gen/publishing.js";
import type { ReceivedMessage } from "../gen/subscribing.js";

export function receivedMessage(lease: Lease, subscription: SubscriptionRecord): ReceivedMessage {
  return {
    ackId: formatAckId(lease.ackId),
    message: pubsubMessage(lease.message),
    deliveryAttempt: subscription.config.deadLetterPolicy === undefined ? 0 : lease.attempt,
  };
}

/** @throws InvalidArgument for one that the server never made. */
export function readAckId(text: string, field: string): AckIdParts {
  const ackId = parseAckId(text);
  if (ackId === undefined) throw new InvalidArgument({ field, message: `"${text}" is not an ack id.` });
  return ackId;
}

function pubsubMessage({ data, attributes, id, publishedAt, orderingKey }: StoredMessage): PubsubMessage {
  return {
    ...(data.length > 0 && { data }),
    ...(attributes.size > 0 && { attributes: new Map(attributes) }),
    messageId: id,
    publishTime: new Date(publishedAt),
    ...(orderingKey !== "" && { orderingKey }),
  };
}
