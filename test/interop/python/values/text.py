"""The two forms of text: a byte a unit, or UTF-16LE (1.1), and the pool of a value (1.5)."""

from .refused import Refused
from .source import Source

# Text of so many units stands in the body by itself.
LONG = 256


def units_of(text: str) -> int:
    return len(text) + sum(1 for c in text if c > "\uffff")


def form_of(text: str) -> int:
    return 1 if any(c > "\xff" for c in text) else 0


def text_bytes(text: str, form: int) -> bytes:
    try:
        return text.encode("utf-16-le" if form else "latin-1")
    except UnicodeEncodeError:
        raise Refused("half a surrogate pair") from None


def read_text(data: bytes, form: int) -> str:
    """Strict UTF-16 has no half pairs, so that a cut inside a pair is found where either part is read."""
    try:
        return data.decode("utf-16-le" if form else "latin-1")
    except UnicodeDecodeError:
        raise Refused("half a surrogate pair") from None


def check_form(form: int, text: str) -> None:
    if form != form_of(text):
        raise Refused("text in a form that is not its own")


def read_long(source: Source, units: int) -> str:
    form = source.byte()
    if form > 1:
        raise Refused("text of no form")
    text = read_text(source.take(units << form), form)
    check_form(form, text)
    return text


def order_of(key: int | str) -> int | bytes:
    """What keys of maps ascend by: text by its units, which is another order than by code points."""
    if not isinstance(key, str):
        return key
    text_bytes(key, 1)
    return key.encode("utf-16-be")


class Pool:
    """The text of every short string of a value, end to end; `take` goes through it once."""

    def __init__(self, data: bytes, form: int):
        self.form = form
        self.source = Source(data)
        check_form(form, read_text(data, form))

    def take(self, units: int) -> str:
        if units << self.form > self.source.left():
            raise Refused("beyond the pool")
        return read_text(self.source.take(units << self.form), self.form)

    def close(self) -> None:
        if self.source.left():
            raise Refused("text in the pool that nothing refers to")
