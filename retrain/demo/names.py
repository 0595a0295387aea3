"""Names for people who don't exist: parts of common names put together by lot, in both scripts."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from retrain.language.transliteration import to_cyrillic
from retrain.people.states import Sex

_KNOWN: dict[str, Any] = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
_FAMILIES, _MEN, _WOMEN = _KNOWN["families"], _KNOWN["men"], _KNOWN["women"]
# Neighbours write a patronymic in the Russian way; their families have a male and a female form.
_NEIGHBOURS, _NEIGHBOUR_MEN, _NEIGHBOUR_WOMEN = (
    _KNOWN[name] for name in ("neighbours", "neighbour_men", "neighbour_women")
)
_RUSSIAN: dict[str, str] = _KNOWN["russian"]


@dataclass(frozen=True)
class Name:
    """Family, given name and patronymic in one script."""

    family: str
    given: str
    patronymic: str = ""

    @property
    def full(self) -> str:
        """As official lists have it."""
        return " ".join(part for part in (self.family, self.given, self.patronymic) if part)

    def cyrillic(self) -> "Name":
        """The same in the other script."""
        return Name(_cyrillic(self.family), _cyrillic(self.given), _cyrillic(self.patronymic))


@cache
def _cyrillic(text: str) -> str:
    return " ".join(_RUSSIAN.get(word) or to_cyrillic(word) for word in text.split())


def invented(chance: Random, sex: Sex) -> Name:
    """A name for somebody of that sex."""
    woman = sex is Sex.FEMALE
    if chance.random() < 0.03:
        family = chance.choice(_NEIGHBOURS)[woman]
        given = chance.choice(_NEIGHBOUR_WOMEN if woman else _NEIGHBOUR_MEN)
        return Name(family, given, _russian_patronymic(chance.choice(_NEIGHBOUR_MEN), woman))
    family = chance.choice(_FAMILIES) + ("a" if woman else "")
    father = chance.choice(_MEN)
    if father[-1] not in "aeiou" and chance.random() < 0.2:
        return Name(family, chance.choice(_WOMEN if woman else _MEN), _russian_patronymic(father, woman))
    return Name(family, chance.choice(_WOMEN if woman else _MEN), f"{father} {'qizi' if woman else 'o‘g‘li'}")


def _russian_patronymic(father: str, woman: bool) -> str:
    if father.endswith("y"):
        return father[:-1] + ("yevna" if woman else "yevich")
    return father + ("ovna" if woman else "ovich")
