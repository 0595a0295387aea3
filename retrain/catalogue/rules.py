"""What stands in the way of saving or publishing a course, of opening, changing or moving a run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from retrain.catalogue.plan import LONGEST_TITLE, CoursePlan, ModulePlan, RunPlan
from retrain.catalogue.states import (
    CHANGEABLE,
    LANGUAGES,
    CourseKind,
    CourseState,
    DocumentType,
    HourKind,
    RunState,
    may_move,
)
from retrain.refusal import Refusal

CODE = re.compile(r"[A-Z][A-Z0-9]{0,9}(-[A-Z0-9]{1,6}){0,2}")
MOST_HOURS = 2000
MOST_PLACES = 10_000
LONGEST_RUN = timedelta(days=3 * 366)
LONGEST_PLACE = 300
LONGEST_GROUP = 80


@dataclass(frozen=True)
class RunFacts:
    """What the rules need to know of a run that exists."""

    state: RunState
    taken: int
    starts_on: date
    ends_on: date
    course_state: CourseState


def code_refusals(code: str, taken: bool) -> list[Refusal]:
    """Why *code* can't be a course's code."""
    if not CODE.fullmatch(code):
        return [Refusal.of("course-code-form", field="code", given=code)]
    return [Refusal.of("course-code-taken", field="code", given=code)] if taken else []


def saving_refusals(plan: CoursePlan) -> list[Refusal]:
    """Why *plan* can't even be kept as a draft."""
    found = []
    if not any(plan.titles.values()):
        found.append(Refusal.of("no-title", field="titles"))
    for module, name in _named(plan):
        if bad := [kind for kind in module.hours if kind not in set(HourKind)]:
            found.append(Refusal.of("hour-kind-unknown", kind=bad[0]))
        if any(not 0 <= hours <= MOST_HOURS for hours in module.hours.values()):
            found.append(Refusal.of("module-hours-range", field="modules", module=name, most=MOST_HOURS))
        if wrong := [topic for topic in module.topics if not 1 <= topic.hours <= MOST_HOURS]:
            topic = _words(wrong[0].titles)
            found.append(Refusal.of("topic-hours-range", field="modules", topic=topic, most=MOST_HOURS))
    if any(len(text) > LONGEST_TITLE for texts in _all_titles(plan) for text in texts):
        found.append(Refusal.of("title-too-long", field="titles", most=LONGEST_TITLE))
    if unknown := set(plan.languages) - set(LANGUAGES):
        found.append(Refusal.of("language-unknown", field="languages", language=min(unknown)))
    return found + list(_policy_refusals(plan)) + list(_condition_refusals(plan))


def publishing_refusals(plan: CoursePlan) -> list[Refusal]:
    """Everything that *plan* still lacks before others may see it; empty means it may be published."""
    found = saving_refusals(plan)
    if not plan.languages:
        found.append(Refusal.of("no-language", field="languages"))
    if not plan.modules:
        found.append(Refusal.of("no-module", field="modules"))
    for module, name in _named(plan):
        found += _module_refusals(module, name)
    if (plan.policy.get("min_attendance_hours") or 0) > plan.hours:
        found.append(Refusal.of("more-attendance-than-hours", field="min_attendance_hours", hours=plan.hours))
    for kind, least in (plan.policy.get("least_by_kind") or {}).items():
        given = sum(module.hours.get(kind, 0) for module in plan.modules)
        if least > given:
            found.append(Refusal.of("more-of-kind-than-hours", field=f"least_{kind}", hours=given))
    if plan.document_type is DocumentType.RETRAINING_DIPLOMA and plan.kind is not CourseKind.RETRAINING:
        found.append(Refusal.of("diploma-of-retraining-only", field="document_type"))
    return found


def _module_refusals(module: ModulePlan, name: str) -> Iterator[Refusal]:
    if not any(module.titles.values()):
        yield Refusal.of("module-no-title", field="modules", module=name)
    if not sum(module.hours.values()):
        yield Refusal.of("module-no-hours", field="modules", module=name)
    if any(not any(topic.titles.values()) for topic in module.topics):
        yield Refusal.of("topic-no-title", field="modules", module=name)
    planned = module.planned
    for kind in HourKind:
        if (given := module.hours.get(kind, 0)) != planned.get(kind, 0):
            yield Refusal.of(
                "topics-differ-from-module", field="modules",
                module=name, kind=kind, hours=given, topics=planned.get(kind, 0),
            )  # fmt: skip


MOST_YEARS = 70
MOST_MONTHS = 120


