/** The `SchemaService` over a store of schemas. */
import type { Broker } from "../broker/broker.js";
import { pageOf } from "../broker/pages.js";
import { checkName, checkProject, newName, projectOf } from "../broker/resource-names.js";
import { checkDefinition, problemOf, type SchemaStore } from "../broker/schema-store.js";
import { InvalidArgument } from "../gen/errors.js";
import { DELETED_SCHEMA } from "../gen/names.js";
import { SchemaView, type Schema, type SchemasHandlers } from "../gen/schema.js";

export function schemaHandlers(schemas: SchemaStore, broker: Broker): SchemasHandlers {
  return {
    createSchema({ request }) {
      checkProject(request.parent, "parent");
      const name =
        (request.schemaId ?? "") === ""
          ? newName(request.parent, "schemas")
          : `${request.parent}/schemas/${request.schemaId}`;
      checkName("schemas", name, "schemaId");
      checkDefinition(request.schema);
      return schemas.create(name, request.schema);
    },

    getSchema: ({ request }) => seen(schemas.find(request.name), request.view ?? SchemaView.FULL),

    listSchemas({ request }) {
      checkProject(request.parent, "parent");
      const all = schemas.latest.filter(({ name }) => projectOf(name) === request.parent);
      const { items, nextPageToken } = pageOf(all, ({ name }) => name, request);
      return { schemas: items.map((schema) => seen(schema, request.view)), nextPageToken };
    },

    listSchemaRevisions({ request }) {
      const { items, nextPageToken } = pageOf(
        schemas.revisions(request.name).entries(),
        ([age]) => latestFirst(age),
        request,
      );
      return { schemas: items.map(([, schema]) => seen(schema, request.view)), nextPageToken };
    },

    commitSchema({ request }) {
      checkDefinition(request.schema);
      return schemas.commit(request.name, request.schema);
    },

    rollbackSchema({ request }) {
      return schemas.commit(request.name, schemas.find(`${request.name}@${request.revisionId}`));
    },

    deleteSchemaRevision({ request }) {
      if (!request.name.includes("@")) {
        throw new InvalidArgument({
          field: "name",
          message: "The name does not say which revision: write it behind an @.",
        });
      }
      return schemas.removeRevision(request.name);
    },

    deleteSchema({ request }) {
      schemas.remove(request.name);
      for (const topic of broker.topics.values()) {
        const { schemaSettings } = topic.config;
        if (schemaSettings?.schema === request.name)
          topic.config = { ...topic.config, schemaSettings: { ...schemaSettings, schema: DELETED_SCHEMA } };
      }
    },

    validateSchema({ request }) {
      checkProject(request.parent, "parent");
      checkDefinition(request.schema);
      return {};
    },

    validateMessage({ request }) {
      checkProject(request.parent, "parent");
      const problem = problemOf(
        specified(request.schemaSpec, schemas),
        request.message ?? new Uint8Array(),
        request.encoding,
      );
      if (problem !== undefined)
        throw new InvalidArgument({ field: "message", message: `The data does not fit: ${problem}.` });
      return {};
    },
  };
}

type SchemaSpec = Parameters<SchemasHandlers["validateMessage"]>[0]["request"]["schemaSpec"];

/** @throws NotFound, and InvalidArgument where the request says no schema. */
function specified(spec: SchemaSpec, schemas: SchemaStore): Schema {
  switch (spec?.kind) {
    case "name":
      return schemas.find(spec.value);
    case "schema":
      return spec.value;
    default:
      throw new InvalidArgument({
        field: "schemaSpec",
        message: "The request says neither a schema nor the name of one.",
      });
  }
}

/** A key by which a younger revision comes before an older one, and which stays the same when more are added. */
function latestFirst(age: number): string {
  return String(999_999_999 - age);
}

/** With the definition only in the full view. */
function seen(schema: Schema, view: SchemaView | undefined): Schema {
  if (view === SchemaView.FULL) return schema;
  const { definition: _left, ...rest } = schema;
  return rest;
}
