/** The broker: every topic, subscription and snapshot by name, and how a message gets from one to the other. */
import { AlreadyExists, NotFound } from "../gen/errors.js";
import { DELETED_TOPIC } from "../gen/names.js";
import type { Snapshot } from "../gen/snapshot.js";
import type { Subscription } from "../gen/subscription.js";
import type { Topic } from "../gen/topic.js";
import { Backlog } from "./backlog.js";
import type { Clock } from "./clock.js";
import { snapshotExpiry, type SnapshotRecord } from "./snapshot.js";
import type { StoredMessage } from "./stored-message.js";
import { backlogPolicy, type SubscriptionRecord } from "./subscription.js";
import { TopicRecord } from "./topic.js";

/** What a publisher says about a message; the rest is the broker's. */
export type Draft = Pick<StoredMessage, "data" | "attributes" | "orderingKey">;

export class Broker {
  readonly clock: Clock;
  readonly topics = new Map<string, TopicRecord>();
  readonly subscriptions = new Map<string, SubscriptionRecord>();
  readonly #snapshots = new Map<string, SnapshotRecord>();
  #messages = 0;
  #subscriptionsMade = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @throws NotFound */
  topic(name: string): TopicRecord {
    return this.topics.get(name) ?? notFound(name);
  }

  /** @throws NotFound */
  subscription(name: string): SubscriptionRecord {
    return this.subscriptions.get(name) ?? notFound(name);
  }

  /** @throws NotFound */
  snapshot(name: string): SnapshotRecord {
    return this.snapshots.get(name) ?? notFound(name);
  }

  /** Those that have not expired. */
  get snapshots(): ReadonlyMap<string, SnapshotRecord> {
    for (const [name, snapshot] of this.#snapshots)
      if (snapshot.expiresAt <= this.clock.now()) this.removeSnapshot(name);
    return this.#snapshots;
  }

  /** @throws AlreadyExists */
  addTopic(config: Topic): TopicRecord {
    if (this.topics.has(config.name)) alreadyExists(config.name);
    const topic = new TopicRecord(config, this.clock);
    this.topics.set(config.name, topic);
    return topic;
  }

  /** What was attached to the topic stays, without one. @throws NotFound */
  removeTopic(name: string): void {
    const topic = this.topic(name);
    for (const subscription of topic.subscriptions) {
      delete subscription.topic;
      subscription.config = { ...subscription.config, topic: DELETED_TOPIC };
    }
    for (const snapshot of topic.snapshots) snapshot.config = { ...snapshot.config, topic: DELETED_TOPIC };
    this.topics.delete(name);
  }

  /** Gives every message its id and its place in the order. */
  publish(topic: TopicRecord, drafts: readonly Draft[]): StoredMessage[] {
    return drafts.map((draft) => {
      const sequence = ++this.#messages;
      const message: StoredMessage = { ...draft, sequence, id: String(sequence), publishedAt: this.clock.now() };
      topic.take(message);
      return message;
    });
  }

  /** @throws AlreadyExists, and NotFound for its topic. */
  addSubscription(config: Subscription): SubscriptionRecord {
    if (this.subscriptions.has(config.name)) alreadyExists(config.name);
    const topic = this.topic(config.topic);
    const backlog = new Backlog(++this.#subscriptionsMade, this.#policy(config), this.clock);
    const record: SubscriptionRecord = { config, name: config.name, backlog, topic };
    topic.subscriptions.add(record);
    this.subscriptions.set(config.name, record);
    return record;
  }

  reconfigure(record: SubscriptionRecord, config: Subscription): void {
    record.config = config;
    record.backlog.policy = this.#policy(config);
  }

  /** @throws NotFound */
  removeSubscription(name: string): void {
    const record = this.subscription(name);
    this.subscriptions.delete(name);
    record.topic?.subscriptions.delete(record);
    record.backlog.clear();
  }

  /** @throws NotFound */
  detach(name: string): void {
    const record = this.subscription(name);
    record.topic?.subscriptions.delete(record);
    delete record.topic;
    record.config = { ...record.config, detached: true };
    record.backlog.clear();
  }

  /** @throws AlreadyExists, and FailedPrecondition for a backlog that is too old. */
  addSnapshot(name: string, record: SubscriptionRecord, labels: Snapshot["labels"]): SnapshotRecord {
    if (this.snapshots.has(name)) alreadyExists(name);
    const messages = record.backlog.unacknowledged();
    const expiresAt = snapshotExpiry(messages, this.clock.now(), record.name);
    const config: Snapshot = {
      name,
      topic: record.config.topic,
      expireTime: new Date(expiresAt),
      ...(labels !== undefined && { labels }),
    };
    const snapshot: SnapshotRecord = { config, name, messages, expiresAt };
    record.topic?.snapshots.add(snapshot);
    this.#snapshots.set(name, snapshot);
    return snapshot;
  }

  removeSnapshot(name: string): void {
    const snapshot = this.#snapshots.get(name) ?? notFound(name);
    this.#snapshots.delete(name);
    for (const topic of this.topics.values()) topic.snapshots.delete(snapshot);
  }

  #policy(config: Subscription): Backlog["policy"] {
    return backlogPolicy(config, (name, message) => {
      const topic = this.topics.get(name);
      if (topic !== undefined) this.publish(topic, [message]);
      return topic !== undefined;
    });
  }
}

function notFound(resource: string): never {
  throw new NotFound({ resource, message: `There is no "${resource}".` });
}

function alreadyExists(resource: string): never {
  throw new AlreadyExists({ resource, message: `"${resource}" exists.` });
}
