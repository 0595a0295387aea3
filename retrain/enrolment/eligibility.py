"""Who may come onto a run: every condition of the course in its order, met or not, to show before trying.

The conditions are data on the course, copied onto the run at publication; one that isn't set is not asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from retrain.enrolment import rules
from retrain.enrolment.match import NO_CLASSIFIER, Classifier, Diploma, Grade, match
from retrain.enrolment.states import Source
from retrain.record.rules import add_months
from retrain.refusal import Refusal

DISTANCE = "distance"
CHILD_UNDER_THREE, DISABILITY, PENSION_AGE = GROUNDS = ("child-under-three", "disability", "pension-age")
PENSION_YEARS = {"female": 55, "male": 60}
"""A setting with the usual ages as its default."""


@dataclass(frozen=True)
class Conditions:
    """What a course asks of those who come. Empty or None: not asked."""

    audience: Sequence[str] = ()
    worst_match: Grade = Grade.NONE
    staff_kinds: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    years_from: int | None = None
    years_to: int | None = None
    due_within_months: int | None = None
    language: str | None = None
    distance_grounds: frozenset[str] = frozenset()
    pension_years: Mapping[str, int] = field(default_factory=lambda: dict(PENSION_YEARS))
    classifier: Classifier = NO_CLASSIFIER
    """Says which specialities are related to the audience; read where somebody is judged."""


@dataclass(frozen=True)
class Candidate:
    """A teacher as the conditions look at one. None is what nobody has told the program."""

    standing: rules.TeacherFacts
    staff_kind: str
    category: str = ""
    working_since: date | None = None
    due: date | None = None
    languages: frozenset[str] | None = None
    specialities: Sequence[str] = ()
    diplomas: Sequence[Diploma] = ()
    birth_date: date | None = None
    sex: str | None = None
    youngest_child_born: date | None = None
    disability: bool = False


@dataclass(frozen=True)
class Condition:
    """One condition with what was compared; *code* is that of the refusal when it is not met."""

    code: str
    met: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """All conditions in the order in which they are shown, and the grade of the match for priorities."""

    conditions: tuple[Condition, ...]
    match: Grade

    @property
    def met(self) -> list[Condition]:
        return [each for each in self.conditions if each.met]

    @property
    def refusals(self) -> list[Refusal]:
        return [Refusal(each.code, dict(each.facts)) for each in self.conditions if not each.met]


def judge(
    asked: Conditions,
    run: rules.RunFacts,
    form: str,
    candidate: Candidate,
    now: datetime,
    by: Source = Source.SELF,
) -> Judgement:
    """Whether *candidate* may come onto *run* at *now*: every reason against it, and what is met."""
    against = rules.refusals(run, candidate.standing, now, by)  # overlap and earlier completion among them
    found = [Condition(each.code, False, each.facts) for each in against]
    fit = match(asked.audience, candidate.specialities, candidate.diplomas, asked.classifier)
    if asked.audience:
        facts = {**fit.facts, "match": fit.code, "worst": asked.worst_match}
        found.append(Condition("other-speciality", fit.grade <= asked.worst_match, facts))
    found += _of_post(asked, candidate)
    found += _of_service(asked, candidate, run.starts_on)
    found += _of_due_date(asked, candidate, run.starts_on)
    found += _of_language(asked, candidate)
    if form == DISTANCE and asked.distance_grounds:
        found.append(_of_distance(asked, candidate, run.starts_on))
    return Judgement(tuple(found), fit.grade)


def _of_post(asked: Conditions, candidate: Candidate) -> list[Condition]:
    found = []
    if kinds := asked.staff_kinds:
        facts: dict[str, Any] = {"wanted": sorted(kinds), "yours": candidate.staff_kind}
        found.append(Condition("other-staff-kind", candidate.staff_kind in kinds, facts))
    if categories := asked.categories:
        facts = {"wanted": sorted(categories), "yours": candidate.category or None}
        found.append(Condition("other-category", candidate.category in categories, facts))
    return found


def _of_service(asked: Conditions, candidate: Candidate, day: date) -> list[Condition]:
    if asked.years_from is None and asked.years_to is None:
        return []
    years = full_years(candidate.working_since, day) if candidate.working_since else None
    found = []
    if (least := asked.years_from) is not None:
        enough = years is not None and years >= least
        found.append(Condition("service-too-short", enough, {"wanted": least, "yours": years}))
    if (most := asked.years_to) is not None:
        few_enough = years is not None and years <= most
        found.append(Condition("service-too-long", few_enough, {"wanted": most, "yours": years}))
    return found


def _of_due_date(asked: Conditions, candidate: Candidate, day: date) -> list[Condition]:
    if asked.due_within_months is None:
        return []
    by = add_months(day, asked.due_within_months)
    met = candidate.due is not None and candidate.due <= by
    return [Condition("not-due-yet", met, {"by": by, "yours": candidate.due})]


def _of_language(asked: Conditions, candidate: Candidate) -> list[Condition]:
    """Nobody is turned away because nobody asked them which languages they know."""
    if asked.language is None:
        return []
    known = candidate.languages
    facts = {"wanted": asked.language, "yours": None if known is None else sorted(known)}
    return [Condition("other-language", known is None or asked.language in known, facts)]


def _of_distance(asked: Conditions, candidate: Candidate, day: date) -> Condition:
    wanted = [ground for ground in GROUNDS if ground in asked.distance_grounds]
    own = [ground for ground in distance_grounds(candidate, day, asked.pension_years) if ground in wanted]
    return Condition("no-ground-for-distance", bool(own), {"wanted": wanted, "yours": own})


def distance_grounds(candidate: Candidate, day: date, pension_years: Mapping[str, int]) -> list[str]:
    """What entitles the teacher to the distance form on *day*."""
    child, born = candidate.youngest_child_born, candidate.birth_date
    pension = pension_years.get(candidate.sex or "")
    found = {
        CHILD_UNDER_THREE: child is not None and full_years(child, day) < 3,
        DISABILITY: candidate.disability,
        PENSION_AGE: born is not None and pension is not None and full_years(born, day) >= pension,
    }
    return [ground for ground in GROUNDS if found[ground]]


def full_years(since: date, day: date) -> int:
    """Whole years from one day to another."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))
