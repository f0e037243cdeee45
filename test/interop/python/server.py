"""server.py ADDRESS: a server of notes.idl. Its input is what notes.py reads. It prints where it listens, and what it has seen when its input ends."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from calls.failure import Failure
from calls.frames import CANCEL, END, PIECE, TAKEN
from calls.identity import child_key
from calls.server import Context, Server
from notes import PREFIX, Notes, notes_from_input

EMPTY: dict[str, Any] = {"text": "", "data": "", "labels": {}, "at": "1970-01-01T00:00:00.000Z"}


class Handlers:
    """By the names of the methods. Effects are counted, so that a second run shows."""

    def __init__(self, notes: Notes):
        self.notes = notes
        self.seen: Counter[str] = Counter()
        self.attempts: list[int] = []
        self.sum = 0
        self.derived: list[int | str | None] = []
        self.server: Server

    def missing(self, id: str) -> Failure:
        return Failure("NOT_FOUND", "yes", "no such note", name="interop.NoSuchNote", fields=self.notes.no_such_note(id))

    async def get(self, request: dict[str, Any], _: Context) -> Any:
        if request["id"] == "none":
            raise self.missing("none")
        return {**EMPTY, "text": request["id"]}

    async def echo(self, request: dict[str, Any], _: Context) -> Any:
        return request["note"]

    async def put(self, request: dict[str, Any], context: Context) -> Any:
        """Cuts the connection off in its first `failures` runs."""
        self.seen["put"] += 1
        self.attempts.append(context.call.attempt)
        if self.seen["put"] <= request["failures"]:
            context.connection.link.abort()
        return {"runs": self.seen["put"], "attempt": context.call.attempt}

    async def add(self, request: dict[str, Any], context: Context) -> Any:
        """Cuts the connection off behind its effect, the first time."""
        self.seen["add"] += 1
        self.sum += request["count"]
        if self.seen["add"] == 1:
            context.connection.link.abort()
        return self.sum

    async def step(self, request: dict[str, Any], _: Context) -> Any:
        return request["round"]

    async def pay(self, request: dict[str, Any], context: Context) -> Any:
        """The order of a call within a call is its parent's id; how its key was derived is noted."""
        self.seen["pay"] += 1
        if "/" in request["order"]:
            steps: tuple[int | str, ...] = (0, 1, 2, "charge")
            keys = [child_key(request["order"], PREFIX + "pay", it) for it in steps]
            key = context.call.key
            self.derived.append(steps[keys.index(key)] if key in keys else None)
        if self.seen["pay"] == 1:
            context.connection.link.abort()
        if request["order"] == "none":
            raise self.missing("none")
        return request["cents"]

    async def hang(self, _: dict[str, Any], context: Context) -> Any:
        self.seen["hang"] += 1
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.seen["cancelled"] += 1
            raise

    async def watch(self, request: dict[str, Any], _: Context) -> AsyncIterator[Any]:
        for n in range(request["count"]):
            self.seen["watched"] += 1
            yield {**EMPTY, "text": str(n), "data": "A" * (request["bytes"] // 3 * 4)}
        if request["bytes"] == 0:
            raise self.missing("watch")

    async def upload(self, _: None, context: Context) -> Any:
        total = 0
        async for payload in context.items:
            data = self.notes.read_request("upload", payload)["data"]
            total += len(data) // 4 * 3 - data.count("=")
        return str(total)

    async def chat(self, _: None, context: Context) -> AsyncIterator[Any]:
        async for payload in context.items:
            yield self.notes.read_request("chat", payload)

    async def leave(self, _: dict[str, Any], context: Context) -> Any:
        context.connection.leave()
        return True


def bound(notes: Notes, handlers: Handlers, method: str, kind: str) -> Any:
    """The handler, with bytes instead of JSON."""
    handler = getattr(handlers, method)

    def request_of(data: bytes, context: Context) -> Any:
        return notes.read_request(method, data) if kind in ("unary", "server stream") else None

    async def unary(data: bytes, context: Context) -> bytes:
        return notes.response(method, await handler(request_of(data, context), context))

    async def stream(data: bytes, context: Context) -> AsyncIterator[bytes]:
        async for it in handler(request_of(data, context), context):
            yield notes.response(method, it)

    return unary if kind in ("unary", "client stream") else stream


async def main() -> None:
    notes = notes_from_input()
    handlers = Handlers(notes)
    by_path = {it.path: bound(notes, handlers, it.path.removeprefix(PREFIX), it.kind) for it in notes.methods}
    server = handlers.server = Server(notes.methods, by_path)
    if sys.argv[1].startswith("unix:"):
        listening = await asyncio.start_unix_server(server.serve, sys.argv[1][5:])
        print(sys.argv[1], flush=True)
    else:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        print(f"tcp://127.0.0.1:{listening.sockets[0].getsockname()[1]}", flush=True)
    # What was seen is asked for by a line.
    while await asyncio.to_thread(sys.stdin.readline):
        kinds: Counter[int] = sum((it.seen for it in server.all), Counter())
        pongs = [await it.ping(3) for it in server.connections]
        frames = {"pieces": kinds[PIECE], "taken": kinds[TAKEN], "cancels": kinds[CANCEL], "ends": kinds[END]}
        lost = [it.lost for it in server.all if it not in server.connections]
        print(json.dumps({**handlers.seen, **frames, "attempts": handlers.attempts, "derived": handlers.derived, "pongs": pongs, "lost": lost}), flush=True)
    listening.close()


asyncio.run(main())
