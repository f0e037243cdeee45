"""The types and methods of notes.idl, as both programs have them from their first line of input."""

from __future__ import annotations

import json
import sys
from typing import Any

from calls.handshake import Method
from values.decode import decode
from values.encode import encode
from values.json_form import from_json, to_json
from values.schema import Schema, type_of

PREFIX = "interop.Notes/"


class Notes:
    """Requests, responses and errors as JSON outside, and as bytes on the wire."""

    def __init__(self, line: str):
        it = json.loads(line)
        self.schema = Schema(it["table"])
        self.methods = [Method(m["path"], m["kind"], m["promise"]) for m in it["methods"]]
        self._requests = {m["path"]: type_of(m["request"]) for m in it["methods"]}
        self._responses = {m["path"]: type_of(m["response"]) for m in it["methods"] if m["response"]}

    def request(self, method: str, value: Any) -> bytes:
        return self._write(self._requests[PREFIX + method], value)

    def read_request(self, method: str, data: bytes) -> Any:
        return self._read(self._requests[PREFIX + method], data)

    def response(self, method: str, value: Any) -> bytes:
        return self._write(self._responses[PREFIX + method], value)

    def read_response(self, method: str, data: bytes) -> Any:
        return self._read(self._responses[PREFIX + method], data)

    def no_such_note(self, id: str) -> bytes:
        return self._write(("named", "interop.NoSuchNote"), {"id": id})

    def read_no_such_note(self, data: bytes) -> Any:
        return self._read(("named", "interop.NoSuchNote"), data)

    def _write(self, type: Any, value: Any) -> bytes:
        return encode(self.schema, type, from_json(self.schema, type, value))

    def _read(self, type: Any, data: bytes) -> Any:
        return to_json(self.schema, type, decode(self.schema, type, data))


def notes_from_input() -> Notes:
    return Notes(sys.stdin.readline())
