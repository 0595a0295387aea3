"""Turns refusal codes into sentences, from the ``REFUSALS`` of each package's wording."""

from collections.abc import Callable
from datetime import date, datetime
from types import ModuleType
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _

from retrain.language import pick
from retrain.refusal import Refusal
from retrain.web.language import current_language, shown_date, shown_moment


def rooms(app: Flask) -> list[ModuleType]:
    """The ``wording`` rooms of all packages."""
    return app.extensions.setdefault("retrain.wording", [])  # type: ignore[no-any-return]


def refusals(app: Flask) -> dict[str, Any]:
    """code → sentence (lazy text with named places) or a function of the facts."""
    known = app.extensions.get("retrain.refusals")
    if known is None:
        known = {}
        for room in rooms(app):
            sentences = getattr(room, "REFUSALS", {})
            if twice := known.keys() & sentences.keys():
                raise LookupError(f"{room.__name__} words {sorted(twice)} a second time")
            known |= sentences
        app.extensions["retrain.refusals"] = known
    return known  # type: ignore[no-any-return]


def say(refusal: Refusal) -> str:
    """The sentence for *refusal* in the reader's language."""
    sentence = refusals(current_app).get(refusal.code)
    if sentence is None:
        return _("This can't be done (%(code)s).", code=refusal.code)
    if isinstance(sentence, Callable):  # type: ignore[arg-type]
        return str(sentence(**refusal.facts))
    return str(sentence) % {name: _shown(value) for name, value in refusal.facts.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return shown_moment(value)
    if isinstance(value, date):
        return shown_date(value)
    if isinstance(value, dict):
        return pick(value, current_language())
    return value
