"""Each version of each design has all its words in all languages, and the ground it was compiled from."""

import json

import pytest

from retrain.certificates.designs import guilloche
from retrain.certificates.designs.design import CURRENT, DESIGNS
from retrain.certificates.designs.places import FOLDER
from tests.certificates.papers import LANGUAGES


@pytest.mark.parametrize("design", DESIGNS)
def test_no_language_lacks_a_word(design: str):
    words = json.loads((FOLDER / design / CURRENT[design] / "words.json").read_text("utf-8"))
    assert set(words) == set(LANGUAGES)
    assert len({frozenset(table) for table in words.values()}) == 1
    assert all(len(table["months"].split()) == 12 for table in words.values())


@pytest.mark.parametrize("design", DESIGNS)
def test_the_ground_printed_is_the_one_drawn(design: str):
    folder = FOLDER / design / CURRENT[design]
    for name, svg in guilloche.drawings(design).items():
        assert (folder / f"{name}.ops").read_bytes() == guilloche.compile_ground(svg)
    assert (folder / "emblem.svg").read_text("utf-8") == guilloche.emblem(guilloche.INKS[design])
