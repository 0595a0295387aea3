"""The blueprint that the pages of courses and runs hang on, and what several of them need."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Blueprint, request

from retrain.catalogue.listing import Page

bp = Blueprint("catalogue", __name__)

T = TypeVar("T")


def asked(name: str, longest: int = 200) -> str:
    """A value in the address, cut to a sensible length."""
    return request.args.get(name, "").strip()[:longest]


def same_page(page: Page[Any], items: list[T]) -> Page[T]:
    """The same page of a list, its items made ready to be shown."""
    return Page(items, page.page, page.total, page.per_page)


def worded(words: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    """The choices of a filter out of a table of words."""
    return [(str(value), word) for value, word in words.items()]
