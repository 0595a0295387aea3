"""A course and a run as plain values: what a form gives, the rules judge and the service stores."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from retrain.catalogue.states import CourseKind, DocumentType, HourKind, StudyForm
from retrain.language.alphabet import plain
from retrain.language.keys import search_key
from retrain.language.transliteration import with_cyrillic
from retrain.refusal import Refusal

Texts = Mapping[str, str]

# What people write for a kind of hours, in any language and script; compared by search key.
_KIND_WORDS = {
    HourKind.LECTURE: ("lecture", "ma’ruza", "лекция", "назарий", "теория", "theory", "l"),
    HourKind.PRACTICAL: ("practical", "practice", "amaliy", "amaliyot", "практика", "практическое", "p", "a"),
    HourKind.INDEPENDENT: ("independent", "mustaqil", "mustaqil ta’lim", "самостоятельная", "m"),
    HourKind.DISTANCE: ("distance", "online", "masofaviy", "дистанционно", "онлайн", "d"),
    HourKind.INTERNSHIP: ("internship", "stajirovka", "стажировка", "ko‘chma", "выездное", "s"),
}
KINDS_BY_WORD = {search_key(word): kind for kind, said in _KIND_WORDS.items() for word in said}

_NUMBERED = re.compile(r"^\s*(?:\d+[.)]\s*)+")
_HOURS = re.compile(r"\d{1,4}")
LONGEST_TITLE = 300


def tidy(titles: Texts) -> dict[str, str]:
    """*titles* on one line each, without invisible signs, and without the empty ones."""
    return {code: text for code, typed in titles.items() if (text := plain(typed))}


@dataclass(frozen=True)
class TopicPlan:
    """A line of a thematic plan."""

    titles: Texts
    kind: HourKind
    hours: int


@dataclass(frozen=True)
class ModulePlan:
    """A part of a course with its hours by kind."""

    titles: Texts
    hours: Mapping[str, int]
    topics: tuple[TopicPlan, ...] = ()

    @property
    def planned(self) -> dict[str, int]:
        """The hours of the topics by kind."""
        found: Counter[str] = Counter()
        for topic in self.topics:
            found[topic.kind.value] += topic.hours
        return dict(found)

    def tidied(self) -> "ModulePlan":
        """The same with plain titles, and with its hours taken from the topics when nobody typed any."""
        typed = {kind: hours for kind, hours in self.hours.items() if hours}
        topics = tuple(replace(topic, titles=tidy(topic.titles)) for topic in self.topics)
        return replace(self, titles=tidy(self.titles), topics=topics, hours=typed or self.planned)

    def with_cyrillic(self) -> "ModulePlan":
        """The same with Cyrillic titles wherever there are only Latin ones."""
        topics = tuple(replace(topic, titles=with_cyrillic(topic.titles)) for topic in self.topics)
        return replace(self, titles=with_cyrillic(self.titles), topics=topics)


@dataclass(frozen=True)
class CoursePlan:
    """All that a version of a course says."""

    kind: CourseKind
    titles: Texts
    languages: tuple[str, ...]
    form: StudyForm
    document_type: DocumentType
    policy: Mapping[str, Any]
    modules: tuple[ModulePlan, ...] = ()
    summary: Texts = field(default_factory=dict)
    audience: tuple[str, ...] = ()

    @property
    def hours(self) -> int:
        """All hours of all modules."""
        return sum(sum(module.hours.values()) for module in self.modules)

    def tidied(self) -> "CoursePlan":
        """The same as it is kept: plain titles, blank hours of modules taken from their topics."""
        return replace(
            self,
            titles=tidy(self.titles),
            summary={code: text.strip() for code, text in self.summary.items() if text.strip()},
            audience=tuple(words for text in self.audience if (words := plain(text))),
            modules=tuple(module.tidied() for module in self.modules),
        )

    def with_cyrillic(self) -> "CoursePlan":
        """The same with Cyrillic texts wherever there are only Latin ones."""
        return replace(
            self,
            titles=with_cyrillic(self.titles),
            summary=with_cyrillic(self.summary),
            modules=tuple(module.with_cyrillic() for module in self.modules),
        )


@dataclass(frozen=True)
class RunPlan:
    """All of a run that a person types."""

    starts_on: date
    ends_on: date
    places: int
    enrolment_opens: datetime
    enrolment_closes: datetime
    language: str
    form: StudyForm
    region: str
    group_name: str = ""
    curator_id: int | None = None
    place_text: str = ""


@dataclass(frozen=True)
class Pasted:
    """What was understood of a pasted thematic plan, and what was not."""

    modules: tuple[ModulePlan, ...]
    refusals: tuple[Refusal, ...]

    @property
    def hours(self) -> int:
        """All hours of all topics."""
        return sum(topic.hours for module in self.modules for topic in module.topics)


def pasted_plan(text: str, language: str, title: str) -> Pasted:
    """The modules in lines "topic; kind; hours", parted by semicolons or by tabs as from a spreadsheet.

    A line of one piece opens the next module; without one, a single module named *title* holds all. Kind may
    be left out (a lecture). Each line that can't be understood is a refusal with its number.
    """
    modules: list[tuple[str, list[TopicPlan]]] = []
    refusals: list[Refusal] = []
    for number, line in _lines(text):
        pieces = [piece.strip() for piece in re.split(r"[;\t]", line)]
        while pieces and not pieces[-1]:
            pieces.pop()
        if len(pieces) == 1:
            modules.append((_without_number(pieces[0]), []))
            continue
        topic = _topic(pieces, language)
        if isinstance(topic, str):
            refusals.append(Refusal.of(topic, field="topics", line=number, text=line.strip()[:80]))
            continue
        if not modules:
            modules.append((title, []))
        modules[-1][1].append(topic)
    plans = (ModulePlan({language: name}, {}, tuple(topics)).tidied() for name, topics in modules)
    return Pasted(tuple(plans), tuple(refusals))


def written_plan(modules: Iterable[ModulePlan], language: str) -> str:
    """The lines that :func:`pasted_plan` would read back."""
    return "\n".join(_written(modules, language))


def _written(modules: Iterable[ModulePlan], language: str) -> Iterator[str]:
    for module in modules:
        yield module.titles.get(language, "")
        for topic in module.topics:
            yield f"{topic.titles.get(language, '')}; {topic.kind}; {topic.hours}"


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip(" ;\t"):
            yield number, line


def _without_number(words: str) -> str:
    return _NUMBERED.sub("", words).rstrip(":").strip() or words


def _topic(pieces: list[str], language: str) -> TopicPlan | str:
    """The topic that a line's *pieces* name, or the code of what is wrong with them."""
    hours = _HOURS.search(pieces[-1])
    if hours is None or int(hours[0]) == 0:
        return "plan-line-hours"
    kind: HourKind | None = HourKind.LECTURE
    name = pieces[:-1]
    if len(name) > 1:
        kind = KINDS_BY_WORD.get(search_key(name.pop()))
    title = _without_number("; ".join(name))
    if kind is None:
        return "plan-line-kind"
    if not title or len(title) > LONGEST_TITLE:
        return "plan-line-topic"
    return TopicPlan({language: title}, kind, int(hours[0]))
