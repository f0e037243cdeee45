/** Finds what a name on the command line means among the declarations of a schema. */
import { closest, didYouMean } from "../diagnostics/did-you-mean.js";
import type { Declaration, Method, Schema, Service } from "../ir/schema.js";
import type { NotFound } from "./type-expression.js";

const MOST_NAMED = 8;

export type Named<T> = { readonly found: T } | NotFound;

export interface FoundMethod {
  readonly service: Service;
  readonly method: Method;
}

/**
 * `package.Service/method`, `Service/method`, or with a dot before the method. Undefined where the text does not have the
 * form of a method, and is no method.
 */
export function findMethod(schema: Schema, text: string): Named<FoundMethod> | undefined {
  const [, serviceName, methodName] = /^([\w.]+)[/.](\w+)$/.exec(text) ?? [];
  if (serviceName === undefined || methodName === undefined) return undefined;
  const isPath = text.includes("/");
  const services = declarationsOf(schema).filter((each): each is Service => each.kind === "service");
  const all = services.flatMap((service) => service.methods.map((method) => ({ service, method })));
  const exact = all.find(({ method }) => method.path === text);
  if (exact !== undefined) return { found: exact };
  const named = pick(schema, services, serviceName);
  const service = "found" in named ? named.found : undefined;
  const method = service?.methods.find(({ name }) => name === methodName);
  if (service !== undefined && method !== undefined) return { found: { service, method } };
  if (!isPath && service === undefined) return undefined;
  if ("problem" in named) return named;
  const near = closest(
    methodName,
    named.found.methods.map(({ name }) => name),
  );
  const help =
    near === undefined
      ? `its methods are ${named.found.methods.map(({ name }) => name).join(", ")}`
      : didYouMean(`${named.found.name}/${near}`);
  return { problem: `the service "${named.found.fullName}" has no method "${methodName}"`, help };
}

export function declarationsOf(schema: Schema): Declaration[] {
  return schema.files.flatMap((file) => file.declarations);
}

/** By its full name, or by the end of it behind a dot. */
export function pick<T extends Declaration>(schema: Schema, candidates: readonly T[], name: string): Named<T> {
  const named = candidates.filter(({ fullName }) => fullName === name || fullName.endsWith(`.${name}`));
  const asked = schema.files.at(-1)?.declarations ?? [];
  const byRank = [
    named.filter(({ fullName }) => fullName === name),
    named.filter((each) => asked.includes(each)),
    named,
  ];
  const [found, ...others] = byRank.find(({ length }) => length > 0) ?? [];
  if (found === undefined) {
    const names = candidates.map((each) => (name.includes(".") ? each.fullName : each.name));
    return { problem: `there is no "${name}" in the schema`, help: didYouMean(closest(name, names)) ?? listOf(names) };
  }
  if (others.length === 0) return { found };
  return {
    problem: `"${name}" may mean ${[found, ...others].map(({ fullName }) => `"${fullName}"`).join(" or ")}`,
    help: "write the full name",
  };
}

/** What there is, as far as a line has room for it. */
function listOf(names: readonly string[]): string | undefined {
  const shown = names.slice(0, MOST_NAMED).join(", ");
  return names.length === 0 ? undefined : `there ${names.length === 1 ? "is" : "are"} ${shown}${names.length > MOST_NAMED ? " and others" : ""}`;
}
