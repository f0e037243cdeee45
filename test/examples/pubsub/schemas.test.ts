/** The schema service: revisions, and what they allow to be published. */
import { describe, expect, it } from "vitest";
import { FailedPrecondition, NotFound } from "../../../examples/pubsub/gen/errors.js";
import { Encoding, SchemaType, SchemaView } from "../../../examples/pubsub/gen/schema.js";
import { encoder, failure, setUp, topic } from "./set-up.js";

describe("schemas", () => {
  const definition = (type: string): string =>
    JSON.stringify({ type: "record", name: "Price", fields: [{ name: "cents", type }] });
  const parent = "projects/p";
  const name = `${parent}/schemas/price`;

  it("are revised, rolled back, and lose revisions but not their last", async () => {
    const { schemas } = await setUp("inproc:pubsub-schemas");
    const schema = (type: string) => ({ name: "", type: SchemaType.AVRO, definition: definition(type) });
    const first = await schemas.createSchema({ request: { parent, schemaId: "price", schema: schema("int") } });
    const second = await schemas.commitSchema({ request: { name, schema: schema("long") } });
    const third = await schemas.rollbackSchema({ request: { name, revisionId: first.revisionId ?? "" } });
    expect(third).toMatchObject({ name, definition: definition("int") });
    expect(new Set([first.revisionId, second.revisionId, third.revisionId]).size).toBe(3);
    const listed = await schemas.listSchemaRevisions({ request: { name, pageSize: 2 } });
    expect(listed.schemas.map(({ revisionId }) => revisionId)).toEqual([third.revisionId, second.revisionId]);
    expect(listed.schemas[0]).not.toHaveProperty("definition");
    expect((await schemas.listSchemas({ request: { parent, view: SchemaView.FULL } })).schemas).toEqual([third]);
    expect(await schemas.getSchema({ request: { name: `${name}@${second.revisionId}` } })).toEqual(second);
    await schemas.deleteSchemaRevision({ request: { name: `${name}@${third.revisionId}` } });
    await schemas.deleteSchemaRevision({ request: { name: `${name}@${second.revisionId}` } });
    expect(
      await failure(schemas.deleteSchemaRevision({ request: { name: `${name}@${first.revisionId}` } })),
    ).toBeInstanceOf(FailedPrecondition);
    await schemas.deleteSchema({ request: { name } });
    expect(await failure(schemas.getSchema({ request: { name } }))).toBeInstanceOf(NotFound);
  });

  it("say what data may be published", async () => {
    const { publisher, schemas } = await setUp("inproc:pubsub-checked");
    await schemas.createSchema({
      request: {
        parent,
        schemaId: "price",
        schema: { name: "", type: SchemaType.AVRO, definition: definition("int") },
      },
    });
    await publisher.createTopic({ topic: { name: topic, schemaSettings: { schema: name, encoding: Encoding.JSON } } });
    const publish = (json: string) =>
      publisher.publish({ request: { topic, messages: [{ data: encoder.encode(json) }] } });
    expect((await publish('{"cents":5}')).messageIds).toHaveLength(1);
    for (const wrong of ['{"cents":"5"}', '{"cents":5,"more":1}', "{}", "not json"]) {
      expect(await failure(publish(wrong))).toMatchObject({ field: "messages[0].data" });
    }
    await schemas.commitSchema({
      request: { name, schema: { name: "", type: SchemaType.AVRO, definition: definition("string") } },
    });
    expect((await publish('{"cents":"5"}')).messageIds).toHaveLength(1);
  });

  it("are refused with the place of the mistake", async () => {
    const { schemas } = await setUp("inproc:pubsub-refused");
    const wrong = {
      name: "",
      type: SchemaType.AVRO,
      definition: '{"type":"record","name":"R","fields":[{"name":"a","type":"txt"}]}',
    };
    const error = await failure(schemas.validateSchema({ request: { parent, schema: wrong } }));
    expect(error).toMatchObject({ field: "schema.definition" });
    expect((error as Error).message).toContain("schema.fields[0]");
    expect(await failure(schemas.validateMessage({ request: { parent } }))).toMatchObject({ field: "schemaSpec" });
  });
});
