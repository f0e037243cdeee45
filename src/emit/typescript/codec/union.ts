/** Prints how a union is written and read. */
import type { Union } from "../../../ir/schema.js";
import { hardline, indent, type Doc } from "../code-writer/document.js";
import { quote } from "../code-writer/literal.js";
import { annotated, block, call, propertyOfWhole, signature } from "../code-writer/shapes.js";
import { declaredName, memberName } from "../names.js";
import { runtimeType } from "../runtime-symbols.js";
import { assign, entry } from "./assign.js";
import type { CodecModule } from "./codec-module.js";
import { compactObject } from "./compact-object.js";
import { numberRanges } from "./message.js";
import { partName } from "./part-name.js";
import { slotOf } from "./payload.js";
import { countPresent, readPayload } from "./read-payload.js";
import { countWritten, statement, writePayload } from "./write-payload.js";

export function printUnion(module: CodecModule, union: Union): void {
  module.file.section(writer(module, union));
  module.file.section(reader(module, union));
}

function writer(module: CodecModule, union: Union): Doc {
  const base = declaredName(union);
  const name = quote(union.wireName);
  const cases = union.members.map((member) => {
    const place = quote(`${base}.${memberName(member)}`);
    const count = countWritten(module, slotOf(member), place);
    const write = writePayload(module, slotOf(member), module.layout.tag(member), "v.value", place);
    return switchCase(`case ${quote(memberName(member))}:`, ...count, ...write, "break;");
  });
  return block(
    signature(
      `function ${partName("write", base)}`,
      [
        ["w: ", runtimeType("Writer")],
        ["v: ", module.names.init(union.fullName)],
      ],
      ["void"],
    ),
    statement(call("w.enter", "v", name, "1")),
    block(
      "switch (v.kind)",
      ...cases,
      switchCase('case "$unknown":', statement(call("w.unknownMember", "v", name)), "break;"),
      switchCase("default:", statement(call("w.noSuchMember", "v", name))),
    ),
    "w.leaveUnion();",
  );
}

function reader(module: CodecModule, union: Union): Doc {
  const base = declaredName(union);
  const cases = union.members.map((member) => {
    const kind = propertyOfWhole("kind", quote(memberName(member)));
    const read = readPayload(module, slotOf(member), (value) =>
      assign("value", compactObject(kind, entry("value", value))),
    );
    const count = countPresent(module, slotOf(member));
    return switchCase(`case ${module.layout.tag(member)}:`, ...count, ...read, "break;");
  });
  return block(
    signature(
      `function ${partName("read", base)}`,
      [["r: ", runtimeType("Reader")]],
      [module.names.type(union.fullName)],
    ),
    "r.enter(1);",
    "const tag = r.tag(0);",
    [annotated("let value", module.names.type(union.fullName)), ";"],
    block(
      "switch (tag)",
      ...cases,
      switchCase("default:", assign("value", call("r.unknownMember", "tag", quote(numberRanges(union.members))))),
    ),
    "r.leaveUnion();",
    "return value;",
  );
}

function switchCase(head: Doc, ...statements: Doc[]): Doc {
  return [head, indent(statements.map((each) => [hardline, each]))];
}
