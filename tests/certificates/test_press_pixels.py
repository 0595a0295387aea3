"""What the press stamps looks exactly, pixel for pixel, as WeasyPrint would print it (complaint 23 among others:
Cyrillic and apostrophes as question marks)."""

from dataclasses import replace

import pytest

from retrain.certificates.designs import places
from retrain.certificates.frozen import Frozen
from retrain.certificates.press import Press
from tests.certificates.names import people
from tests.certificates.papers import LANGUAGES, OF
from tests.certificates.pressed import by_weasyprint, pictures


def documents(design: str, lang: str, count: int) -> list[Frozen]:
    """Documents in *lang* that differ in everything that differs from person to person."""
    return [
        replace(
            OF[design], language=lang, name=name, name_second="" if at % 3 else "Second Name", course=title,
            course_second="" if at % 2 else "Welding", number=at * 7919 % 999_983 + 1, post="",
            check_code=f"{at * 104_729:08d}"[-8:], registration_number=f"2026/{at}-T", workplace=title,
            check_url=f"https://retrain.example.uz/verify/{at * 31:022d}",
            signatories=OF[design].signatories[: 1 + at % 2], place="" if at % 5 else "Nukus",
        )
        for at, (name, title) in enumerate(people(lang, count))
    ]  # fmt: skip


def assert_same(design: str, records: list[Frozen], dpi: int, stamped: int | None = None) -> None:
    drawn = places.drawn(design, "v2")
    press = Press(drawn)
    ours = b"".join(press.merged(records))
    theirs = by_weasyprint(records, drawn)
    for at, (mine, other) in enumerate(zip(pictures(ours, dpi), pictures(theirs, dpi), strict=True)):
        assert mine == other, (at, design, dpi)
    assert press.stamped == (len(records) if stamped is None else stamped)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_at_150_dots_an_inch(lang: str):
    assert_same("advanced_training", documents("advanced_training", lang, 3), 150)


@pytest.mark.parametrize("design", ["retraining_diploma", "participation", "duplicate"])
def test_every_design_at_100(design: str):
    assert_same(design, documents(design, "uz-Cyrl", 1), 100)


def test_at_300_dots_an_inch():
    assert_same("retraining_diploma", documents("advanced_training", "uz", 1), 300)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_hundreds_at_150(lang: str):
    assert_same("advanced_training", documents("advanced_training", lang, 120), 150)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_many_at_300(lang: str):
    assert_same("retraining_diploma", documents("retraining_diploma", lang, 25), 300)
