/** Prints the constraints of the schema as functions that give the first breach, for the types that reach one. */
import { namesIn } from "../../../ir/names-in.js";
import type { SchemaIndex } from "../../../ir/schema-index.js";
import type { Declaration, Field, Scalar, Value } from "../../../ir/schema.js";
import { hardline, indent, type Doc } from "../code-writer/document.js";
import { quote } from "../code-writer/literal.js";
import { assignment, block, call, signature } from "../code-writer/shapes.js";
import { memberName } from "../names.js";
import { runtimeValue } from "../runtime-symbols.js";
import { valueExpression } from "../value-expression.js";
import type { CodecModule } from "./codec-module.js";
import { partName } from "./part-name.js";
import { slotOf, type Slot } from "./payload.js";

/** Whether the values of these fields may break a constraint, their own or one within them. */
export function reachesConstraint(module: CodecModule, fields: readonly Field[]): boolean {
  const constrained = constrainedTypes(module.names.index);
  return fields.some(
    (field) => field.constraints !== undefined || namesIn(field.type).some((name) => constrained.has(name)),
  );
}

/** A function that checks one value of a type; undefined where the type reaches no constraint. */
export function checkOf(module: CodecModule, slot: Slot): Doc | undefined {
  if (!namesIn(slot.type).some((name) => constrainedTypes(module.names.index).has(name))) return undefined;
  const payload = module.layout.payload(slot);
  if (
    payload.kind === "message" ||
    payload.kind === "union" ||
    payload.kind === "struct" ||
    payload.kind === "flatStruct"
  ) {
    return module.part("check", payload.name);
  }
  return ["(value) => ", checkWithin(module, slot, '""', "value") as Doc];
}

/** The check of what is within a value, of whatever type. */
function checkWithin(module: CodecModule, slot: Slot, name: Doc, value: Doc): Doc | undefined {
  const payload = module.layout.payload(slot);
  const inner = payload.kind === "map" ? payload.value : "element" in payload ? payload.element : slot;
  const check = checkOf(module, inner);
  if (check === undefined) return undefined;
  const word = payload.kind === "map" ? "values" : "element" in payload ? "items" : "field";
  return call([runtimeValue("check"), `.${word}`], name, value, check);
}

/** Prints the function of a message, struct, error or parameter list. */
export function printRecordCheck(module: CodecModule, base: string, init: Doc, fields: readonly Field[]): void {
  if (!reachesConstraint(module, fields)) return;
  const checks = fields.flatMap((field) => fieldChecks(module, base, field, `v.${memberName(field)}`));
  module.file.section(block(head(base, init), ...firstOf(checks)));
}

/** Prints the function of a union. */
export function printUnionCheck(module: CodecModule, base: string, init: Doc, members: readonly Field[]): void {
  if (!reachesConstraint(module, members)) return;
  const cases = members.flatMap((member): Doc[] => {
    const checks = fieldChecks(module, base, member, "v.value");
    if (checks.length === 0) return [];
    return [block(`case ${quote(memberName(member))}:`, ...firstOf(checks))];
  });
  module.file.section(
    block(head(base, init), block("switch (v.kind)", ...cases, ["default:", indent(hardline, "return undefined;")])),
  );
}

function head(base: string, init: Doc): Doc {
  return signature(`function ${partName("check", base)}`, [["v: ", init]], ["string", "undefined"]);
}

function firstOf(checks: readonly Doc[]): Doc[] {
  const [first, ...others] = checks;
  if (first === undefined) throw new Error("there is nothing to check");
  if (others.length === 0) return [["return ", first, ";"]];
  return [
    [assignment("let breach", first), ";"],
    ...others.map((check): Doc => ["breach ??= ", check, ";"]),
    "return breach;",
  ];
}

function fieldChecks(module: CodecModule, base: string, field: Field, value: string): Doc[] {
  const { min, max, minLength, maxLength, pattern } = field.constraints ?? {};
  const name = quote(memberName(field));
  const check = (word: string, bound: Doc): Doc => call([runtimeValue("check"), `.${word}`], name, value, bound);
  const checks: Doc[] = [];
  if (min !== undefined) checks.push(check("min", bound(module, field, min, Math.min)));
  if (max !== undefined) checks.push(check("max", bound(module, field, max, Math.max)));
  if (minLength !== undefined) checks.push(check("minLength", String(minLength)));
  if (maxLength !== undefined) checks.push(check("maxLength", String(maxLength)));
  if (pattern !== undefined) checks.push(check("pattern", module.patterns.constant({ base, member: memberName(field), pattern })));
  const within = checkWithin(module, slotOf(field), name, value);
  return within === undefined ? checks : [...checks, within];
}

/** Of an f32 no value that the bound allows may be refused once the wire has rounded it: `outer` chooses the wider one. */
function bound(module: CodecModule, field: Field, text: string, outer: (a: number, b: number) => number): Doc {
  const concrete = module.names.index.concrete(field.type);
  if (concrete.kind !== "scalar") throw new Error(`a ${concrete.kind} has no bounds`);
  return valueExpression(module.names, boundOf(concrete.scalar, text, outer), field.type, field);
}

function boundOf(scalar: Scalar, text: string, outer: (a: number, b: number) => number): Value {
  switch (scalar) {
    case "duration":
      return { kind: "duration", value: text };
    case "f32":
      return { kind: "float", value: outer(Number(text), Math.fround(Number(text))) };
    case "f64":
      return { kind: "float", value: Number(text) };
    default:
      return { kind: "int", value: text };
  }
}

/** One answer per schema, since every file of it asks. */
const known = new WeakMap<SchemaIndex, ReadonlySet<string>>();

/** The declared types that have a constraint, or hold a type that has one, at any depth. */
function constrainedTypes(index: SchemaIndex): ReadonlySet<string> {
  const before = known.get(index);
  if (before !== undefined) return before;
  const users = new Map<string, string[]>();
  const constrained = new Set<string>();
  for (const { declarations } of index.schema.files) {
    for (const declaration of declarations) {
      const fields = fieldsOf(declaration);
      if (fields.some((field) => field.constraints !== undefined)) constrained.add(declaration.fullName);
      const used =
        declaration.kind === "alias" ? namesIn(declaration.type) : fields.flatMap((field) => namesIn(field.type));
      for (const name of used) users.set(name, [...(users.get(name) ?? []), declaration.fullName]);
    }
  }
  // A set is walked in order of insertion, so that what is added on the way is visited too.
  for (const name of constrained) for (const user of users.get(name) ?? []) constrained.add(user);
  known.set(index, constrained);
  return constrained;
}

function fieldsOf(declaration: Declaration): readonly Field[] {
  switch (declaration.kind) {
    case "message":
    case "struct":
    case "error":
      return declaration.fields;
    case "union":
      return declaration.members;
    default:
      return [];
  }
}
