/** What a server tells of its schemas: each file once and after its imports, and no two under one name. */
import { expect, it, onTestFinished } from "vitest";
import { connect, serve } from "../../runtime/index.js";
import { ReflectionClient, reflectionService, type SchemaFile, type SchemaText } from "../../runtime/reflection/index.js";

const schema = (path: string, ...imports: readonly SchemaText[]): SchemaText => ({ path, text: `package ${path};`, imports });

async function told(...schemas: readonly SchemaText[]): Promise<SchemaFile[]> {
  const server = await serve({ listen: "inproc:told", services: [reflectionService(...schemas)] });
  onTestFinished(() => server.close());
  const channel = await connect("inproc:told");
  onTestFinished(() => channel.close());
  const files: SchemaFile[] = [];
  for await (const file of new ReflectionClient(channel).files()) files.push(file);
  return files;
}

it("tells each file once, after those that it imports, and which of them it serves", async () => {
  const shared = schema("shared");
  const [left, right] = [schema("left", shared), schema("right", shared)];
  const files = await told(schema("top", left, right), right);
  expect(files.map(({ path, served }) => [path, served])).toEqual([["shared", false], ["left", false], ["right", true], ["top", true]]);
  expect(files[0]?.text).toBe("package shared;");
});

it("takes two schemas at one path for one only if they are", () => {
  expect(() => reflectionService(schema("a"), schema("a"))).not.toThrow();
  expect(() => reflectionService(schema("a"), { ...schema("a"), text: "package b;" })).toThrow(new TypeError('two different schemas are at "a"; generate them in one run, so that they lie below one folder'));
});
