"""A document set by rule: every line with its place, size and letters, before any page is made of it.

Both ways of making the page read this: WeasyPrint's own rendering and the press. What is the same on every
document of its kind (`fixed`) is told apart from what only this one says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from retrain.certificates import check_code, telling
from retrain.certificates.designs.places import Drawn, Place, Rule
from retrain.certificates.frozen import Frozen
from retrain.documents import fitting

SECOND = {"uz": "en", "uz-Cyrl": "en", "ru": "en", "en": "uz"}
"""The language of the second lines of a document, by its first."""

_SECOND_PLACES = {"name_second", "course_second"}


class Line(NamedTuple):
    """One line of text as it is set: millimetres from the sheet's corner, size in points."""

    text: str
    left: float
    top: float
    width: float
    side: str
    face: str
    size: float
    leading: float
    ink: str
    lang: str
    tabular: bool = False
    tracking: float = 0.0
    after: str = ""  # the second language's words on the same line


class FixedSheet(NamedTuple):
    """What a sheet shows whoever it is for: with it the page is compiled, once.

    *course*: those of its lines that a state blank has not printed already, for they tell of the course.
    """

    ground: str
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    course: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Composed:
    """A document ready to be set. *square* is the address in the QR code on the first sheet."""

    lang: str
    title: str
    fixed: tuple[FixedSheet, ...]
    lines: tuple[tuple[Line, ...], ...]
    square: str


class TooLong(ValueError):
    """A text does not fit its place even in the smallest letters."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(place)


def compose(frozen: Frozen, drawn: Drawn) -> Composed:
    """The document's sheets. Raises TooLong."""
    from retrain.certificates.designs import supplement

    words = drawn.words[frozen.language]
    texts = {name: text for name, text in telling.texts(frozen, words).items() if text}
    lines = [one for name, text in texts.items() for one in _placed(drawn, name, text, texts, frozen)]
    pairs = telling.table(frozen, words)[: drawn.table.most]
    for at, (_label, value) in enumerate(pairs):
        lines += _row(drawn, "value", value, drawn.table.top + at * drawn.table.step, frozen.language)
    for at, signatory in enumerate(frozen.signatories[: drawn.signatures.most]):
        down = _first_signature(drawn, len(frozen.signatories)) + at * drawn.signatures.step
        lines += _row(drawn, "post", signatory.post, down, frozen.language)
        lines += _row(drawn, "signer", signatory.name, down, frozen.language)
    labels = tuple(label for label, _value in pairs)
    face = _fixed_face(drawn, frozen.language, labels, len(frozen.signatories))
    more = supplement.sheets(frozen, drawn) if frozen.modules and "ground-supplement" in drawn.grounds else []
    return Composed(
        lang=frozen.language,
        title=f"{words['document']} {check_code.shown(frozen.series, frozen.number)}",
        fixed=(face, *(fixed for fixed, _lines in more)),
        lines=(tuple(lines), *(told for _fixed, told in more)),
        square=frozen.check_url,
    )


def _placed(drawn: Drawn, name: str, text: str, texts: dict[str, str], frozen: Frozen) -> tuple[Line, ...]:
    place = drawn.places.get(name)
    if place is None:
        return ()
    lang = SECOND[frozen.language] if name in _SECOND_PLACES else frozen.language
    joined = bool(place.joined) and place.joined not in texts
    return set_lines(drawn, name, text, lang, joined)


def _row(drawn: Drawn, name: str, text: str, down: float, lang: str) -> tuple[Line, ...]:
    return set_lines(drawn, name, text, lang, False, down) if text else ()


@lru_cache(maxsize=8192)
def set_lines(
    drawn: Drawn, name: str, text: str, lang: str, joined: bool, down: float = 0.0
) -> tuple[Line, ...]:
    """*text* in its place, *down* millimetres lower (a row); with the room of the place below if it is *joined*."""
    place = drawn.places[name]
    height = place.height
    if joined:
        below = drawn.places[place.joined]
        height = below.top + below.height - place.top
    try:
        fitted = fitting.fit(text, fitting.Box(**{**vars(place.box), "height": height}))
    except fitting.DoesNotFit:
        raise TooLong(name) from None
    step = fitted.size * place.leading * 25.4 / 72
    top = place.top + down + fitted.top
    return tuple(line(place, one, top + at * step, fitted.size, lang) for at, one in enumerate(fitted.lines))


def line(place: Place, text: str, top: float, size: float, lang: str, after: str = "") -> Line:
    return Line(
        text, place.left, round(top, 4), place.width, place.side, place.face, size, place.leading, place.ink,
        lang, place.tabular, place.tracking, after,
    )  # fmt: skip


def _first_signature(drawn: Drawn, count: int) -> float:
    """Where the first signature stands, so that all of them stand in the middle of their field."""
    free = drawn.signatures.step * (drawn.signatures.most - min(count, drawn.signatures.most))
    return drawn.signatures.top + free / 2


@lru_cache(maxsize=256)
def _fixed_face(drawn: Drawn, lang: str, labels: tuple[str, ...], signatories: int) -> FixedSheet:
    words, second = drawn.words[lang], drawn.words[SECOND[lang]]
    lines = list(_words(drawn, words, second, lang))
    for at, label in enumerate(labels):
        lines += set_lines(drawn, "label", label, lang, False, drawn.table.top + at * drawn.table.step)
    rules = list(drawn.rules)
    if drawn.seal is not None:
        rules.append(drawn.seal)
    mark = drawn.places["line"]
    for at in range(min(signatories, drawn.signatures.most)):
        top = mark.top + _first_signature(drawn, signatories) + at * drawn.signatures.step
        rules.append(Rule(mark.left, round(top, 4), mark.width, mark.height, mark.ink))
    return FixedSheet("ground-face", tuple(lines), tuple(rules))


def _words(drawn: Drawn, words: Any, second: Any, lang: str) -> Iterator[Line]:
    """The words that stand on every document of the design."""
    for place in drawn.places.values():
        text = words.get(place.words, "") if place.words else ""
        if not text:
            continue
        after = second.get(place.words + "_whole", second.get(place.words, "")) if place.second else ""
        whole = f"{text} · {after}" if after else text
        try:
            fitted = fitting.fit(whole, place.box)
        except fitting.DoesNotFit:
            raise TooLong(place.words) from None
        if after and len(fitted.lines) == 1:
            yield line(place, text, place.top + fitted.top, fitted.size, lang, after)
            continue
        step = fitted.size * place.leading * 25.4 / 72
        for at, one in enumerate(fitted.lines):
            yield line(place, one, place.top + fitted.top + at * step, fitted.size, lang)
