"""Pages that are the same for every visitor but for a few texts: put together once in each language, and filled.

For the pages that a whole country opens. All that a template says but the texts is kept, so that one page costs little
more than asking the database about it.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from flask import Flask, current_app, g, render_template, request, session
from markupsafe import escape

from retrain.web.language import current_language

MOULDS = "retrain.moulds"
KEPT = 500
"""Moulds at most: a page in four languages, light and dark, has a few for what is told in other words."""

_SIGN = secrets.token_hex(8)
"""What stands for a text until it comes. Nobody outside knows it, so nothing that is shown has it in it."""
_HOLE = re.compile(f"{_SIGN}x([a-z]+)x")

Mould = list[str]
"""What is kept, and in every second place the name of the text that belongs there."""


def init_app(app: Flask) -> None:
    app.extensions[MOULDS] = {}


def filled(
    template: str,
    key: Hashable,
    texts: Mapping[str, str],
    words: Callable[[Mapping[str, str]], dict[str, Any]],
) -> str:
    """*template* with what *words* makes of *texts*, which it may only place, leave out when empty, or put into others.

    *words* is asked once for each *key*, which holds all it looks at besides the texts.
    """
    if _is_of_this_visitor():
        return render_template(template, **words(texts))
    moulds: dict[Hashable, Mould] = current_app.extensions[MOULDS]
    theme = request.cookies.get("theme") if request.cookies else None
    there = tuple(name for name, text in texts.items() if text)
    full = (
        template,
        current_language(),
        request.script_root,
        theme in ("light", "dark") and theme,
        key,
        there,
    )
    mould = moulds.get(full)
    if mould is None:
        holes = {name: f"{_SIGN}x{name}x" if text else "" for name, text in texts.items()}
        mould = _HOLE.split(render_template(template, **words(holes)))
        if len(moulds) >= KEPT:
            moulds.clear()
        moulds[full] = mould
    shown = {name: str(escape(text)) for name, text in texts.items()}
    return "".join(shown[part] if at % 2 else part for at, part in enumerate(mould))


def _is_of_this_visitor() -> bool:
    """Whether the page shows who reads it, what they typed, or what is said to them once."""
    return g.actor.person_id is not None or bool(request.query_string) or "_flashes" in session
