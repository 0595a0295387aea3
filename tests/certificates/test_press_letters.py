"""The press writes each line of text with the very glyphs, kerning and places WeasyPrint writes: hundreds of names."""

import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from retrain.certificates.designs import composing, design, markup, places
from retrain.certificates.press import compiling, merged, stamping
from retrain.documents import pdf
from tests.certificates.papers import CERTIFICATE, LANGUAGES
from tests.certificates.test_press_pixels import documents

_TEXT = re.compile(rb"BT\n(.*?)ET", re.DOTALL)
_PLACE = re.compile(rb"1 0 0 -1 (\S+) (\S+) Tm")
_SHOWN = re.compile(rb"<([0-9a-f]*)>|(-?[0-9.]+)")


def lines_in(drawing: bytes) -> list[tuple[Any, ...]]:
    """Each line of text with its place, glyphs and kerning; what moves nothing is left out."""
    found = []
    for block in _TEXT.findall(drawing):
        shown: list[Any] = []
        for glyphs, kerning in _SHOWN.findall(block[block.rindex(b"[") : block.rindex(b"]")]):
            shown += [glyphs[at : at + 4] for at in range(0, len(glyphs), 4)]
            if kerning and float(kerning):
                shown.append(float(kerning))
        while isinstance(shown[-1], float):
            shown.pop()
        place = _PLACE.search(block)
        assert place
        found.append((round(float(place[1]), 4), round(float(place[2]), 4), tuple(shown)))
    return found


def drawings(html: str) -> list[bytes]:
    found = []

    def take(_document: Any, made: Any) -> None:
        for number in made.pages["Kids"][::3]:
            stream = made.objects[int(made.objects[number]["Contents"].split()[0])]
            found.append(b"\n".join(part if isinstance(part, bytes) else part.data for part in stream.stream))

    pdf.render(html, title="", lang="", finisher=take)
    return found


@pytest.mark.parametrize(
    ("lang", "count"),
    [(lang, 24) for lang in LANGUAGES]
    + [pytest.param(lang, 300, marks=pytest.mark.slow) for lang in LANGUAGES],
)
def test_names_of_four_languages(lang: str, count: int):
    drawn = places.drawn("advanced_training", "v2")
    composed = [composing.compose(record, drawn) for record in documents("advanced_training", lang, count)]
    compiling.measure(line for one in composed for lines in one.lines for line in lines)
    theirs = drawings(markup.html(composed, drawn))
    for one, drawing in zip(composed, theirs, strict=True):
        page = compiling.compiled(drawn, one.fixed, one.lang)
        (stamp,) = stamping.stamps(one, drawn, page)
        missing = set(lines_in(stamp)) - set(lines_in(drawing))
        assert not missing, one.lines[0]


@pytest.mark.parametrize("name", ["Йўлдошева Ғулом Ёқубовна", "Zoë Müller Šaripov", "G‘ani Mo‘minov"])
def test_marks_written_apart_are_printed_as_those_written_together(name: str):
    apart = unicodedata.normalize("NFD", name)
    for language in ("uz", "ru"):
        together = replace(CERTIFICATE, name=name, language=language)
        assert design.problems(replace(together, name=apart), "advanced_training", "v2") == []
        shown = [
            b"".join(merged([replace(together, name=each)], "advanced_training", "v2"))
            for each in (name, apart)
        ]
        assert shown[0] == shown[1]
