"""How far a teacher's specialities fit a course's audience: a grade, and the words it is made from. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from retrain.language.keys import search_key

_CODE = re.compile(r"\s*(\d(?:[.\-]?\d){3,})(?![\w])[\s.,:;–—-]*")


class Grade(IntEnum):
    """The smaller fits better; stored and compared as a number."""

    EXACT = 0
    RELATED = 1
    BY_DIPLOMA = 2
    NONE = 3


@dataclass(frozen=True)
class Classifier:
    """Codes of specialities by the key of their names, and how many digits make a field of study.

    The first *level_digits* tell college from university and are left out; those after name the field. Both
    are settings: classifiers differ, and this one has been rewritten before.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    level_digits: int = 1
    field_digits: int = 3

    @classmethod
    def of(cls, names: Mapping[str, str], level_digits: int = 1, field_digits: int = 3) -> "Classifier":
        """From codes by names as they are written."""
        found = {search_key(name): _digits(code) for name, code in names.items()}
        return cls(found, level_digits, field_digits)

    def common_field(self, one: str, other: str) -> str:
        """The field that two codes share; empty when they don't, or when a code is too short to tell."""
        end = self.level_digits + self.field_digits
        if min(len(one), len(other)) < end or one[self.level_digits : end] != other[self.level_digits : end]:
            return ""
        return one[self.level_digits : end]


@dataclass(frozen=True)
class Match:
    """The grade with its reason: *code* is ``for-everyone``, ``exact``, ``related``, ``by-diploma``, ``none``.

    *facts*: yours, wanted, field (shared digits), via (exact or related, of a diploma), document.
    """

    grade: Grade
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Diploma:
    """A speciality obtained by an earlier retraining."""

    speciality: str
    document: str = ""


NO_CLASSIFIER = Classifier()


def match(
    audience: Sequence[str],
    specialities: Iterable[str],
    diplomas: Iterable[Diploma] = (),
    classifier: Classifier = NO_CLASSIFIER,
) -> Match:
    """The best grade that any speciality or diploma gives. An empty audience is for everyone."""
    if not audience:
        return Match(Grade.EXACT, "for-everyone")
    mine = tuple(specialities)
    found = [_pair(yours, wanted, classifier) for yours in mine for wanted in audience]
    found += [
        _by_diploma(diploma, _pair(diploma.speciality, wanted, classifier))
        for diploma in diplomas
        for wanted in audience
    ]
    best = min(found, key=lambda each: each.grade, default=None)
    if best is None or best.grade is Grade.NONE:
        return Match(Grade.NONE, "none", {"yours": mine, "wanted": tuple(audience)})
    return best


def _pair(yours: str, wanted: str, classifier: Classifier) -> Match:
    facts = {"yours": yours, "wanted": wanted}
    my_code, my_name = _read(yours, classifier)
    code, name = _read(wanted, classifier)
    same_name = bool(name) and my_name == name
    # An audience may name a whole branch by the beginning of its codes.
    if same_name or (code and my_code.startswith(code)):
        return Match(Grade.EXACT, "exact", facts)
    if shared := classifier.common_field(my_code, code):
        return Match(Grade.RELATED, "related", facts | {"field": shared})
    return Match(Grade.NONE, "none", facts)


def _by_diploma(diploma: Diploma, pair: Match) -> Match:
    if pair.grade is Grade.NONE:
        return pair
    facts = {**pair.facts, "via": pair.code, "document": diploma.document}
    return Match(Grade.BY_DIPLOMA, "by-diploma", facts)


def _read(text: str, classifier: Classifier) -> tuple[str, str]:
    """Code and name key of a speciality as it is written: ``60610600 Dasturlash``, or a name alone."""
    written = _CODE.match(text)
    name = search_key(text[written.end() :] if written else text)
    return (_digits(written[1]) if written else classifier.codes.get(name, "")), name


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
