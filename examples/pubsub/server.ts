/** Pub/Sub in memory: the generated skeletons over one broker. Nothing survives the process. */
import { serve, type ServiceBinding } from "@rpcgen/runtime";
import { Broker } from "./broker/broker.js";
import { systemClock, type Clock } from "./broker/clock.js";
import { SchemaStore } from "./broker/schema-store.js";
import { publisherService, subscriberService } from "./gen/pubsub.js";
import { schemasService } from "./gen/schema.js";
import { publisherHandlers } from "./handlers/publisher.js";
import { schemaHandlers } from "./handlers/schemas.js";
import { subscriberHandlers } from "./handlers/subscriber.js";

/** The three services over a new and empty broker. */
export function pubsubServices(clock: Clock = systemClock): ServiceBinding[] {
  const broker = new Broker(clock);
  const schemas = new SchemaStore(clock);
  return [
    publisherService(publisherHandlers(broker, schemas)),
    subscriberService(subscriberHandlers(broker)),
    schemasService(schemaHandlers(schemas, broker)),
  ];
}

/** Serves a new and empty broker at these addresses. */
export function startServer(listen: string[]): ReturnType<typeof serve> {
  return serve({ listen, services: pubsubServices() });
}
