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

DECLARED = ("REFUSALS", "MESSAGES", "JOBS", "JOBS_UNDER_WAY", "JOB_RESULTS")
"""What a wording may declare by name: code → sentence (lazy text with named places) or a function of the
facts, kind → message, and what jobs are, do without saying how far they are, and came to. The names are
everybody's, so each is given once; shared ones are the lowest floor's."""


def take_in(app: Flask, room: ModuleType) -> None:
    """Take in a package's words; a code or kind that another package has given words stops the start."""
    for name in DECLARED:
        known, added = declared(app, name), getattr(room, name, {})
        if twice := known.keys() & added.keys():
            raise LookupError(f"{room.__name__} words {sorted(twice)} a second time in {name}")
        known |= added


def declared(app: Flask, name: str) -> dict[str, Any]:
    """Everything that the packages' wording declares under *name*."""
    known: dict[str, Any] = app.extensions.setdefault(f"retrain.{name}", {})
    return known


def say(refusal: Refusal) -> str:
    """The sentence for *refusal* in the reader's language."""
    sentence = declared(current_app, "REFUSALS").get(refusal.code)
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
