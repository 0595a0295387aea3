"""What can be said: a subject and a body with named places, which become text in the reader's language."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app

from retrain.language import CODES, pick
from retrain.language.dates import one_stop
from retrain.messages.states import Channel
from retrain.web import words
from retrain.web.language import current_language, shown_date, shown_moment

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}:\d{2}|Z)")


@dataclass(frozen=True)
class Kind:
    """One kind of message. *subject* and *body* are lazy texts, or functions of the facts.

    ``essential`` ones (a reset link) go out whatever the person prefers; ``in_app`` ones also stand in the
    inbox; *channels*, if given, are the only ones used. The facts ``path`` (an address on this site) and
    ``url`` (any) end up as a link; moments are shown on the clocks of the fact ``zone``.
    """

    subject: Any
    body: Any
    in_app: bool = True
    essential: bool = False
    channels: Collection[Channel] | None = None


@dataclass(frozen=True)
class Text:
    """A message in words."""

    subject: str
    body: str
    link: str


def declared(app: Flask) -> dict[str, Kind]:
    """Every kind the packages declare in the ``MESSAGES`` of their wording."""
    return words.declared(app, "MESSAGES")


def kind_of(name: str) -> Kind:
    """The kind called *name*; LookupError for one that nobody declared."""
    return declared(current_app)[name]


def text_of(name: str, facts: dict[str, Any]) -> Text:
    """The message in the language being written now (inside ``force_locale``: the recipient's)."""
    kind = declared(current_app).get(name)
    if kind is None:  # of a version that knew more
        return Text(name, "", "")
    zone = ZoneInfo(facts["zone"]) if facts.get("zone") else None
    shown = {key: _shown(value, zone) for key, value in facts.items()}
    path = facts.get("path")
    link = current_app.config["RETRAIN"].public_url + str(path) if path else ""
    return Text(" ".join(_say(kind.subject, shown).split()), _say(kind.body, shown), link)


def _say(text: Any, facts: dict[str, Any]) -> str:
    return one_stop(str(text(facts)) if callable(text) else str(text) % _Facts(facts))


class _Facts(dict[str, Any]):
    """Facts of an older version, or without what is secret, still make a sentence."""

    def __missing__(self, name: str) -> str:
        return "…"


def _shown(value: Any, zone: ZoneInfo | None) -> Any:
    """Days and moments as the reader writes them; of texts in several languages the reader's."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return shown_moment(datetime.fromisoformat(value), zone)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return shown_date(date.fromisoformat(value))
    if isinstance(value, dict) and value and set(value) <= set(CODES):
        return pick(value, current_language())
    return value
