/** Gives the arguments of an annotation to its parameters: by position in order, or by name. */
import type { Collector } from "../diagnostics/collector.js";
import { closest } from "../diagnostics/did-you-mean.js";
import type { Annotation, Literal } from "../parser/ast.js";

export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  /** For the help: an argument that may stand here. */
  readonly example: string;
}

/** The arguments by parameter; undefined where a required one is missing. Every mistake is reported. */
export function bindArguments(
  node: Annotation,
  parameters: readonly Parameter[],
  found: Collector,
): ReadonlyMap<string, Literal> | undefined {
  const name = node.name.text;
  const usage = showUsage(name, parameters);
  const bound = new Map<string, Literal>();
  const misspelt: string[] = [];
  let position = 0;
  let overflow = false;
  for (const argument of node.arguments) {
    const parameter =
      argument.name === undefined
        ? parameters[position++]
        : parameters.find((known) => known.name === argument.name?.text);
    if (parameter === undefined) {
      if (argument.name === undefined) {
        if (!overflow) found.report("RPC2105", argument.span, { name, most: parameters.length, usage });
        overflow = true;
      } else {
        const suggestion = closest(
          argument.name.text,
          parameters.map((known) => known.name),
        );
        if (suggestion !== undefined) misspelt.push(suggestion);
        found.report("RPC2104", argument.name.span, {
          name,
          argument: argument.name.text,
          usage,
          ...(suggestion !== undefined && { suggestion }),
        });
      }
    } else if (bound.has(parameter.name)) {
      found.report("RPC2106", argument.span, { name, argument: parameter.name });
    } else {
      bound.set(parameter.name, argument.value);
    }
  }
  const missing = parameters.filter((parameter) => parameter.required && !bound.has(parameter.name));
  for (const parameter of missing) {
    if (!misspelt.includes(parameter.name))
      found.report("RPC2103", node.span, { name, argument: parameter.name, usage });
  }
  return missing.length === 0 ? bound : undefined;
}

function showUsage(name: string, parameters: readonly Parameter[]): string {
  const shown = parameters.map((parameter) =>
    parameters.length === 1 ? parameter.example : `${parameter.name}: ${parameter.example}`,
  );
  return shown.length === 0 ? `@${name}` : `@${name}(${shown.join(", ")})`;
}
