/** Where a setting stands in the text of a configuration, as far as that can be told without running it. */
import type { ts as TypeScript } from "ts-morph";
import type { SettingProblem } from "../diagnostics/setting-problem.js";
import type { SourceFile } from "../text/source-file.js";
import type { Span } from "../text/span.js";

type Ts = typeof TypeScript;

/**
 * The place of the last key of `at` that is written out; the beginning of the file where none is, for a configuration may
 * be computed. Loads the compiler that ts-morph brings: only a mistake pays for it.
 */
export async function placeOfSetting(source: SourceFile, at: SettingProblem["at"]): Promise<Span> {
  const { ts } = await import("ts-morph");
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  let value = exported(file, ts);
  let span = source.span(0, 0);
  for (const key of at) {
    const found = value === undefined ? undefined : member(literal(value, file, ts), key, ts);
    if (found === undefined) break;
    span = source.span(found.at.getStart(), found.at.getEnd());
    value = found.value;
  }
  return span;
}

function exported(file: TypeScript.SourceFile, ts: Ts): TypeScript.Expression | undefined {
  const statement = file.statements.find((each): each is TypeScript.ExportAssignment => ts.isExportAssignment(each));
  return statement?.expression;
}

/** What an expression stands for: `defineConfig({ … })`, `{ … } satisfies Config` and `const config = { … }` are the object in them. */
function literal(expression: TypeScript.Expression, file: TypeScript.SourceFile, ts: Ts): TypeScript.Expression {
  let at = expression;
  for (let inner: TypeScript.Expression | undefined = at; inner !== undefined; inner = within(at, file, ts)) at = inner;
  return at;
}

function within(expression: TypeScript.Expression, file: TypeScript.SourceFile, ts: Ts): TypeScript.Expression | undefined {
  if (ts.isCallExpression(expression)) return expression.arguments[0];
  if (ts.isSatisfiesExpression(expression) || ts.isAsExpression(expression) || ts.isParenthesizedExpression(expression)) return expression.expression;
  if (!ts.isIdentifier(expression)) return undefined;
  const declared = file.statements.filter((each) => ts.isVariableStatement(each)).flatMap((each) => [...each.declarationList.declarations]);
  const { initializer } = declared.find(({ name }) => name.getText() === expression.text) ?? {};
  return initializer === undefined || ts.isIdentifier(initializer) ? undefined : initializer;
}

interface Member {
  readonly at: TypeScript.Node;
  readonly value: TypeScript.Expression | undefined;
}

function member(owner: TypeScript.Expression, key: string | number, ts: Ts): Member | undefined {
  if (ts.isArrayLiteralExpression(owner)) {
    const element = owner.elements[Number(key)];
    return element === undefined ? undefined : { at: element, value: element };
  }
  if (!ts.isObjectLiteralExpression(owner)) return undefined;
  const property = owner.properties.find(({ name }) => name !== undefined && "text" in name && name.text === key);
  if (property?.name === undefined) return undefined;
  return { at: property.name, value: ts.isPropertyAssignment(property) ? property.initializer : undefined };
}
