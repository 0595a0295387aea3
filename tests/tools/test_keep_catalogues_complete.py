"""`make lint` names each string that a reader would not find in their language."""

import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo

from scripts import catalogues

CODE = """
from flask_babel import gettext as _, ngettext
_("Good day, %(name)s", name=name)
ngettext("%(num)s place", "%(num)s places", n)
"""
LATIN = {"Good day, %(name)s": "Xayrli kun, %(name)s", "place": ("%(num)s o‘rin", "%(num)s o‘rin")}
RUSSIAN = {
    "Good day, %(name)s": "Добрый день, %(name)s",
    "place": ("%(num)s место", "%(num)s места", "%(num)s мест"),
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A little program of its own, whose catalogues are complete."""
    code = tmp_path / "retrain"
    code.mkdir()
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "TRANSLATIONS", code / "translations")
    monkeypatch.setattr(sys, "path", list(sys.path))
    code.joinpath("letters.py").write_text(CODE)
    catalogues.update_all()
    fill("uz", LATIN)
    fill("ru", RUSSIAN)
    return code


def fill(locale: str, words: dict[str, Any]) -> None:
    catalogue = catalogues.read(locale)
    for message in catalogue:
        if message.id:
            message.string = words["place"] if message.pluralizable else words[message.id]
    catalogues.write(locale, catalogue)


def change(locale: str, **values: Any) -> None:
    catalogue = catalogues.read(locale)
    message = catalogue.get("Good day, %(name)s")
    for name, value in values.items():
        setattr(message, name, value)
    catalogues.write(locale, catalogue)


def test_nothing_is_said_of_complete_catalogues(house):
    assert catalogues.problems() == []


def test_a_string_that_is_not_in_the_catalogue_is_named(house):
    house.joinpath("later.py").write_text('_("Good night")')
    found = catalogues.problems()
    assert [line.split(":")[0] for line in found] == ["uz", "ru", "en"]
    assert all(
        "not in the catalogue" in line and "'Good night'  (retrain/later.py)" in line for line in found
    )


def test_a_string_that_is_not_translated_is_named(house):
    change("ru", string="")
    assert catalogues.problems() == ["ru: not translated: 'Good day, %(name)s'  (retrain/letters.py)"]


def test_a_translation_that_lacks_a_plural_form_is_named(house):
    catalogue = catalogues.read("ru")
    catalogue.get("%(num)s place").string = ("%(num)s место", "%(num)s места", "")
    catalogues.write("ru", catalogue)
    assert catalogues.problems() == ["ru: not translated: '%(num)s place'  (retrain/letters.py)"]


def test_an_uncertain_translation_is_named(house):
    change("uz", flags={"fuzzy"})
    assert catalogues.problems() == ["uz: uncertain (fuzzy): 'Good day, %(name)s'  (retrain/letters.py)"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Добрый день, %(nmae)s", "names a placeholder that the code does not give"),
        ("Добрый день", "leaves out a placeholder"),
    ],
)
def test_a_translation_with_other_placeholders_is_named(house, text, why):
    change("ru", string=text)
    assert catalogues.problems() == [f"ru: {why}: 'Good day, %(name)s'  (retrain/letters.py)"]


def test_a_missing_catalogue_is_named(house):
    catalogues.path_of("ru").unlink()
    assert catalogues.problems() == ["ru: no catalogue"]


def test_cyrillic_is_derived_from_latin_and_compiled(house):
    catalogues.compile_all()
    with catalogues.path_of("uz_Cyrl", "mo").open("rb") as file:
        cyrillic = read_mo(file)
    assert cyrillic.get("Good day, %(name)s").string == "Хайрли кун, %(name)s"
    assert set(cyrillic.get("%(num)s place").string) == {"%(num)s ўрин"}


def test_what_the_code_no_longer_says_leaves_the_catalogue(house):
    house.joinpath("letters.py").write_text('_("Good day, %(name)s")')
    catalogues.update_all()
    assert "place" not in catalogues.path_of("ru").read_text()
    assert catalogues.problems() == []
