"""Sheets of name cards to cut apart: a name to read across a room, four digits, and a square for a camera."""

from collections.abc import Sequence
from dataclasses import dataclass

import segno

from retrain.documents import pdf, sheets

_A_ROW = 2

CARDS = {
    "uz": {"title": "Ism kartalari", "empty": "Guruhda hali hech kim yo‘q."},
    "uz-Cyrl": {"title": "Исм карталари", "empty": "Гуруҳда ҳали ҳеч ким йўқ."},
    "ru": {"title": "Именные карточки", "empty": "В группе пока никого нет."},
    "en": {"title": "Name cards", "empty": "Nobody is in the group yet."},
}


@dataclass(frozen=True)
class Card:
    """What one card says; *square* is what a camera reads."""

    name: str
    number: str
    square: str


def cards_pdf(cards: Sequence[Card], *, title: str, group: str, lang: str) -> bytes:
    """A4 sheets of ten cards."""
    drawn = [(card, _square(card.square)) for card in cards]
    rows = [drawn[at : at + _A_ROW] for at in range(0, len(drawn), _A_ROW)]
    words = CARDS[lang]
    page = sheets.html("cards.html", lang, words["title"], words, rows=rows, course=title, group=group)
    return pdf.render(page, title=words["title"], lang=lang)


def _square(text: str) -> str:
    made = segno.make(text, error="m", micro=False)
    return str(made.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))
