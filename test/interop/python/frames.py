"""Answers lines of JSON about frames, each with its parts, or {"refused": reason}: {"frame": hex}, {"hello": hex}, {"welcome": hex}, {"headers": hex}."""

from __future__ import annotations

import json
import sys
from typing import Any

from calls.failure import REASONS, Failure, code_of, read_failure
from calls.frames import CALL, ERROR, GOAWAY, SETTLE, read_call, read_frame, read_headers, read_text
from calls.handshake import SERVICES, VERSION, read_hello, read_services, read_welcome
from values.refused import Refused
from values.source import Source


def frame(data: bytes) -> list[Any]:
    it = read_frame(data)
    if it.kind in (CALL, SETTLE):
        call = read_call(it)
        key = call.key.hex() if call.key else ""
        session = [call.session[0].hex(), call.session[1]] if call.session else []
        rank = call.criticality if call.criticality < 4 else 1
        numbers = [call.sequence, call.ack_below, call.age_ms, call.remaining_ms, call.attempt, call.hop, rank]
        return [it.stream, call.method, key, *numbers, *session, call.header_block.hex(), call.request.hex()]
    if it.kind == ERROR:
        failure = read_failure(it.rest)
        reason = REASONS.index(failure.reason)
        return [failure.code, failure.executed, reason, failure.pushback, failure.name, failure.message, failure.fields.hex()]
    assert it.kind == GOAWAY
    source = Source(it.rest)
    parts = [it.stream, code_of(source.byte()), read_text(source)]
    source.close()
    return parts


def hello(data: bytes) -> list[Any]:
    version, settings = read_hello(data)
    if version != VERSION:
        raise Refused("another version")
    return _hex(settings.values, (1, 2, 10)) + [settings.number(it) for it in (3, 4, 5)]


def welcome(data: bytes) -> list[Any]:
    try:
        settings = read_welcome(data)
    except Failure as failure:
        raise Refused(failure.code) from None
    methods = [[it.path, it.promise] for it in read_services(settings.values[SERVICES])]
    return _hex(settings.values, (6, 11, 12)) + [settings.number(it, 53) for it in (3, 4, 5, 9)] + [methods]


def _hex(values: dict[int, bytes], numbers: tuple[int, ...]) -> list[Any]:
    return [values[it].hex() if it in values else None for it in numbers]


READERS = {"frame": frame, "hello": hello, "welcome": welcome, "headers": lambda data: sorted(read_headers(data).items())}


def main() -> None:
    for text in sys.stdin:
        ((kind, data),) = json.loads(text).items()
        try:
            print(json.dumps(READERS[kind](bytes.fromhex(data))))
        except Refused as refused:
            print(json.dumps({"refused": str(refused)}))


main()
