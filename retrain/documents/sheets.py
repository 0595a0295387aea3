"""The page every printed document starts from, filled in outside any request: the worker prints too."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from retrain.documents import dates

TEMPLATES = Path(__file__).parent.parent / "templates"


def html(template: str, lang: str, title: str, words: Mapping[str, str], **context: Any) -> str:
    """The page *template* makes of its context, with days and words in *lang*."""
    if lang not in dates.LANGUAGES:
        raise ValueError(f"no document is written in {lang!r}")
    page = _environment().get_template(f"documents/{template}")
    return page.render(lang=lang, title=title, words=words, **context)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["written"] = dates.written
    return made
