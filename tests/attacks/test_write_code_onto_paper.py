"""Names that are code, or steer the writing, on everything that is printed: they are set as letters, and fetch nothing."""

import dataclasses
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any

import pytest

from retrain.certificates.designs import design
from retrain.documents import pdf
from retrain.documents.orders import order_pdf
from retrain.documents.papers import GroupList, Trip, group_list_pdf, reference_pdf, trips_pdf
from retrain.documents.slips import slips_pdf
from tests.certificates.papers import OF
from tests.documents.paper import text_of, words_of
from tests.documents.test_print_orders import ORDERED
from tests.documents.test_print_papers import COURSE, PERSON, REFERENCE
from tests.documents.test_print_slips import ADDRESS, slip

FILE = '<img src="file:///etc/passwd">'
CODE = (
    FILE,
    "<link rel=attachment href=file:///etc/passwd><object data=http://127.0.0.1:1/x>",
    "<style>@import url(http://127.0.0.1:1/x)</style><script>alert(1)</script>",
    '"><svg><image href="http://127.0.0.1:1/x"/></svg>',
    "url(http://127.0.0.1:1/x); background:url('file:///etc/passwd')",
    "{{7*7}} {% include '/etc/passwd' %} ${7*7} %(name)s {0}",
    "&lt;b&gt; &#x3c;img&#x3e; <!-- x --> ]]> \\22 </style>",
)
SIGNS = (
    "\u202eavomirak\u202c \u2067Aziza\u2069 \u200fX",  # writing turned round
    "Каримова 😀👩‍🔬🇺🇿 مرحبا שלום 漢字",
    "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 \u00ad\u200b\u200d \t\r\n x",
)

LONG = "Ў" * 300

KEPT_OUT = {"language", "series", "check_code", "check_url", "code", "lang"}
"""What no person types."""


def named(sheet: Any, text: str) -> Any:
    """*sheet* with *text* wherever somebody's words stand."""
    if isinstance(sheet, Enum) or (
        not isinstance(sheet, str | tuple) and not dataclasses.is_dataclass(sheet)
    ):
        return sheet
    if isinstance(sheet, str):
        return text if sheet and not sheet[:4].isdigit() else sheet
    if isinstance(sheet, tuple):
        return tuple(named(each, text) for each in sheet)
    changes = {
        field.name: named(getattr(sheet, field.name), text)
        for field in dataclasses.fields(sheet)
        if field.init and field.name not in KEPT_OUT
    }
    return dataclasses.replace(sheet, **changes)  # type: ignore[type-var]


PAPERS: dict[str, Callable[[str], bytes]] = {
    "slip": lambda text: slips_pdf([named(slip(), text)], address=ADDRESS),
    "order": lambda text: order_pdf(named(ORDERED, text), lang="uz"),
    "reference": lambda text: reference_pdf(named(REFERENCE, text), lang="ru"),
    "trip": lambda text: trips_pdf([named(Trip(COURSE, PERSON, "77", date(2025, 12, 29)), text)], lang="en"),
    "group": lambda text: group_list_pdf(
        named(GroupList(COURSE, (PERSON,), date(2026, 1, 10), "Karimova D."), text), lang="uz-Cyrl"
    ),
}


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u00ad", "").replace("\u2010", "").replace("-", "")


@pytest.mark.parametrize("paper", PAPERS)
def test_a_sheet_shows_code_as_letters(paper: str):
    made = PAPERS[paper](" ".join(CODE))  # raises when anything was to be fetched
    shown = squeezed(text_of(made))
    for text in CODE:
        assert squeezed(text)[:12] in shown, text
    assert "root:x:0" not in shown
    assert b"/EmbeddedFile" not in made
    assert b"/URI" not in made


@pytest.mark.parametrize("kind", design.DESIGNS)
def test_a_document_shows_code_as_letters(kind: str):
    made = design.render(
        [dataclasses.replace(OF[kind], name=text, course=text, workplace=text, post=text) for text in CODE],
        kind,
        "v2",
    )
    shown = squeezed(text_of(made))
    for text in CODE:
        assert squeezed(text)[:12] in shown, text
    assert "root:x:0" not in shown
    assert b"/EmbeddedFile" not in made


@pytest.mark.parametrize("text", [LONG, " ".join(SIGNS)], ids=["long", "signs"])
@pytest.mark.parametrize("paper", PAPERS)
def test_odd_signs_stay_on_the_sheet(paper: str, text: str):
    words = words_of(PAPERS[paper](text))
    assert words
    assert all(word.left >= 5 and word.right <= 205 and word.bottom <= 297 for word in words), paper


def test_no_sign_turns_the_writing_round():
    """The letters stand in the order in which the program holds them, whatever stands before them."""
    shown = text_of(PAPERS["reference"]("\u202eavomirak\u202c \u2067Aziza\u2069"))
    assert "avomirak Aziza" in shown
    assert "karimova" not in shown


def test_nothing_is_ever_fetched():
    for inside in (
        FILE,
        '<style>@import "file:///etc/passwd";</style>',
        "<p style='background:url(http://127.0.0.1:1/)'>x",
    ):
        with pytest.raises(pdf.ForbiddenResource):
            pdf.render(f"<html><body>{inside}</body></html>", title="x", lang="uz")
