/** Random places in a program, and the program with something else there. */
import type { Compound, Declaration, Field, Method, Program, Type } from "../random/model.js";
import { ProgramMaker } from "../random/program.js";
import type { Random } from "../random/random.js";

/** The fields of a message, an error, a union or a struct, or the parameters of a method. */
export interface FieldHolder {
  /** Of the compound, or of the method. */
  readonly id: string;
  readonly kind: Compound["kind"] | "parameters";
  readonly fields: readonly Field[];
  readonly reserved: readonly number[];
}

export class ProgramEditor {
  readonly random: Random;
  program: Program;
  #lastId = 100_000;

  constructor(random: Random, program: Program) {
    this.random = random;
    this.program = program;
  }

  newId(): string {
    return `${++this.#lastId}`;
  }

  /** Makes declarations, fields and types that may refer to what stands before the declaration at `before`. */
  maker(before: number): ProgramMaker {
    this.#lastId += 1000;
    return new ProgramMaker(this.random, this.program.declarations.slice(0, before), this.#lastId);
  }

  holders(...kinds: FieldHolder["kind"][]): FieldHolder[] {
    const all = this.program.declarations.flatMap((each): FieldHolder[] => {
      if (each.kind === "service") return each.methods.map((method) => ({ ...method, kind: "parameters" }));
      return each.kind === "enum" || each.kind === "alias" ? [] : [each];
    });
    return all.filter(({ kind }) => kinds.includes(kind));
  }

  declarationsOf<K extends "enum" | "service">(kind: K): Extract<Declaration, { kind: K }>[] {
    return this.program.declarations.filter((each): each is Extract<Declaration, { kind: K }> => each.kind === kind);
  }

  /** The position of the declaration that an id is of, or that has the method of this id. */
  positionOf(id: string): number {
    return this.program.declarations.findIndex(
      (each) => each.id === id || (each.kind === "service" && each.methods.some((method) => method.id === id)),
    );
  }

  replace(declaration: Declaration): void {
    const declarations = this.program.declarations.map((each) => (each.id === declaration.id ? declaration : each));
    this.program = { ...this.program, declarations };
  }

  /** In the same file as the declaration at `before`. */
  insert(declaration: Declaration, before: number): void {
    const declarations = this.program.declarations.toSpliced(before, 0, declaration);
    const splits = this.program.splits.map((size) => (before < size ? size + 1 : size));
    this.program = { declarations, splits };
  }

  setFields(holder: FieldHolder, fields: readonly Field[], reserved: readonly number[] = holder.reserved): void {
    for (const each of this.program.declarations) {
      if (each.id === holder.id) this.replace({ ...(each as Compound), fields, reserved });
      if (each.kind !== "service" || !each.methods.some(({ id }) => id === holder.id)) continue;
      const change = (method: Method) => (method.id === holder.id ? { ...method, fields, reserved } : method);
      this.replace({ ...each, methods: each.methods.map(change) });
    }
  }

  setField(holder: FieldHolder, field: Field): void {
    this.setFields(
      holder,
      holder.fields.map((each) => (each.id === field.id ? field : each)),
    );
  }

  freeNumber({ fields, reserved }: FieldHolder): number {
    const taken = new Set([...fields.map(({ number }) => number), ...reserved]);
    for (;;) {
      const number = this.random.pick([this.random.between(1, 20), this.random.between(1, 3000), 2 ** 29 - 1]);
      if (!taken.has(number)) return number;
    }
  }

  /** The declaration that a type names. */
  named(type: Type): Declaration | undefined {
    return type.kind === "named" ? this.program.declarations.find(({ id }) => id === type.id) : undefined;
  }
}

export const hasDefault = (field: Field): boolean => field.annotations.some((text) => text.startsWith("@default"));

export const scalarOf = (field: Field): string | undefined =>
  field.type.kind === "scalar" ? field.type.name : undefined;
