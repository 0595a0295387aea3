"""Courses and runs in words: states, kinds, refusals, and what a policy means."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from retrain.catalogue.states import (
    CourseKind,
    CourseState,
    DocumentType,
    HourKind,
    RunState,
    StudyForm,
)
from retrain.language import pick
from retrain.language.dates import hours as hours_in_words
from retrain.people.queries import display_names
from retrain.people.wording import REGIONS as REGIONS
from retrain.people.wording import STAFF_KINDS as STAFF_KINDS
from retrain.web.language import LANGUAGES, current_language, shown_date, shown_moment

KINDS = {
    CourseKind.ADVANCED_TRAINING: _l("advanced training"),
    CourseKind.RETRAINING: _l("retraining"),
    CourseKind.EVENT: _l("event"),
}
FORMS = {
    StudyForm.IN_PERSON: _l("in person"),
    StudyForm.DISTANCE: _l("at a distance"),
    StudyForm.BLENDED: _l("blended"),
    StudyForm.DUAL: _l("dual, at the workplace too"),
    StudyForm.MODULAR: _l("by modules"),
}
DOCUMENTS = {
    DocumentType.ADVANCED_TRAINING_CERTIFICATE: _l("certificate of advanced training"),
    DocumentType.RETRAINING_DIPLOMA: _l("diploma of retraining"),
    DocumentType.PARTICIPATION: _l("certificate of participation"),
}
HOUR_KINDS = {
    HourKind.LECTURE: _l("lecture"),
    HourKind.PRACTICAL: _l("practical"),
    HourKind.INDEPENDENT: _l("independent work"),
    HourKind.DISTANCE: _l("distance"),
    HourKind.INTERNSHIP: _l("internship"),
}
COURSE_STATES = {
    CourseState.DRAFT: _l("draft"),
    CourseState.PUBLISHED: _l("published"),
    CourseState.ARCHIVED: _l("put away"),
}
RUN_STATES = {
    RunState.DRAFT: _l("draft"),
    RunState.PUBLISHED: _l("published"),
    RunState.CONFIRMED: _l("confirmed by order"),
    RunState.RUNNING: _l("running"),
    RunState.FINISHED: _l("finished"),
    RunState.ARCHIVED: _l("put away"),
    RunState.CANCELLED: _l("cancelled"),
}
TONES = {
    CourseState.DRAFT: "waiting",
    CourseState.PUBLISHED: "done",
    CourseState.ARCHIVED: "idle",
    RunState.DRAFT: "waiting",
    RunState.PUBLISHED: "done",
    RunState.CONFIRMED: "done",
    RunState.RUNNING: "done",
    RunState.FINISHED: "idle",
    RunState.ARCHIVED: "idle",
    RunState.CANCELLED: "problem",
}
FIELDS = {
    "kind": _l("Kind"),
    "titles": _l("Title"),
    "summary": _l("What it is about"),
    "languages": _l("Languages"),
    "form": _l("Form of study"),
    "document_type": _l("Document"),
    "policy": _l("Rules of completion"),
    "audience": _l("For whom"),
    "modules": _l("Modules and topics"),
    "starts_on": _l("First day"),
    "ends_on": _l("Last day"),
    "places": _l("Places"),
    "enrolment_opens": _l("Enrolment opens"),
    "enrolment_closes": _l("Enrolment closes"),
    "language": _l("Language"),
    "region": _l("Region"),
    "group_name": _l("Group"),
    "curator_id": _l("Curator"),
    "place_text": _l("Place"),
}


def _topics_differ(module: str, kind: str, hours: int, topics: int) -> str:
    return _(
        "Module “%(module)s”, %(kind)s: the module has %(hours)s hours, its topics have %(topics)s.",
        module=module, kind=HOUR_KINDS[HourKind(kind)], hours=hours, topics=topics,
    )  # fmt: skip


def _run_move(state: str, to: str) -> str:
    return _(
        "The run is “%(state)s”, so it can't become “%(to)s”.",
        state=RUN_STATES[RunState(state)], to=RUN_STATES[RunState(to)],
    )  # fmt: skip


def _course_move(state: str, to: str) -> str:
    return _(
        "The course is “%(state)s”, so it can't become “%(to)s”.",
        state=COURSE_STATES[CourseState(state)], to=COURSE_STATES[CourseState(to)],
    )  # fmt: skip


REFUSALS: dict[str, Any] = {
    "course-code-form": _l(
        "“%(given)s” can't be a code. Use capital Latin letters and figures, like IT or EL-2."
    ),
    "course-code-taken": _l("Another course has the code %(given)s. Choose another one."),
    "course-kind-fixed": _l("The kind of a course that was published can't be changed. Make a new course."),
    "course-move": _course_move,
    "course-not-published": _l("The course is not published yet. Publish it first, then its runs."),
    "curator-unknown": _l("This person holds no role at the provider. Choose a curator from the list."),
    "diploma-of-retraining-only": _l("A diploma is given after retraining only. Choose another document."),
    "hour-kind-unknown": _l("“%(kind)s” is no kind of hours."),
    "language-unknown": _l("“%(language)s” is none of the four languages."),
    "module-hours-range": _l("Module “%(module)s”: give hours from 0 to %(most)s."),
    "module-no-hours": _l("Module “%(module)s” has no hours yet."),
    "module-no-title": _l("Module %(module)s has no title yet."),
    "more-attendance-than-hours": _l("Nobody could attend so much: the whole course has %(hours)s hours."),
    "no-hours": _l("Give the hours of the course, or a thematic plan with hours."),
    "no-language": _l("Choose at least one language the course is given in."),
    "no-module": _l("The course has no module yet."),
    "no-reason": _l("Give the reason. Everyone enrolled will read it."),
    "no-title": _l("Give the title in at least one language."),
    "not-a-provider": _l(
        "Your organisation does not give courses. Ask your administrator to make it a provider."
    ),
    "nothing-to-publish": _l(
        "Version %(number)s is already published. Change the course to make the next one."
    ),
    "pass-mark-range": _l("The pass mark is a number from 0 to 100."),
    "places-below-taken": _l("%(taken)s places are taken already, so there can't be fewer."),
    "places-range": _l("Give a number of places from 1 to %(most)s."),
    "plan-line-hours": _l("Line %(line)s, “%(text)s”: the hours are missing at the end."),
    "plan-line-kind": _l(
        "Line %(line)s, “%(text)s”: the kind is not known. "
        "Write lecture, practical, independent work, distance or internship."
    ),
    "plan-line-topic": _l("Line %(line)s, “%(text)s”: the topic is missing or too long."),
    "plan-hours-differ": _l("The topics have %(topics)s hours, the course %(hours)s. Correct one of them."),
    "condition-range": _l("Write a number from 0 to %(most)s."),
    "years-upside-down": _l("The most years can't be fewer than the fewest."),
    "match-without-audience": _l("Write for whom the course is, or let any speciality do."),
    "more-of-kind-than-hours": _l("The course has %(hours)s hours of this kind: nobody could do more."),
    "policy-hours-range": _l("Give hours from 0 to %(hours)s."),
    "run-ends-before-start": _l("The run would end on %(ends)s, before it starts on %(starts)s."),
    "run-is-over": _l("The run ended on %(ends)s. Give it dates to come, then publish it."),
    "run-language": _l("The course is not given in this language. Choose one of its languages."),
    "run-move": _run_move,
    "run-not-changeable": lambda state: _(
        "The run is “%(state)s” and can't be changed any more.", state=RUN_STATES[RunState(state)]
    ),
    "run-too-long": _l("A run can't be longer than three years. Check the last day."),
    "text-too-long": _l("This is too long. Use at most %(most)s letters."),
    "title-too-long": _l("A title is too long. Use at most %(most)s letters."),
    "topic-hours-range": _l("Topic “%(topic)s”: give hours from 1 to %(most)s."),
    "topic-no-title": _l("A topic of the module “%(module)s” has no title yet."),
    "topics-differ-from-module": _topics_differ,
    "window-after-run": _l("Enrolment would close after the run has ended on %(ends)s."),
    "window-closes-before-opening": _l("Enrolment would close before it opens. Check both moments."),
}


_STEPS = {
    "published": (_l("pub"), _l("Published")),
    "places": (_l("places"), _l("Places")),
    "order": (_l("order"), _l("Order of enrolment")),
    "timetable": (_l("time"), _l("Timetable")),
    "registers": (_l("reg"), _l("Registers")),
    "statement": (_l("stm"), _l("Statement")),
    "protocol": (_l("prot"), _l("Protocol")),
    "documents": (_l("doc"), _l("Documents")),
}


def step(name: str) -> dict[str, str]:
    """The heading of a column of the term board, short and in full."""
    short, full = _STEPS[name]
    return {"label": str(short), "full": str(full)}


def differences(found: Mapping[str, tuple[Any, Any]], zone: ZoneInfo | None = None) -> list[dict[str, str]]:
    """What somebody else has saved meanwhile beside what was typed, field by field."""
    return [
        {
            "field": str(FIELDS.get(name, name)),
            "theirs": _value(name, theirs, zone),
            "yours": _value(name, yours, zone),
        }
        for name, (theirs, yours) in found.items()
    ]


def _value(name: str, value: Any, zone: ZoneInfo | None) -> str:
    known: dict[str, Mapping[Any, Any]] = {
        "kind": KINDS, "form": FORMS, "document_type": DOCUMENTS, "region": REGIONS, "language": LANGUAGES,
    }  # fmt: skip
    if name == "modules":
        return "; ".join(f"{title(module['titles'])}: {sum(module['hours'].values())}" for module in value)
    if name == "policy":
        return " ".join([*policy(value), *conditions(value).values()])
    if name == "curator_id":
        return display_names([value]).get(value, "—")
    if name in known:
        return str(known[name].get(value, value))
    if isinstance(value, datetime):
        return shown_moment(value, zone)
    if isinstance(value, date):
        return shown_date(value)
    if isinstance(value, Mapping):
        return " · ".join(value.values())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def places(free: int, total: int) -> str:
    """How many places are free, in words."""
    if free <= 0:
        return _("no free places, you may wait in the list")
    return ngettext(
        "%(num)s of %(total)s places is free", "%(num)s of %(total)s places are free", free, total=total
    )


def policy(rules: Mapping[str, Any]) -> Iterator[str]:
    """What a teacher has to do to complete the run, a sentence a rule."""
    language = current_language()
    most = rules.get("max_unexcused_hours")
    if most is not None:
        yield _("At most %(hours)s may be missed without an excuse.", hours=hours_in_words(most, language))
    if least := rules.get("min_attendance_hours"):
        yield _("At least %(hours)s have to be attended.", hours=hours_in_words(least, language))
    if rules.get("excused_counts"):
        yield _("Hours missed with an excuse are not counted against you.")
    if rules.get("final_required") and rules.get("pass_mark") is not None:
        yield _("The final assessment needs at least %(mark)s points of 100.", mark=rules["pass_mark"])
    elif rules.get("final_required"):
        yield _("There is a final assessment.")
    yield from _more_rules(rules, language)
    if rules.get("unpaid_blocks_documents"):
        yield _("Documents are issued once the course is paid for.")


def _more_rules(rules: Mapping[str, Any], language: str) -> Iterator[str]:
    """What only some courses ask: hours of a kind, a commission, payment, a document of hours attended."""
    for kind, hours in (rules.get("least_by_kind") or {}).items():
        words = hours_in_words(hours, language)
        yield _("Of %(kind)s at least %(hours)s have to be done.", kind=HOUR_KINDS[kind], hours=words)
    if rules.get("commission_required"):
        yield _("A commission decides on the final work.")
    if rules.get("unpaid_blocks_completion"):
        yield _("The course is completed once it is paid for.")
    if rules.get("hours_reduced"):
        yield _("The document names the hours that were attended.")


GRADES = {
    "exact": _l("one that is named for the course"),
    "related": _l("one that is named for the course, or one that the classifier calls related"),
    "by-diploma": _l("one that is named for the course, a related one, or earlier retraining in one"),
}
"""The furthest match of speciality that a course takes; without one any speciality will do."""

GROUNDS = {
    "child-under-three": _l("a child under three"),
    "disability": _l("a disability"),
    "pension-age": _l("pension age"),
}
"""What the distance form may be kept for."""


def conditions(rules: Mapping[str, Any]) -> dict[str, str]:
    """What is asked of those who come, a sentence by the code of the refusal, in the order they are looked at."""
    asked = rules.get("conditions") or {}
    found: dict[str, str] = {}
    if (worst := asked.get("worst_match")) in GRADES:
        found["other-speciality"] = _("Speciality: %(wanted)s.", wanted=GRADES[worst])
    if kinds := asked.get("staff_kinds"):
        words = ", ".join(str(STAFF_KINDS[kind]) for kind in STAFF_KINDS if kind in kinds)
        found["other-staff-kind"] = _("Kind of staff: %(wanted)s.", wanted=words)
    if categories := asked.get("categories"):
        found["other-category"] = _("Category: %(wanted)s.", wanted=", ".join(categories))
    if (least := asked.get("years_from")) is not None:
        found["service-too-short"] = ngettext(
            "At least %(num)s year of service.", "At least %(num)s years of service.", least
        )
    if (most := asked.get("years_to")) is not None:
        found["service-too-long"] = ngettext(
            "At most %(num)s year of service.", "At most %(num)s years of service.", most
        )
    if (months := asked.get("due_within_months")) is not None:
        found["not-due-yet"] = ngettext(
            "Due for training within %(num)s month after the first day.",
            "Due for training within %(num)s months after the first day.", months,
        )  # fmt: skip
    if asked.get("language"):
        found["other-language"] = _("Knows the language that the run is given in.")
    if grounds := asked.get("distance_grounds"):
        words = ", ".join(str(GROUNDS[ground]) for ground in GROUNDS if ground in grounds)
        found["no-ground-for-distance"] = _(
            "In the distance form only with one of these: %(wanted)s.", wanted=words
        )
    return found


def languages(codes: list[str]) -> str:
    """The languages of a course, each named in itself."""
    return ", ".join(LANGUAGES.get(code, code) for code in codes)


def title(texts: Mapping[str, str]) -> str:
    """A title in the reader's language, or the nearest there is."""
    return pick(texts, current_language())


def language_of(texts: Mapping[str, str]) -> str:
    """The language that :func:`title` is in, for the page's markup."""
    shown = title(texts)
    return next((code for code, text in texts.items() if text == shown), current_language())
