/** A program in the language as data that can be edited, and its text. */

export type Type =
  | { readonly kind: "scalar"; readonly name: string }
  /** The id of a declaration. */
  | { readonly kind: "named"; readonly id: string }
  | { readonly kind: "list"; readonly element: Type }
  | { readonly kind: "map"; readonly key: Type; readonly value: Type };

/** Also a member of a union, and a parameter. */
export interface Field {
  /** Stays when the name or the number is edited. */
  readonly id: string;
  readonly name: string;
  /** Ignored in structs. */
  readonly number: number;
  readonly type: Type;
  readonly optional: boolean;
  /** As they are written: `@number`, `@default(3)`. */
  readonly annotations: readonly string[];
}

export interface Member {
  readonly name: string;
  readonly number: number;
}

export interface Method {
  readonly id: string;
  readonly name: string;
  readonly fields: readonly Field[];
  readonly reserved: readonly number[];
  readonly result: Type | undefined;
  readonly stream: boolean;
}

interface Declared {
  readonly id: string;
  readonly name: string;
}

export type Compound = Declared & {
  readonly kind: "message" | "union" | "error" | "struct";
  readonly fields: readonly Field[];
  readonly reserved: readonly number[];
};

export type Declaration =
  | Compound
  | (Declared & { readonly kind: "enum"; readonly members: readonly Member[] })
  | (Declared & { readonly kind: "alias"; readonly type: Type })
  | (Declared & { readonly kind: "service"; readonly methods: readonly Method[] });

/** Declarations are split over files in order; a file may refer only to files before it, and imports them all. */
export interface Program {
  readonly declarations: readonly Declaration[];
  /** How many declarations the first file has, and so on; the last one has the rest. */
  readonly splits: readonly number[];
}

export const PACKAGE = "random.test";

/** The sources by path. */
export function sourcesOf(program: Program): Record<string, string> {
  const names = new Map(program.declarations.map(({ id, name }) => [id, name]));
  const sources: Record<string, string> = {};
  let from = 0;
  for (const [at, size] of [...program.splits, program.declarations.length].entries()) {
    const own = program.declarations.slice(from, from + size);
    from += own.length;
    const used = new Set(own.flatMap(referredTo));
    const imports = importsOf(program, at, used).map((other) => `import "./file${other}.idl";`);
    sources[`file${at}.idl`] = [`package ${PACKAGE};`, ...imports, ...own.map((each) => print(each, names)), ""].join(
      "\n",
    );
  }
  return sources;
}

/** The files before the `at`th that declare any of `used`. */
function importsOf(program: Program, at: number, used: ReadonlySet<string>): number[] {
  let from = 0;
  const found = [];
  for (const [other, size] of program.splits.slice(0, at).entries()) {
    if (program.declarations.slice(from, from + size).some(({ id }) => used.has(id))) found.push(other);
    from += size;
  }
  return found;
}

/** The ids that a declaration refers to. */
export function referredTo(declaration: Declaration): string[] {
  switch (declaration.kind) {
    case "enum":
      return [];
    case "alias":
      return idsIn(declaration.type);
    case "service":
      return declaration.methods.flatMap(({ fields, result }) => [
        ...fields.flatMap(({ type }) => idsIn(type)),
        ...(result === undefined ? [] : idsIn(result)),
      ]);
    default:
      return declaration.fields.flatMap(({ type }) => idsIn(type));
  }
}

function idsIn(type: Type): string[] {
  switch (type.kind) {
    case "scalar":
      return [];
    case "named":
      return [type.id];
    case "list":
      return idsIn(type.element);
    case "map":
      return [...idsIn(type.key), ...idsIn(type.value)];
  }
}

type Names = ReadonlyMap<string, string>;

function print(declaration: Declaration, names: Names): string {
  const { name } = declaration;
  switch (declaration.kind) {
    case "alias":
      return `alias ${name} = ${typeText(declaration.type, names)};`;
    case "enum":
      return `enum ${name} {\n${declaration.members.map((each) => `  ${each.name} = ${each.number};`).join("\n")}\n}`;
    case "service":
      return `service ${name} {\n${declaration.methods.map((each) => methodText(each, names)).join("\n")}\n}`;
    default: {
      const fields = declaration.fields.map((each) => `  ${fieldText(each, names, declaration.kind !== "struct")};`);
      const reserved = declaration.reserved.map((number) => `  reserved ${number};`);
      return `${declaration.kind} ${name} {\n${[...fields, ...reserved].join("\n")}\n}`;
    }
  }
}

function fieldText({ name, number, type, optional, annotations }: Field, names: Names, isNumbered: boolean): string {
  const own = `${name}${optional ? "?" : ""}: ${typeText(type, names)}${isNumbered ? ` = ${number}` : ""}`;
  return [...annotations, own].join(" ");
}

function methodText({ name, fields, reserved, result, stream }: Method, names: Names): string {
  const list = [
    ...fields.map((each) => fieldText(each, names, true)),
    ...reserved.map((number) => `reserved ${number}`),
  ];
  const arrow = result === undefined ? "" : ` -> ${stream ? "stream " : ""}${typeText(result, names)}`;
  return `  @readonly ${name}(${list.join(", ")})${arrow};`;
}

export function typeText(type: Type, names: Names): string {
  switch (type.kind) {
    case "scalar":
      return type.name;
    case "named":
      return names.get(type.id) ?? `Missing_${type.id}`;
    case "list":
      return `${typeText(type.element, names)}[]`;
    case "map":
      return `map<${typeText(type.key, names)}, ${typeText(type.value, names)}>`;
  }
}
