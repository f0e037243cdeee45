/** Which method a path of HTTP names, and what can be asked of it there. */
import type { AnyMethod } from "../rpc/descriptor.js";
import type { ServiceBinding, ServiceJson } from "../rpc/server/service-table.js";
import { binaryEncoding, jsonEncoding, type Encoding } from "./encoding.js";

export interface Route {
  readonly method: AnyMethod;
  readonly binary: Encoding;
  /** Undefined where the code of the service knows no JSON. */
  readonly json: Encoding | undefined;
  /** By full name, of the errors of the service. */
  readonly errors: ServiceJson["errors"];
}

export class Routes {
  readonly #routes = new Map<string, Route>();

  constructor(services: readonly ServiceBinding[]) {
    for (const { descriptor, json } of services) {
      const service = json?.();
      for (const [name, method] of Object.entries(descriptor.methods)) {
        const types = ownEntry(service?.methods, name);
        this.#routes.set(`/${method.path}`, {
          method,
          binary: binaryEncoding(method),
          json: types && jsonEncoding(method, types),
          errors: service?.errors ?? {},
        });
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
