/** What is kept of a file without errors from one check to the next, and what other files see of it. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SchemaFile, Value } from "../ir/schema.js";
import type { DeclarationNode, FileNode } from "../parser/ast.js";
import type { WireName } from "./check-wire-names.js";
import type { HeldDepths } from "./held-depths.js";
import type { LoadedFile } from "./program.js";
import type { AliasFacts, Types } from "./resolve-types.js";
import { packageOf, type Symbols } from "./symbols.js";
import type { Values } from "./values.js";

export interface CheckedFile {
  readonly node: FileNode;
  /** The versions of what it imports, as text. */
  readonly sees: string;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
  readonly wireNames: readonly WireName[];
  readonly aliases: ReadonlyMap<DeclarationNode, AliasFacts>;
  readonly constants: ReadonlyMap<DeclarationNode, Value | undefined>;
  readonly depths: ReadonlyMap<DeclarationNode, number>;
  readonly schema: SchemaFile;
  /** What files that import it may ask about it, itself as text. */
  readonly interface: string;
  /** Another one wherever the interface is another, or that of what it imports. */
  readonly version: number;
}

interface Seen {
  readonly symbols: Symbols;
  readonly types: Types;
  readonly values: Values;
  readonly depths: HeldDepths;
}

/** The part of a file that the checks of another can depend on: names, what stands behind aliases, constants and enums, and how deep messages and structs are. */
export function interfaceOf(file: LoadedFile, { symbols, types, values, depths }: Seen): string {
  const declarations = file.node.declarations.map((node): unknown[] => {
    const head = [node.kind, node.name.text];
    switch (node.kind) {
      case "alias":
        return [...head, types.aliasFacts(symbols.of(node))];
      case "const":
        return [...head, types.resolve(node.type, file), values.constant(symbols.of(node))];
      case "enum":
        return [...head, node.members.map((member) => [member.name.text, String(member.number.value)])];
      case "annotation": {
        const parameters = node.parameters.map((field) => {
          const words = field.annotations.map((annotation) => annotation.name.text);
          return [field.name.text, field.optional, words, types.resolve(field.type, file)];
        });
        return [...head, parameters, node.targets.map((target) => target.text)];
      }
      default:
        return [...head, depths.of(symbols.of(node))];
    }
  });
  return JSON.stringify([packageOf(file), declarations]);
}
