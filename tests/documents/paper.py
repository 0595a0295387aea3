"""Looks at a PDF as a reader's program does: its words, where they stand, and how many pages there are."""

import re
import subprocess
from dataclasses import dataclass
from html import unescape

_POINTS_A_MM = 72 / 25.4
_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A word on a page, in millimetres from the top left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def text_of(pdf: bytes) -> str:
    """All words of *pdf* in reading order, with single spaces between them."""
    return " ".join(_run("pdftotext", "-layout", pdf).split())


def words_of(pdf: bytes) -> list[Word]:
    """Every word with its place."""
    found = []
    for page, content in enumerate(_run("pdftotext", "-bbox", pdf).split("<page ")[1:], start=1):
        for *edges, text in _WORD.findall(content):
            left, top, right, bottom = (float(edge) / _POINTS_A_MM for edge in edges)
            found.append(Word(page, left, top, right, bottom, unescape(text)))
    return found


def pages_of(pdf: bytes) -> int:
    """How many pages *pdf* has."""
    return len(_run("pdftotext", "-bbox", pdf).split("<page ")) - 1


def _run(program: str, option: str, pdf: bytes) -> str:
    done = subprocess.run([program, option, "-", "-"], input=pdf, capture_output=True, check=True)
    # Of a sign outside the letters the reader's program may write half.
    return done.stdout.decode(errors="replace")
