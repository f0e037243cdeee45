"""Calls of every kind, and how they end."""

from __future__ import annotations

import asyncio
from typing import Any

from calls.client import Client, ClientConnection, Pending
from calls.failure import Failure
from calls.frames import END, GOAWAY, ITEM, PIECE, TAKEN, Frame
from notes import PREFIX, Notes

LONG = "A" * 266_668  # base64 of 200,001 bytes


def shown(notes: Notes, failure: Failure) -> dict[str, Any]:
    seen = {"code": failure.code, "executed": failure.executed, "reason": failure.reason, "name": failure.name}
    return {**seen, "fields": notes.read_no_such_note(failure.fields) if failure.name else None}


async def unary(notes: Notes, client: Client) -> Any:
    async def call(method: str, request: Any) -> Any:
        try:
            return notes.read_response(method, await client.unary(PREFIX + method, notes.request(method, request)))
        except Failure as failure:
            return shown(notes, failure)

    return [
        await call("get", {"id": "one"}),
        await call("get", {"id": "none"}),
        await call("echo", {"note": {"text": "漢字 é", "labels": {"b": 2, "a": 1}, "at": "2026-01-31T12:00:00.500Z"}}),
    ]


async def pieces(notes: Notes, client: Client) -> Any:
    """A long call, in pieces of 10,000 bytes, and beside it a short one that passes; the reply comes in pieces too."""
    connection = await client.connect()
    request = notes.request("echo", {"note": {"data": LONG}})
    long = asyncio.create_task(client.unary(PREFIX + "echo", request))
    short = await client.unary(PREFIX + "get", notes.request("get", {"id": "one"}))
    note = notes.read_response("echo", await long)
    return {
        "same": note["data"] == LONG,
        "short": notes.read_response("get", short)["text"],
        "pieces": connection.seen[PIECE] > 1,
        "taken": connection.seen[TAKEN] > 0,
        "pong": await connection.ping(77),
    }


async def _begin(notes: Notes, client: Client, method: str, request: Any = None, ms: int = 0) -> tuple[ClientConnection, Pending]:
    data = b"" if request is None else notes.request(method, request)
    call = await client.new_call(PREFIX + method, data, ms)
    connection = await client.connect()
    return connection, await connection.begin(call)


async def watch(notes: Notes, client: Client) -> Any:
    """Reads nothing first: the server stops where the window is used up, for a PING comes back and no more elements."""
    connection, call = await _begin(notes, client, "watch", {"count": 50, "bytes": 1000})
    while connection.seen[ITEM] < 4:
        await connection.ping(1)
    for n in range(20):
        await connection.ping(n)
    before = connection.seen[ITEM]
    lengths = [len(notes.read_response("watch", it)["data"]) async for it in call.items]
    return {"before": before, "count": len(lengths), "length": lengths[0]}


async def watch_failing(notes: Notes, client: Client) -> Any:
    _, call = await _begin(notes, client, "watch", {"count": 3, "bytes": 0})
    count = 0
    try:
        async for _ in call.items:
            count += 1
    except Failure as failure:
        return {"count": count, "failure": shown(notes, failure)}
    return {"count": count}


async def watch_left(notes: Notes, client: Client) -> Any:
    """Leaves a stream after its first element; other calls go on with the credit of the connection."""
    for _ in range(10):
        connection, call = await _begin(notes, client, "watch", {"count": 50, "bytes": 3000})
        async for _ in call.items:
            break
        await connection.cancel(call)
        call.items.drop()
    _, call = await _begin(notes, client, "watch", {"count": 50, "bytes": 3000})
    return len([it async for it in call.items])


async def upload(notes: Notes, client: Client) -> Any:
    connection, call = await _begin(notes, client, "upload")
    for n in range(40):
        await connection.send_item(call.stream, notes.request("upload", {"data": "AAAA" * 8000, "text": str(n)}))
    await connection.send(Frame(END, call.stream))
    return notes.read_response("upload", await call.answer)


async def chat(notes: Notes, client: Client) -> Any:
    connection, call = await _begin(notes, client, "chat")
    items, texts = aiter(call.items), []
    for n in range(30):
        await connection.send_item(call.stream, notes.request("chat", {"text": f"{n}", "data": "AAAA" * 1000}))
        texts.append(notes.read_response("chat", await anext(items))["text"])
    await connection.send(Frame(END, call.stream))
    return {"texts": texts, "over": await anext(items, None) is None}


async def cancel(notes: Notes, client: Client) -> Any:
    connection, call = await _begin(notes, client, "hang", {})
    await connection.ping(1)
    await connection.cancel(call)
    # The next call shows that the connection lives.
    note = await client.unary(PREFIX + "get", notes.request("get", {"id": "one"}))
    return notes.read_response("get", note)["text"]


async def deadline(notes: Notes, client: Client) -> Any:
    _, call = await _begin(notes, client, "hang", {}, 50)
    try:
        await call.answer
    except Failure as failure:
        return shown(notes, failure)


async def wrong(notes: Notes, client: Client) -> Any:
    """What is refused before a handler runs."""
    seen = []
    connection = await client.connect()
    for change in ({"method": 99}, {"request": b"\xff"}, {"headers": {"rpc-mine": "1"}}):
        call = await client.new_call(PREFIX + "get", notes.request("get", {"id": "one"}))
        for key, value in change.items():
            setattr(call, key, value)
        try:
            await (await connection.begin(call)).answer
        except Failure as failure:
            seen.append(shown(notes, failure))
    return seen


async def leave(notes: Notes, client: Client) -> Any:
    """The server's GOAWAY lets the call that runs end, and the connection ends in order behind it."""
    connection, call = await _begin(notes, client, "leave", {})
    answer = notes.read_response("leave", await call.answer)
    await client.reading
    goaway = connection.goaway
    return {"answer": answer, "goaways": connection.seen[GOAWAY], "up_to": goaway and goaway.stream, "lost": connection.lost}


CALLS = {
    "unary": unary, "pieces": pieces, "watch": watch, "watch failing": watch_failing, "watch left": watch_left,
    "upload": upload, "chat": chat, "cancel": cancel, "deadline": deadline, "wrong": wrong, "leave": leave,
}  # fmt: skip
