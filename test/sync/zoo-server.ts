/** The zoo, served in whatever process this is imported into. */
import { serve, streams, type Server, type ServeOptions } from "@rpcgen/runtime";
import { sharedMemory } from "@rpcgen/runtime/threads";
import * as zoo from "../e2e/gen/zoo.js";
import { ZooWorld } from "../e2e/zoo-world.js";

export { sharedMemory, streams };

/** @param seen of what its handlers tell. */
export function serveZoo(listen: ServeOptions["listen"], seen: string[]): Promise<Server> {
  const handlers = new ZooWorld(zoo).handlers(seen);
  const text = ({ value }: { value: string }): string | Promise<string> => (value === "never" ? new Promise(() => {}) : value);
  return serve({ listen, onError: () => {}, services: [zoo.zooService({ ...handlers, text }), zoo.other2Service({ only: () => ({}) })] });
}
