/** What generated code imports from the runtime is there, and as what it is imported. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as door from "../../runtime/generated.js";
import { isErrorMember } from "../../src/emit/typescript/reserved-words.js";
import { runtimeSymbols } from "../../src/emit/typescript/runtime-symbols.js";

const doorPath = fileURLToPath(new URL("../../runtime/generated.ts", import.meta.url));

/** Every name that the door exports, types included. */
function exportedNames(): Set<string> {
  const source = ts.createSourceFile(doorPath, readFileSync(doorPath, "utf8"), ts.ScriptTarget.Latest);
  const names = new Set<string>();
  for (const statement of source.statements) {
    if (
      !ts.isExportDeclaration(statement) ||
      statement.exportClause === undefined ||
      !ts.isNamedExports(statement.exportClause)
    )
      continue;
    for (const element of statement.exportClause.elements) names.add(element.name.text);
  }
  return names;
}

describe("the door", () => {
  const exported = exportedNames();

  test.each(runtimeSymbols())("exports $name as a $kind", ({ name, kind }) => {
    expect(exported).toContain(name);
    if (kind === "value") expect(door).toHaveProperty(name);
    else expect(door).not.toHaveProperty(name);
  });

  test("exports nothing that generated code does not import", () => {
    const listed = new Set<string>(runtimeSymbols().map(({ name }) => name));
    expect([...exported].filter((name) => !listed.has(name))).toEqual([]);
  });
});

test("no field of a declared error hides a member of RpcError", () => {
  const error = new door.RpcError({ code: "UNKNOWN", cause: new Error("why") });
  const members = new Set([
    ...Object.getOwnPropertyNames(error),
    ...Object.getOwnPropertyNames(door.RpcError.prototype),
  ]);
  expect([...members].filter((name) => !isErrorMember(name))).toEqual([]);
});
