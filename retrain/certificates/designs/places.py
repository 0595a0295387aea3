"""A design as data: where each text stands, in which letters and how large; rules, square, seal and emblem.

A version of a design is a folder that never changes once documents were issued from it: `places.json`,
`page.html`, `style.css`, `words.json` and the grounds. An officer's changes are laid over it as plain values
(see `changes`), never written into it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from retrain.documents.fitting import Box

FOLDER = Path(__file__).parent
_NAME = re.compile(r"[a-z][a-z0-9_]*")

FACES = {
    "SourceSerif4-Regular": ("Source Serif 4", 400, "normal"),
    "SourceSerif4-Italic": ("Source Serif 4", 400, "italic"),
    "SourceSerif4-SemiBold": ("Source Serif 4", 600, "normal"),
    "SourceSans3-Regular": ("Source Sans 3", 400, "normal"),
    "SourceSans3-SemiBold": ("Source Sans 3", 600, "normal"),
}
"""The letters of the house by their file, as CSS names them: family, weight, style."""


@dataclass(frozen=True)
class Place:
    """Where one text stands: millimetres from the sheet's corner, letters, sizes in points.

    *words* is the text where it is the same on every document: the name of a word of the design. *second* adds
    the same word in the second language on the same line. A place *joined* to another takes its room while that
    one is empty. *blank* says that a state blank has it printed already.
    """

    left: float
    top: float
    width: float
    height: float
    face: str
    size: float
    least: float = 5.0
    lines: int = 1
    leading: float = 1.2
    align: str = "middle"
    side: str = "center"
    ink: str = "#1b242b"
    tabular: bool = False
    tracking: float = 0.0
    words: str = ""
    second: bool = False
    joined: str = ""

    @property
    def box(self) -> Box:
        # Letters pushed apart take a share of the line that the letters themselves don't know of.
        width = self.width / (1 + 1.6 * self.tracking)
        return Box(self.face, width, self.height, self.lines, self.size, self.least, self.leading, self.align)


@dataclass(frozen=True)
class Rule:
    """A filled rectangle, or a ring when it is *round*: what is drawn besides texts and ground."""

    left: float
    top: float
    width: float
    height: float
    ink: str
    round: bool = False


@dataclass(frozen=True)
class Column:
    """Rows of pairs (label and value) or of signatures, the first at *top* and *step* apart."""

    top: float
    step: float
    most: int = 5


@dataclass(frozen=True)
class Drawn:
    """One version of a design with an officer's changes laid over it; it is compared and kept by its digest."""

    name: str
    version: str
    digest: str
    paper: tuple[float, float] = field(compare=False)
    places: Mapping[str, Place] = field(compare=False)
    table: Column = field(compare=False)
    signatures: Column = field(compare=False)
    square: tuple[float, float, float] = field(compare=False)
    rules: tuple[Rule, ...] = field(compare=False)
    seal: Rule | None = field(compare=False)
    emblem: tuple[float, float, float] | None = field(compare=False)
    words: Mapping[str, Mapping[str, str]] = field(compare=False)
    style: str = field(compare=False)
    page: str = field(compare=False)
    grounds: Mapping[str, bytes] = field(compare=False)
    logo: bytes | None = field(default=None, compare=False)

    def faces(self) -> tuple[str, ...]:
        """The files of letters the design uses, in a lasting order."""
        return tuple(sorted({place.face for place in self.places.values()}))


def _folder(design: str, version: str) -> Path:
    folder = FOLDER / design / version
    if not (_NAME.fullmatch(design) and _NAME.fullmatch(version) and folder.is_dir()):
        raise LookupError(f"no design {design} {version}")
    return folder


@cache
def shipped(design: str, version: str) -> Drawn:
    """A version of a design as it was shipped. Raises LookupError when there is none."""
    folder = _folder(design, version)
    written = json.loads((folder / "places.json").read_text("utf-8"))
    grounds = {file.stem: file.read_bytes() for file in sorted(folder.glob("ground-*.ops"))}
    grounds["emblem"] = (folder / "emblem.svg").read_bytes()
    inks: dict[str, str] = written["inks"]
    parts = [file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()]
    seal = written.get("seal")
    emblem = written.get("emblem")
    return Drawn(
        name=design,
        version=version,
        digest=hashlib.sha256(b"\0".join(parts)).hexdigest(),
        paper=tuple(written["paper"]),
        places={name: _place(place, inks) for name, place in written["places"].items()},
        table=Column(**written["table"]),
        signatures=Column(**written["signatures"]),
        square=tuple(written["square"]),
        rules=tuple(_rule(rule, inks) for rule in written.get("rules", ())),
        seal=Rule(seal[0], seal[1], seal[2], seal[2], inks[seal[3]], round=True) if seal else None,
        emblem=tuple(emblem) if emblem else None,
        words=json.loads((folder / "words.json").read_text("utf-8")),
        style=(folder / "style.css").read_text("utf-8"),
        page=(folder / "page.html").read_text("utf-8"),
        grounds=grounds,
    )


def _rule(written: list[Any], inks: dict[str, str]) -> Rule:
    left, top, width, height, ink = written
    return Rule(left, top, width, height, inks.get(ink, ink))


def _place(written: dict[str, Any], inks: dict[str, str]) -> Place:
    known = {one.name for one in fields(Place)}
    if strange := written.keys() - known:
        raise ValueError(f"a place with {sorted(strange)}")
    place = Place(**written)
    return replace(place, ink=inks.get(place.ink, place.ink))


@lru_cache(maxsize=64)
def _changed(design: str, version: str, changes: str, logo: bytes | None) -> Drawn:
    from retrain.certificates.designs import changing

    return changing.laid_over(shipped(design, version), json.loads(changes), logo)


def drawn(
    design: str, version: str, changes: Mapping[str, Any] | None = None, logo: bytes | None = None
) -> Drawn:
    """A version of a design with *changes* laid over it, and its own emblem; the same values give the same thing."""
    if not changes and logo is None:
        return shipped(design, version)
    return _changed(design, version, json.dumps(changes or {}, sort_keys=True, ensure_ascii=False), logo)
