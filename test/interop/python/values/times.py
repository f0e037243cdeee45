"""Moments and lengths of time as text (docs/json.md): seconds and nanoseconds within Python."""

import re
from datetime import datetime, timedelta

from .refused import Refused

EPOCH = datetime(1970, 1, 1)
NS = 10**9
MOMENT = r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
LENGTH = r"(-?)(\d+)(?:\.(\d{1,9}))?s"


def _digits(nanos: int, to_nanos: bool) -> str:
    """Three digits of milliseconds, and as many more as are needed."""
    text = f"{nanos:09}"
    return text[:3] + text[3:].rstrip("0") if to_nanos else text[:3]


def timestamp_text(value: tuple[int, int], to_nanos: bool) -> str:
    moment = EPOCH + timedelta(seconds=value[0])
    return f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}.{_digits(value[1], to_nanos)}Z"


def read_timestamp(text: str) -> tuple[int, int]:
    match = re.fullmatch(MOMENT, text)
    if match is None:
        raise Refused("no moment of ISO 8601")
    *parts, fraction, offset = match.groups()
    try:
        seconds = int((datetime(*map(int, parts)) - EPOCH) / timedelta(seconds=1))
    except ValueError:
        raise Refused("no such moment") from None
    if offset != "Z":
        minutes = int(offset[1:3]) * 60 + int(offset[4:])
        seconds -= minutes * 60 if offset[0] == "+" else -minutes * 60
    return (seconds, int((fraction or "").ljust(9, "0")))


def to_millis(value: tuple[int, int]) -> tuple[int, int]:
    """What is left of a moment for who has no @nanos."""
    return (value[0], value[1] // 10**6 * 10**6)


def duration_text(value: tuple[int, int], to_nanos: bool) -> str:
    total = value[0] * NS + value[1]
    whole, part = divmod(abs(total), NS)
    digits = f"{part:09}".rstrip("0")
    return f"{'-' if total < 0 else ''}{whole}{'.' + digits if digits else ''}s"


def read_duration(text: str) -> tuple[int, int]:
    match = re.fullmatch(LENGTH, text)
    if match is None:
        raise Refused("no seconds")
    sign, whole, fraction = match.groups()
    total = int(whole) * NS + int((fraction or "").ljust(9, "0"))
    return divmod(-total if sign else total, NS)
