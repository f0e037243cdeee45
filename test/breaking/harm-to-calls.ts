/** Harm to calls: servers of one version answer clients of the other, as they are generated, within this process. */
import { connect, RpcError, serve, type Channel } from "../../runtime/index.js";
import type { MethodDescriptor, ServiceBinding } from "../../runtime/generated.js";
import type { Method, Service } from "../../src/ir/schema.js";
import { splitSample } from "../checker/program.js";
import { loadModules, rootsOf, type Modules } from "../load-generated.js";
import { Random } from "../random/random.js";
import { randomValue } from "../random/value.js";
import { agree, SEED, type Harm } from "./harm.js";

type Call = (argument: unknown, options: object) => Promise<unknown> | AsyncIterable<unknown>;
type Row = Readonly<{ service: Service; method: Method }>;

/** Ends a call that the other version never answers, which is a harm like any other. */
const OPTIONS = { timeoutMs: 5000 };
/** A header by which a client asks the server for one of the errors that the method throws, by its name on the wire. */
const THROW = "x-throw";

let worlds = 0;

const calls: Harm = async (before, after) => {
  const [old, fresh] = [await loadModules(splitSample(before)), await loadModules(splitSample(after))];
  // What only new clients know, old servers cannot have: that is an addition.
  const known = new Set(methodsOf(old).map(({ method }) => method.path));
  return [
    ...(await misanswered(old, fresh, known)).map((what) => `old clients: ${what}`),
    ...(await misanswered(fresh, old, known)).map((what) => `new clients: ${what}`),
  ];
};

/** An error that no method throws is thrown by one that both versions get. */
const callsOfError: Harm = (before, after) => {
  const service = "service S {\n  @readonly a() -> u32 throws A;\n}\n";
  return calls(`${before}${service}`, `${after}${service}`);
};

/** What the clients' methods give that is not what the servers' handlers gave. */
async function misanswered(client: Modules, server: Modules, known: ReadonlySet<string>): Promise<string[]> {
  const given = new Map<string, unknown>();
  const running = await serve({ listen: [`inproc:breaking-${worlds++}`], onError: () => {}, services: servicesOf(server, given) });
  const channel = await connect(running.addresses[0] ?? "");
  try {
    const wrong: string[] = [];
    for (const row of methodsOf(client)) {
      const { path } = row.method;
      if (!known.has(path)) continue;
      const got = await answer(client, channel, row, {});
      if (got instanceof RpcError) wrong.push(`${path} fails with ${got.code}`);
      else if (!sameAnswer(given.get(path), got)) wrong.push(`${path} gives another value than the server`);
      const thrown = methodsOf(server).find(({ method }) => method.path === path)?.method.throws ?? [];
      for (const name of thrown) wrong.push(...(await misthrown(client, channel, row, server.index.declaration(name).wireName)));
    }
    return wrong;
  } finally {
    await channel.close();
    await running.close({ graceMs: 100 });
  }
}

/** What a client sees of an error: its class, and the code that callers without classes see. */
async function misthrown(client: Modules, channel: Channel, row: Row, wireName: string): Promise<string[]> {
  const headers = { [THROW]: wireName };
  const got = await answer(client, channel, row, headers);
  if (!(got instanceof RpcError)) return [`${row.method.path} does not fail with ${wireName}`];
  if (got.constructor === RpcError) return [`${wireName} has no class: ${got.code}`];
  const descriptor = { ...descriptorOf(client, row), errors: [] };
  const bare = await channel.unary(descriptor, argumentOf(client, row.method), { ...OPTIONS, headers }).catch((error: unknown) => error);
  const declared = client.schema.files.flatMap(({ declarations }) => declarations).find((each) => each.kind === "error" && each.wireName === wireName);
  const code = declared?.kind === "error" ? declared.code : undefined;
  return bare instanceof RpcError && bare.code === code ? [] : [`${wireName} has the code ${bare instanceof RpcError ? bare.code : "of no error"}, not ${code}`];
}

