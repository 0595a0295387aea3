"""What an officer may change of a design: texts, places, sizes, the emblem. Plain values, checked, laid over it.

{"words": {"uz": {"about": "…"}}, "places": {"name": {"top": 90.5, "size": 26}}, "square": [240, 150, 28]}
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from retrain.certificates.designs.places import Drawn, Place

MOVABLE = ("left", "top", "width", "height", "size")
CHANGING_WORDS = ("title", "about", "given", "completed", "seal", "check", "supplement", "without")
"""The words an officer may put otherwise; those with figures in them stay as they are."""
LONGEST = 200
SMALLEST, LARGEST = 5.0, 60.0
SQUARE_LEAST = 18.0
"""Millimetres under which a telephone has trouble with the QR code."""


class NotAChange(ValueError):
    """A change no design can take: which one, and why as a code."""

    def __init__(self, what: str, code: str) -> None:
        self.what, self.code = what, code
        super().__init__(f"{what}: {code}")


def laid_over(shipped: Drawn, changes: Mapping[str, Any], logo: bytes | None = None) -> Drawn:
    """The design with *changes*. Raises NotAChange when one names nothing or leaves the sheet."""
    if strange := changes.keys() - {"words", "places", "square", "emblem"}:
        raise NotAChange(sorted(strange)[0], "unknown")
    told = json.dumps(changes, sort_keys=True, ensure_ascii=False).encode()
    return replace(
        shipped,
        digest=hashlib.sha256(b"\0".join((shipped.digest.encode(), told, logo or b""))).hexdigest(),
        words=_words(shipped, changes.get("words", {})),
        places={**shipped.places, **_places(shipped, changes.get("places", {}))},
        square=_framed(shipped, "square", changes.get("square", shipped.square), SQUARE_LEAST),
        emblem=_framed(shipped, "emblem", changes["emblem"], 5.0) if "emblem" in changes else shipped.emblem,
        logo=logo,
    )


def _words(shipped: Drawn, changes: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found = {lang: dict(words) for lang, words in shipped.words.items()}
    for lang, words in changes.items():
        for name, text in words.items():
            if lang not in found or name not in CHANGING_WORDS or name not in found[lang]:
                raise NotAChange(name, "unknown")
            if not isinstance(text, str) or len(text) > LONGEST:
                raise NotAChange(name, "too-long")
            found[lang][name] = text.strip()
    return found


def _places(shipped: Drawn, changes: Mapping[str, Any]) -> dict[str, Place]:
    found = {}
    for name, change in changes.items():
        place = shipped.places.get(name)
        if place is None or change.keys() - set(MOVABLE):
            raise NotAChange(name, "unknown")
        numbers: dict[str, Any] = {key: _number(name, value) for key, value in change.items()}
        moved = replace(place, **numbers)
        if not SMALLEST <= moved.size <= LARGEST:
            raise NotAChange(name, "size")
        _inside(shipped, name, moved.left, moved.top, moved.width, moved.height)
        found[name] = replace(moved, least=min(moved.least, moved.size))
    return found


def _framed(shipped: Drawn, name: str, value: Any, least: float) -> tuple[float, float, float]:
    if not isinstance(value, (list, tuple)) or len(value) != 3:
        raise NotAChange(name, "unknown")
    left, top, size = (_number(name, one) for one in value)
    if size < least:
        raise NotAChange(name, "size")
    _inside(shipped, name, left, top, size, size)
    return left, top, size


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -1000 < value < 1000:
        raise NotAChange(name, "unknown")
    return round(float(value), 2)


def _inside(shipped: Drawn, name: str, left: float, top: float, width: float, height: float) -> None:
    across, down = shipped.paper
    if width <= 0 or height <= 0 or left < 0 or top < 0 or left + width > across or top + height > down:
        raise NotAChange(name, "outside")
