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
  // By where they begin: what is free only ascends, so that each of them is passed once.
  const ranges = reserved.flatMap((statement) => statement.ranges).sort((a, b) => (a.from.value < b.from.value ? -1 : 1));
  let next = 0n;
  let passed = 0;
  return drafts.map((draft) => {
    if (draft.number !== undefined) return { ...draft, number: draft.number };
    for (let isFree = false; !isFree; ) {
      isFree = !taken.has(next);
      if (!isFree) next += 1n;
      for (let range = ranges[passed]; range !== undefined && range.from.value <= next; range = ranges[++passed]) {
        if (range.to.value < next) continue;
        next = range.to.value + 1n;
        isFree = false;
      }
    }
    taken.add(next);
    missing(draft, next);
    return { ...draft, number: { value: next, raw: String(next), span: draft.name.span } };
  });
}
