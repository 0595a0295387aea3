"""The page every printed document starts from, filled in outside any request: the worker prints too."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from retrain.documents import dates

TEMPLATES = Path(__file__).parent.parent / "templates"


def html(template: str, lang: str, title: str, words: Mapping[str, str], **context: Any) -> str:
    """The page *template* makes of its context, with days and words in *lang*."""
    if lang not in dates.LANGUAGES:
        raise ValueError(f"no document is written in {lang!r}")
    page = _environment().get_template(f"documents/{template}")
    return page.render(lang=lang, title=title, words=words, **context)


_STEERING = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Signs that turn writing round: with one in a name, paper would show another name than the program holds."""


def _set_straight(value: Any) -> Any:
    """A text as it goes on paper, without signs that steer how it is read."""
    if not isinstance(value, str) or value.isascii():
        return value
    straight = value.translate(_STEERING)
    return Markup(straight) if isinstance(value, Markup) else straight  # noqa: S704 (it was markup before)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_set_straight,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["written"] = dates.written
    return made
