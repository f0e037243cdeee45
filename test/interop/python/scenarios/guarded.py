"""Calls that are sent again, asked after, and recognised by their key (2.9)."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from calls.client import Client
from calls.failure import Failure
from calls.frames import Call
from notes import PREFIX, Notes

from .calls import shown


async def _answer(notes: Notes, client: Client, method: str, call: Call, *, settles: bool = False) -> Any:
    connection = await client.connect()
    call = replace(call, method=connection.number(PREFIX + method))
    try:
        return notes.read_response(method, await (await connection.begin(call, settles=settles)).answer)
    except Failure as failure:
        return shown(notes, failure)


def _cut(client: Client) -> None:
    assert client.connection
    client.connection.link.abort()
    client.connection = None


async def again(notes: Notes, client: Client) -> Any:
    """An answer that got lost is given again, on another connection; the id means this one call."""
    call = await client.new_call(PREFIX + "add", notes.request("add", {"count": 5}))
    other = notes.request("add", {"count": 6})
    seen = [await _answer(notes, client, "add", call)]
    _cut(client)
    seen.append(await _answer(notes, client, "add", replace(call, attempt=2, age_ms=3)))
    seen.append(await _answer(notes, client, "add", replace(call, attempt=3, age_ms=4, request=other)))
    return seen


async def settle(notes: Notes, client: Client) -> Any:
    """What became of a call that ran, and of one that was never begun, and never will be."""
    ran = await client.new_call(PREFIX + "add", notes.request("add", {"count": 5}))
    never = await client.new_call(PREFIX + "add", notes.request("add", {"count": 6}))
    return [
        await _answer(notes, client, "add", ran),
        await _answer(notes, client, "add", ran, settles=True),
        await _answer(notes, client, "add", never, settles=True),
        await _answer(notes, client, "add", never),
    ]


async def stale(notes: Notes, client: Client) -> Any:
    """What is settled by ackBelow has no record, and is not run."""
    first = await client.new_call(PREFIX + "add", notes.request("add", {"count": 5}))
    second = await client.new_call(PREFIX + "add", notes.request("add", {"count": 6}))
    return [
        await _answer(notes, client, "add", first),
        await _answer(notes, client, "add", replace(second, ack_below=second.sequence)),
        await _answer(notes, client, "add", replace(first, attempt=2)),
    ]


async def keyed(notes: Notes, client: Client) -> Any:
    """Under a key a call is the same from any connection and client, and stays so."""
    key = os.urandom(16)
    call = replace(await client.new_call(PREFIX + "pay", notes.request("pay", {"order": "o", "cents": "7"})), key=key, sequence=0)
    other = Client(client.address)
    seen = [
        await _answer(notes, client, "pay", call),
        await _answer(notes, other, "pay", replace(call, attempt=2, age_ms=2)),
        await _answer(notes, other, "pay", call, settles=True),
        await _answer(notes, other, "pay", replace(call, request=notes.request("pay", {"order": "o", "cents": "8"}))),
    ]
    await other.close()
    return seen


async def declared(notes: Notes, client: Client) -> Any:
    """A declared error is an answer as any other: it is kept, and given again."""
    call = await client.new_call(PREFIX + "pay", notes.request("pay", {"order": "none", "cents": "7"}))
    return [await _answer(notes, client, "pay", call), await _answer(notes, client, "pay", replace(call, attempt=2))]


async def attempts(notes: Notes, client: Client) -> Any:
    """The number of the attempt reaches the handler."""
    call = await client.new_call(PREFIX + "put", notes.request("put", {"id": "x", "failures": 0}))
    return await _answer(notes, client, "put", replace(call, attempt=4, age_ms=100))


GUARDED = {"again": again, "settle": settle, "stale": stale, "keyed": keyed, "declared": declared, "attempts": attempts}
