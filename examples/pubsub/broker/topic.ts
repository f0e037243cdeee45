/** A topic as the broker keeps it: its settings, and what is attached to it. */
import { InvalidArgument } from "../gen/errors.js";
import { TopicState, type Topic } from "../gen/topic.js";
import type { Clock } from "./clock.js";
import { checkName } from "./resource-names.js";
import type { SnapshotRecord } from "./snapshot.js";
import type { StoredMessage } from "./stored-message.js";
import type { SubscriptionRecord } from "./subscription.js";
import { refuseTopicFeatures } from "./unimplemented.js";

export const CHANGEABLE_TOPIC_FIELDS = [
  "labels",
  "messageStoragePolicy",
  "schemaSettings",
  "messageRetentionDuration",
  "ingestionDataSourceSettings",
  "messageTransforms",
] as const satisfies readonly (keyof Topic)[];

export class TopicRecord {
  config: Topic;
  readonly subscriptions = new Set<SubscriptionRecord>();
  readonly snapshots = new Set<SnapshotRecord>();
  readonly #clock: Clock;
  #log: StoredMessage[] = [];

  constructor(config: Topic, clock: Clock) {
    this.config = config;
    this.#clock = clock;
  }

  get name(): string {
    return this.config.name;
  }

  /** What the topic itself still keeps, oldest first: nothing, unless it has a retention of its own. */
  get log(): readonly StoredMessage[] {
    const oldest = this.#clock.now() - (this.config.messageRetentionDuration ?? 0);
    this.#log = this.#log.filter((message) => message.publishedAt > oldest);
    return this.#log;
  }

  /** Into every backlog, every snapshot and the topic's own log. */
  take(message: StoredMessage): void {
    if (this.config.messageRetentionDuration !== undefined) this.#log.push(message);
    for (const subscription of this.subscriptions) subscription.backlog.add(message);
    for (const snapshot of this.snapshots) snapshot.messages.push(message);
  }
}

/**
 * The settings that a topic begins with.
 * @throws InvalidArgument for what the documentation forbids, RpcError UNIMPLEMENTED for what this server cannot do.
 */
export function newTopic(asked: Topic): Topic {
  checkName("topics", asked.name, "topic.name");
  checkTopic(asked);
  const { tags: _inputOnly, satisfiesPzs: _serverOnly, ...config } = asked;
  return { ...config, state: TopicState.ACTIVE };
}

/**
 * @throws InvalidArgument for what the documentation forbids, RpcError UNIMPLEMENTED for what this server cannot do.
 */
export function checkTopic(topic: Topic): void {
  refuseTopicFeatures(topic);
  if (
    topic.messageStoragePolicy !== undefined &&
    (topic.messageStoragePolicy.allowedPersistenceRegions ?? []).length === 0
  ) {
    const field = "topic.messageStoragePolicy.allowedPersistenceRegions";
    throw new InvalidArgument({ field, message: "A storage policy without a region allows storage nowhere." });
  }
}
