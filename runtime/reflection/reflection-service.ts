/** The service that tells a server's schemas. */
import type { SchemaText } from "../rpc/schema-text.js";
import type { ServiceBinding } from "../rpc/server/service-table.js";
import { reflectionService as bind, type SchemaFile } from "./gen/reflection.js";

/**
 * Add it to the `services` of `serve`, with the schemas of the others: `reflectionService(ordersSchema)`, which comes from
 * `gen/orders.schema.js`. Whoever may call the server may then read them; without it a server tells nobody.
 * @throws TypeError if two different schemas are at one path.
 */
export function reflectionService(...schemas: readonly SchemaText[]): ServiceBinding {
  const files = filesOf(schemas);
  return bind({
    async *files() {
      yield* files;
    },
  });
}

/** With what they import, each file once and after its imports. */
function filesOf(schemas: readonly SchemaText[]): readonly SchemaFile[] {
  const files = new Map<string, SchemaFile>();
  const add = ({ path, text, imports }: SchemaText, served: boolean): void => {
    const before = files.get(path);
    if (before !== undefined && before.text !== text) {
      throw new TypeError(`two different schemas are at "${path}"; generate them in one run, so that they lie below one folder`);
    }
    if (before === undefined) for (const each of imports) add(each, false);
    files.set(path, { path, text, served: served || before?.served === true });
  };
  for (const schema of schemas) add(schema, true);
  return [...files.values()];
}
