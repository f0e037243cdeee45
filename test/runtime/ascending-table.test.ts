/** A table of ascending numbers does what a Map does. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { AscendingTable } from "../../runtime/rpc/ascending-table.js";

it("does what a Map does, whatever stays open and for how long", () => {
  const step = fc.record({
    opens: fc.nat(300),
    // Which of those that are open end, by their share from the oldest on.
    ends: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 300 }),
    // How many numbers are passed over, as those of settled questions are.
    skips: fc.oneof(fc.constant(0), fc.nat(10_000)),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.constantFrom(0, 0x7fff_ff00, 0xffff_ff00, 2 ** 52), (steps, origin) => {
      const table = new AscendingTable<string>();
      const model = new Map<number, string>();
      let stream = origin;
      for (const { opens, ends, skips } of steps) {
        stream += skips;
        for (let open = 0; open < opens; open += 1) {
          stream += 1;
          table.set(stream, `call ${stream}`);
          model.set(stream, `call ${stream}`);
        }
        for (const share of ends) {
          const ending = [...model.keys()][Math.floor(share * model.size)] ?? stream + 1;
          table.delete(ending);
          model.delete(ending);
          expect(table.get(ending)).toBeUndefined();
        }
        expect(table.size).toBe(model.size);
        expect(table.entries()).toEqual([...model]);
        for (const [number, call] of model) expect(table.get(number)).toBe(call);
        expect([table.get(stream + 1), table.get(0)]).toEqual([undefined, undefined]);
      }
      const oldest = [...model.keys()][0] ?? stream;
      table.set(oldest, "another");
      expect(table.get(oldest)).toBe("another");
      expect(table.size).toBe(Math.max(model.size, 1));
      table.clear();
      expect([table.size, table.entries(), table.get(stream)]).toEqual([0, [], undefined]);
    }),
    { numRuns: 60 },
  );
});