/** What the generated client gives, or the error that it throws. */
async function answer(client: Modules, channel: Channel, { service, method }: Row, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const Client = exported(client, `${service.tsName ?? service.name}Client`) as new (channel: Channel) => Record<string, Call>;
  try {
    const result = new Client(channel)[method.tsName ?? method.name]?.(argumentOf(client, method), { ...OPTIONS, headers });
    return isStream(result) ? await collected(result) : await result;
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
}

function argumentOf({ index }: Modules, method: Method): unknown {
  const value = randomValue(new Random(SEED), index, rootsOf(method).request);
  return method.parameters.kind === "stream" ? [value, value] : value;
}

/** Handlers that give random values, and what they last gave by path. */
function servicesOf(server: Modules, given: Map<string, unknown>): ServiceBinding[] {
  const random = new Random(SEED);
  const services = new Set(methodsOf(server).map(({ service }) => service));
  return [...services].map((service) => {
    const handlers = service.methods.map((method) => {
      const { response } = rootsOf(method);
      const value = (): unknown => (response === undefined ? undefined : randomValue(random, server.index, response));
      const give = (answers: unknown): unknown => {
        given.set(method.path, answers);
        return answers;
      };
      const begin = async (request: unknown, headers: Readonly<Record<string, string>>): Promise<void> => {
        if (method.parameters.kind === "stream") await collected(request as AsyncIterable<unknown>);
        const thrown = method.throws.find((name) => server.index.declaration(name).wireName === headers[THROW]);
        if (thrown !== undefined) throw new (exported(server, classOf(server, thrown)) as new (fields: object) => Error)({});
      };
      const unary = async (request: unknown, context: Context): Promise<unknown> => {
        await begin(request, context.headers);
        return give(value());
      };
      const stream = async function* (request: unknown, context: Context): AsyncGenerator {
        await begin(request, context.headers);
        yield* give([value(), value()]) as unknown[];
      };
      return [method.tsName ?? method.name, method.result?.stream === true ? stream : unary];
    });
    const name = service.tsName ?? service.name;
    const bind = exported(server, `${name.charAt(0).toLowerCase()}${name.slice(1)}Service`) as (handlers: object) => ServiceBinding;
    return bind(Object.fromEntries(handlers));
  });
}

interface Context {
  readonly headers: Readonly<Record<string, string>>;
}

function classOf({ index }: Modules, fullName: string): string {
  const { tsName, name } = index.declaration(fullName);
  return tsName ?? name;
}

function descriptorOf(client: Modules, { service, method }: Row): MethodDescriptor<unknown, unknown> {
  const methods = exported(client, `${service.tsName ?? service.name}Methods`) as Record<string, MethodDescriptor<unknown, unknown>>;
  return methods[method.tsName ?? method.name] ?? missing(method.path);
}

function exported({ paths, load }: Modules, name: string): unknown {
  return paths.map((path) => load(path)[name]).find((each) => each !== undefined) ?? missing(name);
}

function missing(name: string): never {
  throw new Error(`nothing generated is called "${name}"`);
}

function methodsOf({ schema }: Modules): Row[] {
  const services = schema.files.flatMap(({ declarations }) => declarations.filter((each): each is Service => each.kind === "service"));
  return services.flatMap((service) => service.methods.map((method) => ({ service, method })));
}

/** Where there is nothing to give there is nothing to get. */
function sameAnswer(given: unknown, got: unknown): boolean {
  return (given === undefined) === (got === undefined) && agree(given, got);
}

function isStream(result: unknown): result is AsyncIterable<unknown> {
  return typeof result === "object" && result !== null && Symbol.asyncIterator in result;
}

async function collected(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** By rule. */
export const harmToCalls: Readonly<Record<string, Harm>> = {
  "service-removed": calls,
  "method-removed": calls,
  "method-wire-name": calls,
  "request-stream-changed": calls,
  "response-stream-changed": calls,
  "result-added": calls,
  "result-removed": calls,
  "error-thrown-added": calls,
  "error-removed": calls,
  "error-code-changed": callsOfError,
};
