/** The options of `serve`, looked at before anything is made of them. */
import { show } from "../../wire/errors.js";
import { faultOfNames, type NamesOf } from "../../wire/known-names.js";
import { faultOfInterceptors, faultOfLimits, faultOfList, type Fault } from "../option-fault.js";
import { DEFAULT_SERVER_LIMITS } from "./server-limits.js";
import type { ServeOptions } from "./server.js";

/** Those of all platforms: pages have no `tls` and no `origins` to serve, and take what they share with programs. */
const NAMES: NamesOf<ServeOptions & { readonly tls?: unknown; readonly origins?: unknown; readonly store?: unknown }> = {
  listen: 0,
  services: 0,
  store: 0,
  authenticate: 0,
  interceptors: 0,
  observe: 0,
  limits: 0,
  transports: 0,
  onError: 0,
  tls: 0,
  origins: 0,
  clock: 0,
  random: 0,
};

/** @throws TypeError for what is of a wrong type or an unknown name. Addresses are looked at by their transports. */
export function checkServeOptions(options: unknown): void {
  const fault = faultOf(options);
  if (fault !== undefined) throw new TypeError(fault);
}

type Given = { [Name in keyof ServeOptions | "origins"]?: unknown };

function faultOf(options: unknown): Fault {
  if (typeof options !== "object" || options === null) return "serve takes an object: give it { listen, services }";
  const { services, interceptors, transports, limits, origins, authenticate, onError, observe } = options as Given;
  return (
    faultOfServices(services) ??
    faultOfInterceptors(interceptors) ??
    faultOfList("transports", transports, "transports") ??
    faultOfList("origins", origins, 'origins, such as ["https://app.example.org"]') ??
    faultOfLimits(limits, DEFAULT_SERVER_LIMITS) ??
    faultOfFunctions({ authenticate, onError, observe }) ??
    faultOfNames("option", options, NAMES)
  );
}

function faultOfServices(services: unknown): Fault {
  const of = "what the generated functions make, such as [ordersService(handlers)]";
  if (!Array.isArray(services)) return `\`services\` is ${show(services)}: give the list of ${of}`;
  for (const [index, service] of services.entries()) {
    const fault = faultOfService(service);
    if (fault !== undefined) return `\`services[${index}]\` is ${fault}: give what a generated function makes, such as ordersService(handlers)`;
    const { descriptor, handlers } = service as { descriptor: { name: string }; handlers: unknown };
    if (typeof handlers !== "object" || handlers === null) {
      return `the handlers of ${descriptor.name} are ${show(handlers)}: give an object with its methods`;
    }
  }
  return undefined;
}

function faultOfService(service: unknown): Fault {
  if (typeof service !== "object" || service === null) return show(service);
  const { descriptor } = service as { descriptor?: unknown };
  return typeof descriptor === "object" && descriptor !== null ? undefined : `${show(service)} without a descriptor`;
}

function faultOfFunctions(options: Readonly<Record<string, unknown>>): Fault {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && typeof value !== "function") return `\`${name}\` is ${show(value)}, not a function`;
  }
  return undefined;
}
