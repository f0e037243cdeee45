/**
 * Gives the members that were written without a number one that is free, so that the rest of the enum can be checked.
 */
import type { EnumMemberNode, ReservedNode } from "../ast.js";
import type { EnumMemberDraft } from "../grammar/member-grammar.js";

/** `missing` hears of each member without a number, and of the number that it could have. */
export function completeEnum(
  drafts: readonly EnumMemberDraft[],
  reserved: readonly ReservedNode[],
  missing: (member: EnumMemberDraft, next: bigint) => void,
): EnumMemberNode[] {
  const taken = new Set(drafts.map((draft) => draft.number?.value));
  const ranges = reserved.flatMap((statement) => statement.ranges);
  let next = 0n;
  return drafts.map((draft) => {
    if (draft.number !== undefined) return { ...draft, number: draft.number };
    for (
      let range;
      taken.has(next) || (range = ranges.find(({ from, to }) => from.value <= next && next <= to.value));
    ) {
      next = range === undefined ? next + 1n : range.to.value + 1n;
    }
    taken.add(next);
    missing(draft, next);
    return { ...draft, number: { value: next, raw: String(next), span: draft.name.span } };
  });
}
