"""client.py: a client of notes.idl. Its input is what notes.py reads, and an address and a scenario a line; it prints what it saw in each as JSON."""

from __future__ import annotations

import asyncio
import json
import sys

from calls.client import Client
from notes import notes_from_input
from scenarios.calls import CALLS
from scenarios.guarded import GUARDED
from scenarios.hostile import HOSTILE
from scenarios.sessions import SESSIONS

SCENARIOS = {**CALLS, **GUARDED, **HOSTILE, **SESSIONS}


async def main() -> None:
    notes = notes_from_input()
    for line in sys.stdin:
        address, _, scenario = line.strip().partition(" ")
        client = Client(address)
        # Who hangs for so long has failed; the others take milliseconds.
        seen = await asyncio.wait_for(SCENARIOS[scenario](notes, client), 30)
        print(json.dumps(seen), flush=True)
        await client.close()


asyncio.run(main())
