/**
 * The Pub/Sub example is the real API: everything that the .proto files declare is in our .idl files, under the same
 * numbers.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../../src/compile.js";
import { SchemaIndex } from "../../../src/ir/schema-index.js";
import type {
  Declaration,
  Enum,
  Field,
  Message,
  Method,
  Reserved,
  Service,
  TypeRef,
  Union,
} from "../../../src/ir/schema.js";

const PROTOS = fileURLToPath(new URL("../../../node_modules/google-proto-files/", import.meta.url));
const IDL = "examples/pubsub/idl";
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** What is compared, in one form for both languages. */
interface Shape {
  messages: Record<string, { fields: Record<string, string>; reserved: string[] }>;
  enums: Record<string, Record<string, number>>;
  methods: Record<string, string>;
}

/** The rule of nested names: `Topic.State` is `TopicState`. */
const flat = (fullName: string): string =>
  fullName.replace(/^\.?google\.(pubsub\.v1|protobuf)\./, "").replaceAll(".", "");
const camel = (snake: string): string => snake.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const pascal = (snake: string): string => camel(`_${snake}`);

const SCALARS: Record<string, string> = {
  int32: "i32",
  int64: "i64",
  double: "f64",
  bool: "bool",
  string: "string",
  bytes: "bytes",
};
const WELL_KNOWN: Record<string, string> = {
  ".google.protobuf.Timestamp": "timestamp",
  ".google.protobuf.Duration": "duration",
};

/** Text of a field's meaning on the wire; of a oneof's member, also the union that it belongs to. */
const line = (number: number, type: string, union?: string): string =>
  `${number}: ${type}${union === undefined ? "" : ` in ${union}`}`;

function load(files: string[]): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_, target) => PROTOS + target.replace(PROTOS, "");
  root.loadSync(files, { keepCase: true });
  root.resolveAll();
  return root;
}

/** What a package of these files declares. */
function shapeOfProto(files: string[], within: string): Shape {
  const shape: Shape = { messages: {}, enums: {}, methods: {} };

  const typeOf = (type: string, resolved: protobuf.ReflectionObject | null): string =>
    resolved === null ? (SCALARS[type] ?? type) : (WELL_KNOWN[resolved.fullName] ?? flat(resolved.fullName));
  const visit = (object: protobuf.ReflectionObject): void => {
    const ours = object.fullName.startsWith(`.${within}.`);
    if (ours && object instanceof protobuf.Type) {
      const fields: Record<string, string> = {};
      for (const field of object.fieldsArray) {
        const element = typeOf(field.type, field.resolvedType);
        const type =
          field instanceof protobuf.MapField
            ? `map<${SCALARS[field.keyType]}, ${element}>`
            : field.repeated
              ? `${element}[]`
              : element;
        const union =
          field.partOf !== null && !field.partOf.name.startsWith("_")
            ? flat(object.fullName) + pascal(field.partOf.name)
            : undefined;
        fields[camel(field.name)] = line(field.id, type, union);
      }
      const reserved = (object.reserved ?? []).map((entry) => (Array.isArray(entry) ? entry.join("-") : `"${entry}"`));
      shape.messages[flat(object.fullName)] = { fields, reserved };
    }
    if (ours && object instanceof protobuf.Enum) shape.enums[flat(object.fullName)] = { ...object.values };
    if (ours && object instanceof protobuf.Service) {
      for (const method of object.methodsArray) {
        const side = (type: protobuf.Type | null, stream: boolean | undefined): string =>
          type?.fullName === ".google.protobuf.Empty"
            ? "nothing"
            : `${stream ? "stream " : ""}${flat(type?.fullName ?? "?")}`;
        const name = `${object.name}.${method.name[0]?.toLowerCase()}${method.name.slice(1)}`;
        shape.methods[name] =
          side(method.resolvedRequestType, method.requestStream) +
          " -> " +
          side(method.resolvedResponseType, method.responseStream);
      }
    }
    if (object instanceof protobuf.Namespace) object.nestedArray.forEach(visit);
  };
  visit(load(files));
  return shape;
}

