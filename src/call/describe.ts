/** What there is to call, as text and for programs. */
import { methodSignature, printDeclaration } from "../emit/idl/declarations.js";
import { Scope } from "../emit/idl/scope.js";
import { methodKind } from "../emit/typescript/method-shape.js";
import { SchemaIndex } from "../ir/schema-index.js";
import type { Declaration, Method, Schema, Service } from "../ir/schema.js";

/** The services of these files, or of all. */
export function servicesOf(schema: Schema, paths: readonly string[]): Service[] {
  return schema.files.filter(({ path }) => paths.includes(path)).flatMap(({ declarations }) => declarations.filter((each): each is Service => each.kind === "service"));
}

/** A method a line, beneath its service. */
export function servicesText(schema: Schema, services: readonly Service[]): string {
  const index = new SchemaIndex(schema);
  return services
    .map((service) => {
      const scope = new Scope(index, index.fileOf(service.fullName));
      const width = Math.max(0, ...service.methods.map(({ semantics }) => semantics.length));
      const lines = service.methods.map((method) => `  @${method.semantics.padEnd(width)}  ${methodSignature(method, scope)}\n`);
      return `${service.fullName}\n${lines.join("")}`;
    })
    .join("\n");
}

/** A declaration as the language writes it, with its documentation. */
export function declarationText(schema: Schema, declaration: Declaration): string {
  const index = new SchemaIndex(schema);
  return `${printDeclaration(declaration, new Scope(index, index.fileOf(declaration.fullName))).join("\n")}\n`;
}

export function servicesJson(schema: Schema, services: readonly Service[]): Record<string, unknown>[] {
  const index = new SchemaIndex(schema);
  return services.map(({ fullName, wireName, doc, methods }) => {
    const scope = new Scope(index, index.fileOf(fullName));
    return { name: wireName, ...(doc !== undefined && { doc }), methods: methods.map((method) => methodJson(method, scope)) };
  });
}

function methodJson(method: Method, scope: Scope): Record<string, unknown> {
  const { name, path, semantics, deadlineMs, doc, throws } = method;
  return {
    name,
    path,
    kind: methodKind(method),
    semantics,
    ...(deadlineMs !== undefined && { deadlineMs }),
    throws,
    signature: methodSignature(method, scope),
    ...(doc !== undefined && { doc }),
  };
}
