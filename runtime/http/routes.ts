/** Which method a path of HTTP names, and what can be asked of it there. */
import type { AnyMethod } from "../rpc/descriptor.js";
import type { MethodJson, ServiceBinding, ServiceJson } from "../rpc/service-table.js";

export interface Route {
  readonly method: AnyMethod;
  /** Undefined where the code of the service was generated without JSON. */
  readonly json: MethodJson | undefined;
  /** By full name, of the errors of the service. */
  readonly errors: ServiceJson["errors"];
}

export class Routes {
  readonly #routes = new Map<string, Route>();

  constructor(services: readonly ServiceBinding[]) {
    for (const { descriptor, json } of services) {
      const service = json?.();
      for (const [name, method] of Object.entries(descriptor.methods)) {
        const route = { method, json: ownEntry(service?.methods, name), errors: service?.errors ?? {} };
        this.#routes.set(`/${method.path}`, route);
      }
    }
  }

  find(path: string): Route | undefined {
    return this.#routes.get(path);
  }
}

/** What is asked of a server by GET has no effect: caches, previews and crawlers do it unasked. */
export function verbsOf({ semantics, kind }: AnyMethod): readonly string[] {
  if (semantics !== "readonly" || kind === "clientStream" || kind === "duplex") return ["POST"];
  return kind === "unary" ? ["GET", "HEAD", "POST"] : ["GET", "POST"];
}

function ownEntry<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
