/** The `Publisher` service over a broker. */
import type { Broker, Draft } from "../broker/broker.js";
import { applyMask } from "../broker/field-mask.js";
import { pageOf } from "../broker/pages.js";
import { checkProject, projectOf } from "../broker/resource-names.js";
import { checkDefinition, type SchemaStore } from "../broker/schema-store.js";
import { CHANGEABLE_TOPIC_FIELDS, checkTopic, newTopic } from "../broker/topic.js";
import { unimplemented } from "../broker/unimplemented.js";
import { InvalidArgument } from "../gen/errors.js";
import type { PublishRequest, PubsubMessage } from "../gen/publishing.js";
import type { PublisherHandlers } from "../gen/pubsub.js";
import { Encoding } from "../gen/schema.js";
import type { Topic } from "../gen/topic.js";

export function publisherHandlers(broker: Broker, schemas: SchemaStore): PublisherHandlers {
  /** @throws NotFound, RpcError UNIMPLEMENTED if the server could not hold messages to the schema of the topic. */
  function checkSchema({ schemaSettings }: Topic): void {
    if (schemaSettings === undefined) return;
    checkDefinition(schemas.find(schemaSettings.schema));
    if (schemaSettings.encoding === Encoding.BINARY)
      unimplemented("Avro's binary encoding is not implemented: data is checked as JSON.");
  }

  return {
    createTopic({ topic }) {
      const config = newTopic(topic);
      checkSchema(config);
      return broker.addTopic(config).config;
    },

    updateTopic({ request }) {
      const topic = broker.topic(request.topic.name);
      const config = applyMask(topic.config, request.topic, request.updateMask, CHANGEABLE_TOPIC_FIELDS);
      checkTopic(config);
      checkSchema(config);
      topic.config = config;
      return config;
    },

    publish({ request }) {
      const topic = broker.topic(request.topic);
      const drafts = draftsOf(request);
      const { schemaSettings } = topic.config;
      if (schemaSettings !== undefined) {
        drafts.forEach((draft, index) => schemas.checkAgainst(schemaSettings, draft.data, `messages[${index}].data`));
      }
      return { messageIds: broker.publish(topic, drafts).map((message) => message.id) };
    },

    getTopic: ({ request }) => broker.topic(request.topic).config,

    listTopics({ request }) {
      checkProject(request.project, "project");
      const topics = [...broker.topics.values()].filter(({ name }) => projectOf(name) === request.project);
      const { items, nextPageToken } = pageOf(topics, ({ name }) => name, request);
      return { topics: items.map(({ config }) => config), nextPageToken };
    },

    listTopicSubscriptions({ request }) {
      const { items, nextPageToken } = pageOf(broker.topic(request.topic).subscriptions, ({ name }) => name, request);
      return { subscriptions: items.map(({ name }) => name), nextPageToken };
    },

    listTopicSnapshots({ request }) {
      const topic = broker.topic(request.topic);
      const snapshots = [...broker.snapshots.values()].filter((snapshot) => topic.snapshots.has(snapshot));
      const { items, nextPageToken } = pageOf(snapshots, ({ name }) => name, request);
      return { snapshots: items.map(({ name }) => name), nextPageToken };
    },

    deleteTopic({ request }) {
      broker.removeTopic(request.topic);
    },

    detachSubscription({ request }) {
      broker.detach(request.subscription);
      return {};
    },
  };
}

/** @throws InvalidArgument for what the documentation forbids; then nothing of the request is published. */
function draftsOf({ messages }: PublishRequest): Draft[] {
  if (messages.length === 0) throw new InvalidArgument({ field: "messages", message: "There is nothing to publish." });
  const orderingKey = messages[0]?.orderingKey ?? "";
  return messages.map((message, index) => draftOf(message, orderingKey, `messages[${index}]`));
}

function draftOf(message: PubsubMessage, orderingKey: string, path: string): Draft {
  const data = message.data ?? new Uint8Array();
  const attributes = message.attributes ?? new Map<string, string>();
  if (data.length === 0 && attributes.size === 0) {
    throw new InvalidArgument({ field: path, message: "A message has data or at least one attribute." });
  }
  if ((message.orderingKey ?? "") !== orderingKey) {
    throw new InvalidArgument({
      field: `${path}.orderingKey`,
      message: "All messages of a request have the same ordering key.",
    });
  }
  if (message.messageId !== undefined || message.publishTime !== undefined) {
    throw new InvalidArgument({ field: path, message: "The id and the time of a message are set by the server." });
  }
  return { data, attributes, orderingKey };
}
