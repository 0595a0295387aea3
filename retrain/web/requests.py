"""What no column of any table could hold is turned away at the door: numbers too large, signs no text has."""

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""The largest number of a row."""

_MOST_PAGES = 10**6


class RowNumber(IntegerConverter):
    """``<int:…>`` in an address: the number of a row; a larger one is the address of nothing."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002 (werkzeug's name)
        super().__init__(map, **{"max": LARGEST, **options})


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.before_request(_turn_away)


def _turn_away() -> None:
    """Addresses of raw bytes no page of ours has; PostgreSQL keeps no NUL in a text, and nobody types one."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        request.query_string = b""  # else nothing that reads the address could answer
        abort(400)
    typed = (
        text for texts in (request.args, request.form) for pair in texts.items(multi=True) for text in pair
    )
    if "\x00" in request.path or any("\x00" in text for text in typed):
        abort(400)


def asked_page() -> int:
    """The page of a list that the address asks for; the first when it is no number."""
    text = request.args.get("page", "")
    return (
        min(max(int(text), 1), _MOST_PAGES) if text.isascii() and text.isdecimal() and len(text) < 10 else 1
    )
