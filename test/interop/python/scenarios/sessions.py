"""Calls of `@failStop` methods, in order within a session (2.10); and the nearer path that a server offers (2.2)."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from calls.client import Client
from calls.connection import settings_of
from calls.failure import Failure
from calls.handshake import CHALLENGE, CLIENT_ID, INSTANCE_ID, NEARER, PROOF, Settings, hello, read_welcome
from calls.identity import host_mark, proof, read_offer
from calls.link import dial
from notes import PREFIX, Notes

from .calls import shown


async def _steps(notes: Notes, client: Client, session: bytes, *ordinals: int) -> list[Any]:
    """All are on the way before the first is answered."""
    connection = await client.connect()
    pending = []
    for ordinal in ordinals:
        call = await client.new_call(PREFIX + "step", notes.request("step", {"round": ordinal}))
        pending.append(await connection.begin(replace(call, session=(session, ordinal))))
    seen: list[Any] = []
    for it in pending:
        try:
            seen.append(notes.read_response("step", await it.answer))
        except Failure as failure:
            seen.append(shown(notes, failure)["reason"] or failure.code)
    return seen


async def session(notes: Notes, client: Client) -> Any:
    """In order; a gap revokes, and what is revoked stays so. Another session knows nothing of that."""
    first, second, third = os.urandom(16), os.urandom(16), os.urandom(16)
    return {
        "in order": await _steps(notes, client, first, 0, 1, 2),
        "an old one": await _steps(notes, client, first, 1),
        "after that": await _steps(notes, client, first, 3),
        "a gap": await _steps(notes, client, second, 0, 2, 1),
        "not from 0": await _steps(notes, client, third, 1),
        "another": await _steps(notes, client, os.urandom(16), 0),
    }


async def session_elsewhere(notes: Notes, client: Client) -> Any:
    """A session stays on the connection of its first call."""
    session, other = os.urandom(16), Client(client.address)
    other.id = client.id
    seen = [await _steps(notes, client, session, 0), await _steps(notes, other, session, 1), await _steps(notes, client, session, 1)]
    await other.close()
    return seen


async def nearer(notes: Notes, client: Client) -> Any:
    """The server tells a client on its host of its socket, and proves there that it is the same."""
    connection = await client.connect()
    mark, secret, addresses = read_offer(connection.peer.values[NEARER])
    instance, challenge = connection.peer.values[INSTANCE_ID], os.urandom(16)
    link = await dial(addresses[0], client.own.message_limit)
    link.write(hello(Settings({CLIENT_ID: client.id, CHALLENGE: challenge, **settings_of(client.own)})))
    welcome = read_welcome(await link.read() or b"")
    seen = {
        "scheme": addresses[0].partition(":")[0],
        "mark": mark == host_mark(instance),
        "instance": welcome.values[INSTANCE_ID] == instance,
        "proof": welcome.values[PROOF] == proof(secret, challenge),
    }
    await link.close()
    return seen


SESSIONS = {"session": session, "session elsewhere": session_elsewhere, "nearer": nearer}
