/**
 * Who asks what became of a call waits with the attempt that runs. Its word that it did not run is not the call's: another
 * attempt, elsewhere or still on its way, may.
 */
import { numberOfExecuted } from "../rpc/codes.js";
import { Kind } from "../rpc/protocol/frame.js";
import type { Answer, Asker } from "../rpc/server/guard.js";

/** Behind the code in the body of an ERROR. */
const EXECUTED_AT = 1;

/** @param again asks anew, by which a call that nobody runs is kept from ever being run. */
export function untilDefinite(asker: Asker, again: () => void): Asker {
  return {
    granted: (ticket) => asker.granted(ticket),
    attached: (place) => asker.attached(place),
    answered: (answer) => (saysNotExecuted(answer) ? again() : asker.answered(answer)),
    deserted: (reason) => asker.deserted(reason),
  };
}

function saysNotExecuted({ kind, payload }: Answer): boolean {
  return kind === Kind.ERROR && payload[EXECUTED_AT] === numberOfExecuted("no");
}
