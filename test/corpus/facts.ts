/** What a round trip must keep of a .proto file. */
import type { ProtoEnum, ProtoMessage } from "../../src/import/proto-file.js";
import { readProto } from "../../src/import/read-proto.js";
import { SourceFile } from "../../src/text/source-file.js";

/**
 * What a file that came back says otherwise, each with its sign: "- Order.id = 1 string" where it is gone, "+" where it was not there.
 * Second names of a number, which stay behind, and a 0 for an enum that had none, are no difference.
 *
 * @throws Error if one of the texts is none of protobuf.
 */
export function differences(name: string, before: string, after: string): string[] {
  const had = facts(name, before);
  const has = facts(name, after);
  const zeros = new Set([...had].flatMap((fact) => /^(.*)\..* = 0$/.exec(fact)?.[1] ?? []));
  const isAddedZero = (fact: string): boolean => {
    const [, owner] = /^(.*)\.\w*UNSPECIFIED = 0$/.exec(fact) ?? [];
    return owner !== undefined && !zeros.has(owner);
  };
  return [...[...had].filter((fact) => !has.has(fact)).map((fact) => `- ${fact}`), ...[...has].filter((fact) => !had.has(fact) && !isAddedZero(fact)).map((fact) => `+ ${fact}`)];
}

/** Everything that has a name and a number, with its type and the oneof that it is in. */
function facts(name: string, text: string): ReadonlySet<string> {
  const result = readProto(new SourceFile(name, text), name);
  if (!("file" in result)) throw new Error(`${name}: ${"reason" in result ? result.reason : `syntax "${result.syntax}"`}`);
  return new Set(
    result.file.declarations.flatMap((each) => {
      if (each.kind === "message") return ofMessage(each);
      if (each.kind === "enum") return ofEnum(each);
      return each.methods.map(
        ({ path, request, requestStream, response, responseStream }) => `${path}(${requestStream ? "stream " : ""}${lastName(request)}) ${responseStream ? "stream " : ""}${lastName(response)}`,
      );
    }),
  );
}

function ofMessage(type: ProtoMessage): string[] {
  return [
    type.path,
    ...type.fields.map(({ path, number, mapKey, type: of, oneof, presence }) => {
      const many = mapKey !== undefined ? `map<${mapKey}> ` : presence === "repeated" ? "repeated " : "";
      return `${path} = ${number} ${many}${lastName(of)}${oneof === undefined ? "" : ` in ${oneof}`}`;
    }),
    ...type.nested.flatMap((each) => (each.kind === "message" ? ofMessage(each) : ofEnum(each))),
  ];
}

function ofEnum(type: ProtoEnum): string[] {
  const first = new Map<number, string>();
  for (const { number, name } of type.values) if (!first.has(number)) first.set(number, name);
  return [...first].map(([number, name]) => `${type.path}.${name} = ${number}`);
}

/** References are written with more or fewer of the names around them. */
function lastName(reference: string): string {
  return reference.replace(/^.*\./, "");
}
