"""Pieces of pages that come out the same for many readers: put together once in each language, and kept."""

from collections.abc import Callable, Hashable, Mapping, MutableMapping
from typing import Any

from flask import Flask, current_app, request
from flask.templating import Environment
from markupsafe import Markup

from retrain.web.language import current_language

PIECES = "retrain.pieces"
KEPT, LONGEST = 2000, 10_000
"""Pieces at most, and characters of one: what visitors type into an address may be in them."""


class Templates(Environment):
    """Flask's templates, each knowing what all know as a plain dictionary.

    Jinja chains two, so that what all know may change later, and goes through both name by name for each macro that is
    imported. Here nothing changes once the app is assembled.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template knows: what all know, and its own."""
        return {**self.globals, **(d or {})}


def init_app(app: Flask) -> None:
    app.extensions[PIECES] = {}
    app.jinja_env.globals["piece"] = piece


def piece(template: str, **values: Hashable) -> Markup:
    """*template* filled with nothing but *values* and the language; nothing of a person may be among them."""
    return kept(template, tuple(values.items()), lambda: values)


def kept(template: str, key: Hashable, values: Callable[[], Mapping[str, Any]]) -> Markup:
    """*template* filled with what *values* gives, which is asked the first time that *key* comes."""
    pieces: dict[Hashable, Markup] = current_app.extensions[PIECES]
    # An address begins with where the program is mounted.
    full = (template, current_language(), request.script_root, key)
    found = pieces.get(full)
    if found is None:
        found = Markup(current_app.jinja_env.get_template(template).render(values()))  # noqa: S704 (escaped)
        if len(pieces) >= KEPT:
            pieces.clear()
        if len(found) <= LONGEST:
            pieces[full] = found
    return found