function shapeOfIdl(declarations: readonly Declaration[], index: SchemaIndex): Shape {
  const shape: Shape = { messages: {}, enums: {}, methods: {} };
  const typeOf = (type: TypeRef): string => {
    const concrete = index.concrete(type);
    if (concrete.kind === "declared") return concrete.declaration.name;
    if (concrete.kind === "scalar") return concrete.scalar;
    return concrete.kind === "list"
      ? `${typeOf(concrete.element)}[]`
      : `map<${typeOf(concrete.key)}, ${typeOf(concrete.value)}>`;
  };
  const unionOf = (field: Field): Union | undefined => {
    const concrete = index.concrete(field.type);
    return concrete.kind === "declared" && concrete.declaration.kind === "union" ? concrete.declaration : undefined;
  };
  const add = (message: Message): void => {
    const fields: Record<string, string> = {};
    const spokenFor = new Set<number>();
    for (const field of message.fields) {
      const union = unionOf(field);
      if (union === undefined || !union.name.startsWith(message.name)) {
        fields[field.name] = line(field.number, typeOf(field.type));
        continue;
      }
      expect(union.name, "a oneof is named after its message and its field").toBe(
        message.name + field.name[0]?.toUpperCase() + field.name.slice(1),
      );
      expect(field.number, `${message.name}.${field.name} stands at its smallest member`).toBe(
        Math.min(...union.members.map((member) => member.number)),
      );
      expect(field.optional, `${message.name}.${field.name} may be unset`).toBe(true);
      for (const member of union.members) {
        fields[member.name] = line(member.number, typeOf(member.type), union.name);
        if (member.number !== field.number) spokenFor.add(member.number);
      }
    }
    const numbers = reservedNumbers(message.reserved);
    expect(
      numbers.filter((number) => spokenFor.has(number)),
      `${message.name} reserves the numbers of its oneofs' other members`,
    ).toEqual([...spokenFor].sort((a, b) => a - b));
    const reserved = [
      ...numbers.filter((number) => !spokenFor.has(number)).map((number) => `${number}-${number}`),
      ...message.reserved.names.map((name) => `"${name}"`),
    ];
    shape.messages[message.name] = { fields, reserved };
  };
  for (const declaration of declarations) {
    if (declaration.kind === "message") add(declaration);
    if (declaration.kind === "enum")
      shape.enums[declaration.name] = Object.fromEntries(declaration.members.map(({ name, number }) => [name, number]));
    if (declaration.kind === "service")
      for (const method of declaration.methods)
        shape.methods[`${declaration.name}.${method.name}`] = signature(method, typeOf);
  }
  return shape;
}

function signature(method: Method, typeOf: (type: TypeRef) => string): string {
  const { parameters, result } = method;
  const request =
    parameters.kind === "stream"
      ? `stream ${typeOf(parameters.element)}`
      : parameters.fields.map((field) => typeOf(field.type)).join(", ");
  if (result === undefined) return `${request} -> nothing`;
  return `${request} -> ${result.stream ? "stream " : ""}${typeOf(result.type)}`;
}

function reservedNumbers(reserved: Reserved): number[] {
  return reserved.ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, offset) => from + offset));
}

