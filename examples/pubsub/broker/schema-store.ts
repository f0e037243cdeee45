/** Schemas and their revisions, and what data they allow. */
import { randomBytes } from "node:crypto";
import { AlreadyExists, FailedPrecondition, InvalidArgument, NotFound } from "../gen/errors.js";
import { Encoding, SchemaType, type Schema } from "../gen/schema.js";
import type { SchemaSettings } from "../gen/topic.js";
import { AvroProblem, checkAvroJson, parseAvro, type AvroSchema } from "./avro.js";
import type { Clock } from "./clock.js";
import { unimplemented } from "./unimplemented.js";

/** A revision as it is stored: whole. */
export type Revision = Schema & { readonly revisionId: string };

export class SchemaStore {
  readonly #clock: Clock;
  /** Revisions by name, oldest first; never empty. */
  readonly #schemas = new Map<string, [Revision, ...Revision[]]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The latest revision of every schema. */
  get latest(): Revision[] {
    return [...this.#schemas.values()].map((revisions) => revisions.at(-1) ?? revisions[0]);
  }

  /** @throws AlreadyExists */
  create(name: string, schema: Schema): Revision {
    if (this.#schemas.has(name)) throw new AlreadyExists({ resource: name, message: `"${name}" exists.` });
    const revision = this.#revision(name, schema);
    this.#schemas.set(name, [revision]);
    return revision;
  }

  /** Oldest first. @throws NotFound */
  revisions(name: string): [Revision, ...Revision[]] {
    const found = this.#schemas.get(name);
    if (found === undefined) throw new NotFound({ resource: name, message: `There is no "${name}".` });
    return found;
  }

  /** Of `name@revision` that revision, of `name` the latest. @throws NotFound */
  find(text: string): Revision {
    const [name = "", id] = text.split("@");
    const revisions = this.revisions(name);
    const revision = id === undefined ? revisions.at(-1) : revisions.find(({ revisionId }) => revisionId === id);
    if (revision === undefined) throw new NotFound({ resource: text, message: `"${name}" has no revision "${id}".` });
    return revision;
  }

  /** @throws NotFound, and InvalidArgument for another type than that of the revisions before. */
  commit(name: string, schema: Schema): Revision {
    const revisions = this.revisions(name);
    if (schema.type !== revisions[0].type) {
      throw new InvalidArgument({ field: "schema.type", message: "A revision has the type of the revisions before." });
    }
    const revision = this.#revision(name, schema);
    revisions.push(revision);
    return revision;
  }

  /** Answers with the latest that is left. @throws NotFound, and FailedPrecondition for the last revision. */
  removeRevision(text: string): Revision {
    const revision = this.find(text);
    const [first, ...rest] = this.revisions(revision.name).filter((other) => other !== revision);
    if (first === undefined) {
      throw new FailedPrecondition({ resource: text, message: "It is the last revision: delete the schema instead." });
    }
    this.#schemas.set(revision.name, [first, ...rest]);
    return rest.at(-1) ?? first;
  }

  /** @throws NotFound */
  remove(name: string): void {
    this.revisions(name);
    this.#schemas.delete(name);
  }

  /**
   * @throws NotFound for a schema that is not there, InvalidArgument for data that fits none of the allowed revisions.
   */
  checkAgainst(settings: SchemaSettings, data: Uint8Array, field: string): void {
    const revisions = this.revisions(settings.schema);
    const from =
      settings.firstRevisionId === undefined
        ? 0
        : revisions.findIndex(({ revisionId }) => revisionId === settings.firstRevisionId);
    const to =
      settings.lastRevisionId === undefined
        ? revisions.length
        : revisions.findIndex(({ revisionId }) => revisionId === settings.lastRevisionId) + 1;
    const allowed = revisions.slice(Math.max(0, from), to);
    const problems = allowed.map((revision) => problemOf(revision, data, settings.encoding));
    if (!problems.includes(undefined)) {
      throw new InvalidArgument({
        field,
        message: `The data does not fit "${settings.schema}": ${problems[0] ?? "no revision is allowed"}.`,
      });
    }
  }

  #revision(name: string, { type, definition }: Schema): Revision {
    return {
      name,
      ...(type !== undefined && { type }),
      ...(definition !== undefined && { definition }),
      revisionId: randomBytes(4).toString("hex"),
      revisionCreateTime: new Date(this.#clock.now()),
    };
  }
}

/**
 * @throws InvalidArgument for a definition that is not one, RpcError UNIMPLEMENTED for a language that this server
 * does not read.
 */
export function checkDefinition(schema: Schema): AvroSchema {
  if (schema.type === SchemaType.PROTOCOL_BUFFER)
    unimplemented("Protocol buffer schemas are not implemented: there is no compiler for them here.");
  if (schema.type !== SchemaType.AVRO)
    throw new InvalidArgument({ field: "schema.type", message: "The type of the schema is not given." });
  try {
    return parseAvro(schema.definition ?? "");
  } catch (error) {
    if (!(error instanceof AvroProblem)) throw error;
    throw new InvalidArgument({ field: "schema.definition", message: `Not an Avro schema: ${error.message}.` });
  }
}

/**
 * Why the data is not of the schema; undefined if it is. @throws RpcError UNIMPLEMENTED for what this server cannot
 * read.
 */
export function problemOf(schema: Schema, data: Uint8Array, encoding: Encoding | undefined): string | undefined {
  const avro = checkDefinition(schema);
  if (encoding === Encoding.BINARY)
    unimplemented("Avro's binary encoding is not implemented: data is checked as JSON.");
  if (encoding !== Encoding.JSON) return "its encoding is not given";
  try {
    checkAvroJson(avro, JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data)));
    return undefined;
  } catch (error) {
    return error instanceof AvroProblem ? error.message : "it is not JSON";
  }
}
