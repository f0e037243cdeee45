"""client.py ADDRESS: a client of notes.idl. Its input is what notes.py reads, and the name of a scenario a line; it prints what it saw in each as JSON."""

from __future__ import annotations

import asyncio
import json
import sys

from calls.client import Client
from notes import notes_from_input
from scenarios.hostile import HOSTILE
from scenarios.calls import CALLS
from scenarios.guarded import GUARDED

SCENARIOS = {**CALLS, **GUARDED, **HOSTILE}


async def main() -> None:
    address = sys.argv[1]
    notes = notes_from_input()
    for scenario in sys.stdin:
        client = Client(address)
        # Who hangs for so long has failed; the others take milliseconds.
        seen = await asyncio.wait_for(SCENARIOS[scenario.strip()](notes, client), 30)
        print(json.dumps(seen), flush=True)
        await client.close()


asyncio.run(main())
