/** A subscription as the broker keeps it: its settings, and its backlog. */
import { InvalidArgument } from "../gen/errors.js";
import { SubscriptionState, type Subscription } from "../gen/subscription.js";
import type { Backlog, BacklogPolicy } from "./backlog.js";
import type { StoredMessage } from "./stored-message.js";
import type { TopicRecord } from "./topic.js";
import { refuseSubscriptionFeatures } from "./unimplemented.js";

const DAY_MS = 86_400_000;
const MIN_ACK_DEADLINE_SECONDS = 10;
const DEFAULT_BACKOFF = { minMs: 10_000, maxMs: 600_000 };
const DEFAULT_DELIVERY_ATTEMPTS = 5;

export const CHANGEABLE_SUBSCRIPTION_FIELDS = [
  "pushConfig",
  "bigqueryConfig",
  "bigtableConfig",
  "cloudStorageConfig",
  "ackDeadlineSeconds",
  "retainAckedMessages",
  "messageRetentionDuration",
  "labels",
  "expirationPolicy",
  "deadLetterPolicy",
  "retryPolicy",
  "enableExactlyOnceDelivery",
  "messageTransforms",
] as const satisfies readonly (keyof Subscription)[];

export interface SubscriptionRecord {
  config: Subscription;
  readonly name: string;
  readonly backlog: Backlog;
  /** Absent once the topic is deleted or the subscription detached. */
  topic?: TopicRecord;
}

/**
 * The settings that a subscription begins with, the documented defaults filled in.
 * @throws InvalidArgument for what the documentation forbids, RpcError UNIMPLEMENTED for what this server cannot do.
 */
export function newSubscription(asked: Subscription): Subscription {
  checkSubscription(asked);
  const { tags: _inputOnly, detached: _later, ...config } = asked;
  return withDefaults({ ...config, state: SubscriptionState.ACTIVE });
}

/** The same settings, with the documented values where there are none. */
export function withDefaults(subscription: Subscription): Subscription {
  return {
    ...subscription,
    ackDeadlineSeconds: subscription.ackDeadlineSeconds || MIN_ACK_DEADLINE_SECONDS,
    messageRetentionDuration: subscription.messageRetentionDuration ?? 7 * DAY_MS,
    expirationPolicy: subscription.expirationPolicy ?? { ttl: 31 * DAY_MS },
  };
}

/**
 * @throws InvalidArgument for what the documentation forbids, RpcError UNIMPLEMENTED for what this server cannot do.
 */
export function checkSubscription(subscription: Subscription): void {
  refuseSubscriptionFeatures(subscription);
  checkAckDeadline(subscription.ackDeadlineSeconds ?? 0, "subscription.ackDeadlineSeconds");
  const attempts = subscription.deadLetterPolicy?.maxDeliveryAttempts ?? 0;
  if (attempts > 0 && attempts < 5) {
    const field = "subscription.deadLetterPolicy.maxDeliveryAttempts";
    throw new InvalidArgument({ field, message: `${attempts} is not 0 and not between 5 and 100.` });
  }
  const ttl = subscription.expirationPolicy?.ttl;
  if (ttl !== undefined && ttl < DAY_MS) {
    throw new InvalidArgument({
      field: "subscription.expirationPolicy.ttl",
      message: "A subscription lives for a day at least.",
    });
  }
}

/**
 * @throws InvalidArgument unless it is 0, which means the default, or from 10 seconds on. The schema holds the other
 * end.
 */
export function checkAckDeadline(seconds: number, field: string): void {
  if (seconds !== 0 && seconds < MIN_ACK_DEADLINE_SECONDS) {
    throw new InvalidArgument({
      field,
      message: `${seconds} seconds is less than the least, which is ${MIN_ACK_DEADLINE_SECONDS}.`,
    });
  }
}

/**
 * What the settings mean for the backlog. `toTopic` publishes a dead letter, and says false if there is no such topic.
 */
export function backlogPolicy(
  config: Subscription,
  toTopic: (topic: string, message: StoredMessage) => boolean,
): BacklogPolicy {
  const { retryPolicy, deadLetterPolicy } = config;
  const deadLetterTopic = deadLetterPolicy?.deadLetterTopic;
  return {
    ackDeadlineMs: (config.ackDeadlineSeconds || MIN_ACK_DEADLINE_SECONDS) * 1000,
    ordered: config.enableMessageOrdering ?? false,
    exactlyOnce: config.enableExactlyOnceDelivery ?? false,
    retainAcknowledged: config.retainAckedMessages ?? false,
    retentionMs: config.messageRetentionDuration ?? 7 * DAY_MS,
    ...(retryPolicy !== undefined && {
      backoff: {
        minMs: retryPolicy.minimumBackoff ?? DEFAULT_BACKOFF.minMs,
        maxMs: retryPolicy.maximumBackoff ?? DEFAULT_BACKOFF.maxMs,
      },
    }),
    ...(deadLetterTopic !== undefined && {
      deadLetter: {
        maxAttempts: deadLetterPolicy?.maxDeliveryAttempts || DEFAULT_DELIVERY_ATTEMPTS,
        deliver: (message) => toTopic(deadLetterTopic, message),
      },
    }),
  };
}