def _condition_refusals(plan: CoursePlan) -> Iterator[Refusal]:
    """What no teacher could meet, or nobody can have meant."""
    asked = plan.policy.get("conditions") or {}
    for name, most in (
        ("years_from", MOST_YEARS),
        ("years_to", MOST_YEARS),
        ("due_within_months", MOST_MONTHS),
    ):
        if (value := asked.get(name)) is not None and not 0 <= value <= most:
            yield Refusal.of("condition-range", field=name, most=most)
    most_years: int | None = asked.get("years_to")
    if most_years is not None and (asked.get("years_from") or 0) > most_years:
        yield Refusal.of("years-upside-down", field="years_to")
    if asked.get("worst_match") and not plan.audience:
        yield Refusal.of("match-without-audience", field="audience")


def _policy_refusals(plan: CoursePlan) -> Iterator[Refusal]:
    mark = plan.policy.get("pass_mark")
    if mark is not None and not 0 <= mark <= 100:
        yield Refusal.of("pass-mark-range", field="pass_mark")
    for name in ("min_attendance_hours", "max_unexcused_hours"):
        hours = plan.policy.get(name)
        if hours is not None and not 0 <= hours <= MOST_HOURS:
            yield Refusal.of("policy-hours-range", field=name, hours=MOST_HOURS)
    for kind, hours in (plan.policy.get("least_by_kind") or {}).items():
        if not 0 <= hours <= MOST_HOURS:
            yield Refusal.of("policy-hours-range", field=f"least_{kind}", hours=MOST_HOURS)


def _named(plan: CoursePlan) -> Iterator[tuple[ModulePlan, str]]:
    for number, module in enumerate(plan.modules, start=1):
        yield module, _words(module.titles) or str(number)


def _words(titles: object) -> str:
    return next((text for text in titles.values() if text), "") if isinstance(titles, dict) else ""


def _all_titles(plan: CoursePlan) -> Iterator[list[str]]:
    yield list(plan.titles.values())
    for module in plan.modules:
        yield list(module.titles.values())
        yield from (list(topic.titles.values()) for topic in module.topics)


def run_refusals(plan: RunPlan, languages: list[str], taken: int = 0) -> list[Refusal]:
    """Why a run of a course given in *languages*, with *taken* places held, can't be as *plan* says."""
    found = list(_date_refusals(plan))
    if not 1 <= plan.places <= MOST_PLACES:
        found.append(Refusal.of("places-range", field="places", most=MOST_PLACES))
    elif plan.places < taken:
        found.append(Refusal.of("places-below-taken", field="places", taken=taken))
    if plan.language not in languages:
        found.append(Refusal.of("run-language", field="language"))
    if len(plan.place_text) > LONGEST_PLACE:
        found.append(Refusal.of("text-too-long", field="place_text", most=LONGEST_PLACE))
    if len(plan.group_name) > LONGEST_GROUP:
        found.append(Refusal.of("text-too-long", field="group_name", most=LONGEST_GROUP))
    return found


def _date_refusals(plan: RunPlan) -> Iterator[Refusal]:
    if plan.ends_on < plan.starts_on:
        yield Refusal.of("run-ends-before-start", field="ends_on", starts=plan.starts_on, ends=plan.ends_on)
    elif plan.ends_on - plan.starts_on > LONGEST_RUN:
        yield Refusal.of("run-too-long", field="ends_on")
    if plan.enrolment_closes <= plan.enrolment_opens:
        yield Refusal.of("window-closes-before-opening", field="enrolment_closes")
    elif plan.enrolment_closes.date() > max(plan.ends_on, plan.starts_on):
        yield Refusal.of("window-after-run", field="enrolment_closes", ends=plan.ends_on)


def change_refusals(facts: RunFacts) -> list[Refusal]:
    """Why a run in its present state can't be changed at all."""
    return [] if facts.state in CHANGEABLE else [Refusal.of("run-not-changeable", state=facts.state)]


def move_refusals(facts: RunFacts, to: RunState, today: date, why: str | None = None) -> list[Refusal]:
    """Why a run can't go to the state *to* on *today*."""
    if not may_move(facts.state, to):
        return [Refusal.of("run-move", state=facts.state, to=to)]
    found = []
    if to is RunState.PUBLISHED:
        if facts.course_state is not CourseState.PUBLISHED:
            found.append(Refusal.of("course-not-published"))
        if facts.ends_on < today:
            found.append(Refusal.of("run-is-over", ends=facts.ends_on))
    if to is RunState.CANCELLED and not (why or "").strip():
        found.append(Refusal.of("no-reason", field="why"))
    return found


def is_open(opens: datetime, closes: datetime, state: RunState, now: datetime) -> bool:
    """Whether people may enrol at *now*: a matter of time, in the states that are on offer."""
    return state in (RunState.PUBLISHED, RunState.CONFIRMED, RunState.RUNNING) and opens <= now < closes
