"""Documents set in a design: frozen data in, a PDF out, the same bytes every time.

A design is a folder, and each version of it a folder inside that is never changed once documents were
issued from it. An officer's changes to it are frozen with each document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retrain.certificates.designs import composing, places
from retrain.certificates.frozen import Frozen
from retrain.certificates.press import Press
from retrain.documents import fitting

DESIGNS = ("advanced_training", "retraining_diploma", "participation", "duplicate")
CURRENT = dict.fromkeys(DESIGNS, "v2")

LEAST_NAME = 10.0
"""In points: the name is never set in smaller letters than the words before it. Two such lines hold over 200."""

Changes = Mapping[str, Any] | None


@dataclass(frozen=True)
class Problem:
    """Why a document can't be printed as it is: `no-glyph` with the characters, or `too-long`."""

    field: str
    code: str
    characters: tuple[str, ...] = ()


class Unprintable(ValueError):
    """A document says something the design can't print."""

    def __init__(self, found: list[Problem]) -> None:
        self.problems = found
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in found))


def render(frozen: Sequence[Frozen], design: str, version: str) -> bytes:
    """One PDF of all the documents, in the order given; the same documents give the same bytes.

    A document alone gives its own file. Raises Unprintable with every problem of every document, or
    PrintingUnavailable.
    """
    if not frozen:
        raise ValueError("no document to print")
    if found := [problem for one in frozen for problem in problems(one, design, version)]:
        raise Unprintable(found)
    press = Press(places.drawn(design, version))
    return press.sheet(frozen[0]).pdf if len(frozen) == 1 else b"".join(press.merged(frozen))


def problems(frozen: Frozen, design: str, version: str, changes: Changes = None) -> list[Problem]:
    """What keeps *frozen* from being printed in this design; to be asked before a number is taken."""
    drawn = places.drawn(design, version, changes)
    found = []
    for field, text in _texts(frozen):
        if missing := fitting.without_glyph(text):
            found.append(Problem(field, "no-glyph", tuple(missing)))
    if found:
        return found
    try:
        composing.compose(frozen, drawn)
    except composing.TooLong as long:
        return [Problem(long.place, "too-long")]
    return [Problem("name", "name-small")] if _name_size(frozen, drawn) < LEAST_NAME else []


def _name_size(frozen: Frozen, drawn: places.Drawn) -> float:
    """How large the name is set; an officer who wants it small has it so."""
    place = drawn.places["name"]
    if not frozen.name or place.size < LEAST_NAME:
        return LEAST_NAME
    joined = bool(place.joined) and not frozen.name_second
    return composing.set_lines(drawn, "name", frozen.name, frozen.language, joined)[0].size


def _texts(frozen: Frozen) -> list[tuple[str, str]]:
    """Every text of the document with the field it stands in."""
    found = []
    for field, value in vars(frozen).items():
        for one in value if isinstance(value, tuple) else (value,):
            texts = vars(one).values() if hasattr(one, "__dict__") else (one,)
            found += [(field, text) for text in texts if isinstance(text, str)]
    return found
