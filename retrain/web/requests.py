"""What no column of any table could hold is turned away at the door: numbers too large, days of no calendar.

What comes in an address or a form need not come from a page of ours.
"""

from datetime import date
from typing import Any, BinaryIO, cast

from flask import Flask, abort, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter, Map, ValidationError

LARGEST = 2**31 - 1
"""The largest number of a row."""

LONGEST_QUERY = 8000
"""What is asked behind an address is shorter; SQLite looks for no longer texts, and no server takes longer lines."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Between them a day has a week, a year and a time zone around it, and somebody may have been born on it."""


class RowNumber(IntegerConverter):
    """``<int:…>`` in an address: the number of a row; a larger one is the address of nothing."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002 (werkzeug's name)
        super().__init__(map, **{"max": LARGEST, **options})

    def to_python(self, value: str) -> Any:
        """Nothing is there, whatever the method: another address beside it must not answer that it takes only forms."""
        try:
            return super().to_python(value)
        except ValidationError:
            raise NotFound from None


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.before_request(_turn_away)


def _turn_away() -> None:
    """Addresses of raw bytes, or endless ones, no page of ours has; PostgreSQL keeps no NUL in a text, and nobody
    types one."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        request.query_string = b""  # else nothing that reads the address could answer
        abort(400)
    if len(request.query_string) > LONGEST_QUERY:
        request.query_string = b""
        abort(400)
    typed = (
        text for texts in (request.args, request.form) for pair in texts.items(multi=True) for text in pair
    )
    if "\x00" in request.path or any("\x00" in text for text in typed):
        abort(400)


def whole(text: str | None) -> int:
    """A number out of an address or a form, small enough for any row; 0 when it is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def chosen(name: str, source: Any = None) -> list[int]:
    """The numbers chosen in a list, each once, in their order."""
    values = (request.values if source is None else source).getlist(name)
    return [number for number in dict.fromkeys(whole(value) for value in values) if number]


def day_of(text: str | None) -> date | None:
    """A day out of an address or a form; None when it is none."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def file_sent(field: str) -> tuple[BinaryIO, str] | None:
    """A file out of a form and its name; None when nobody chose one."""
    sent = request.files.get(field)
    return (cast(BinaryIO, sent.stream), sent.filename) if sent and sent.filename else None


def asked_page() -> int:
    """The page of a list that the address asks for; the first when it is no number."""
    return max(whole(request.args.get("page")), 1)
