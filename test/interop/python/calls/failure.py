"""A call that failed, and what stands in an ERROR behind its stream (2.5)."""

from __future__ import annotations

from dataclasses import dataclass

from values.source import Source, varint

from .frames import ERROR, Frame, read_text, text

CODES = (
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
)  # fmt: skip
EXECUTED = ("no", "yes", "unknown")
REASONS = (
    "", "OUTCOME_UNKNOWN", "STALE", "SESSION_REVOKED", "FENCED", "CALL_ID_REUSED", "REPLY_NOT_RETAINED", "IN_PROGRESS",
)  # fmt: skip


@dataclass
class Failure(Exception):
    code: str
    executed: str
    message: str = ""
    reason: str = ""
    # 0 none, 1 do not try again, n: not before n - 2 milliseconds
    pushback: int = 0
    # Of a declared error: its full name, and its fields as a value of part 1.
    name: str = ""
    fields: bytes = b""

    def rest(self) -> bytes:
        """As it stands behind the stream of its ERROR, and in the record of a guarded call."""
        head = bytes([CODES.index(self.code), EXECUTED.index(self.executed), REASONS.index(self.reason)])
        return head + varint(self.pushback) + text(self.name) + text(self.message) + self.fields

    def frame(self, stream: int) -> Frame:
        return Frame(ERROR, stream, self.rest())


def code_of(number: int) -> str:
    return CODES[number] if 0 < number < len(CODES) else "UNKNOWN"


def read_failure(rest: bytes) -> Failure:
    source = Source(rest)
    code, executed, reason = source.take(3)
    pushback, name, message = source.varint(), read_text(source), read_text(source)
    return Failure(
        code_of(code),
        EXECUTED[executed] if executed < len(EXECUTED) else "unknown",
        message,
        REASONS[reason] if reason < len(REASONS) else "",
        pushback,
        name,
        source.rest(),
    )