describe("the Pub/Sub example against google/pubsub/v1", () => {
  const proto = shapeOfProto(["google/pubsub/v1/pubsub.proto", "google/pubsub/v1/schema.proto"], "google.pubsub.v1");
  let declarations: readonly Declaration[] = [];
  let index: SchemaIndex;
  let idl: Shape;

  beforeAll(() => {
    const names = ["pubsub", "schema", "ingestion-failure"].map((name) => `${IDL}/${name}.idl`);
    const { schema, diagnostics } = compile({
      files: names,
      read: (path) => readFileSync(ROOT + path, "utf8"),
      targets: [],
    });
    expect(diagnostics).toEqual([]);
    if (schema === undefined) throw new Error("no schema without a finding");
    index = new SchemaIndex(schema);
    declarations = schema.files
      .filter((file) => file.package === "google.pubsub.v1")
      .flatMap((file) => file.declarations);
    idl = shapeOfIdl(declarations, index);
  });

  it("reads a whole API, so that there is something to compare", () => {
    expect(Object.keys(proto.messages).length).toBeGreaterThan(90);
    expect(Object.keys(proto.methods)).toHaveLength(35);
  });

  it("has every message, field, number, type and oneof, and nothing else", () => {
    expect(idl.messages).toEqual(proto.messages);
  });

  it("has every enum and its numbers, and nothing else", () => {
    expect(idl.enums).toEqual(proto.enums);
  });

  it("has every method with its request, its response and its streams, and nothing else", () => {
    expect(idl.methods).toEqual(proto.methods);
  });

  it("has what it borrows from google.protobuf", () => {
    const borrowed = index.schema.files
      .filter((file) => file.package === "google.protobuf")
      .flatMap((file) => file.declarations);
    const ours = shapeOfIdl(borrowed, index);
    const theirs = shapeOfProto(
      ["google/protobuf/struct.proto", "google/protobuf/field_mask.proto"],
      "google.protobuf",
    );
    // A message that is nothing but a oneof is a union of its own here.
    const value = borrowed.find(
      (declaration): declaration is Union => declaration.kind === "union" && declaration.name === "Value",
    );
    const members = Object.fromEntries((value?.members ?? []).map((member) => [member.name, member.number]));
    expect(members).toEqual({
      nullValue: 1,
      numberValue: 2,
      stringValue: 3,
      boolValue: 4,
      structValue: 5,
      listValue: 6,
    });
    delete theirs.messages["Value"];
    expect(ours).toEqual(theirs);
  });

  it("demands the fields that the documentation demands", () => {
    const messages = new Map(
      declarations.filter((declaration) => declaration.kind === "message").map((message) => [message.name, message]),
    );
    let required = 0;
    const check = (object: protobuf.ReflectionObject): void => {
      if (object instanceof protobuf.Type && messages.has(flat(object.fullName))) {
        for (const field of object.fieldsArray) {
          if (!JSON.stringify(field.parsedOptions ?? []).includes('"REQUIRED"')) continue;
          required++;
          const ours = messages
            .get(flat(object.fullName))
            ?.fields.find((candidate) => candidate.name === camel(field.name));
          expect(ours?.optional, `${object.name}.${field.name} is required`).toBe(false);
        }
      }
      if (object instanceof protobuf.Namespace) object.nestedArray.forEach(check);
    };
    check(load(["google/pubsub/v1/pubsub.proto"]));
    expect(required).toBeGreaterThan(50);
  });

  it("states what every call promises", () => {
    const services = declarations.filter((declaration): declaration is Service => declaration.kind === "service");
    const methods = services.flatMap((service) => service.methods);
    expect(methods.filter((method) => !method.semanticsStated).map((method) => method.path)).toEqual([]);
    const reads = methods.filter((method) => /^(get|list|validate)/.test(method.name));
    expect(reads.every((method) => method.semantics === "readonly")).toBe(true);
    expect(methods.filter((method) => method.semantics === "readonly")).toHaveLength(reads.length);
  });

  it("knows deprecated fields as such", () => {
    const deprecated = declarations.flatMap((declaration) =>
      declaration.kind === "message"
        ? declaration.fields
            .filter((field) => field.deprecated !== undefined)
            .map((field) => `${declaration.name}.${field.name}`)
        : [],
    );
    expect(deprecated.sort()).toEqual([
      "DeleteSchemaRevisionRequest.revisionId",
      "MessageTransform.enabled",
      "PullRequest.returnImmediately",
    ]);
  });

  it("has an enum type for every enum, open as in proto3", () => {
    const enums = declarations.filter((declaration): declaration is Enum => declaration.kind === "enum");
    expect(enums.every((declaration) => declaration.members[0]?.number === 0)).toBe(true);
  });
});
