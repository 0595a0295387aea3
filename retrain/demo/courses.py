"""Forty courses with modules and thematic plans, put together from ``courses.json`` and ``fields.json``."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from retrain.catalogue import defaults, keys
from retrain.catalogue.models import Course, CourseVersion, Module, Topic
from retrain.catalogue.plan import CoursePlan, ModulePlan, TopicPlan
from retrain.catalogue.states import CourseKind, CourseState, DocumentType, HourKind, StudyForm
from retrain.demo.country import Country, moment
from retrain.demo.places import four
from retrain.demo.rows import Row
from retrain.people.states import RoleKind

EVENT, DRAFT, ARCHIVED = "PE-5", "AV-4", "IT-5"
"""An event among the courses, one whose second version is still a draft, one put away."""

_NARROWER = {"IT-2": ["Axborot texnologiyalari", "Dasturlash"]}
"""Courses meant for fewer than their field, so that a neighbour is related and not the same."""

_ASKED = {"IT-2": "related", "PV": "related", "PV-3": "by-diploma"}
"""Courses that take nobody whose speciality fits worse."""

_SHARES = {  # hours of a whole course by kind: only lectures and practicals stand in the week
    36: {"lecture": 8, "practical": 16, "independent": 12},
    72: {"lecture": 16, "practical": 32, "independent": 24},
    144: {"lecture": 32, "practical": 64, "independent": 32, "distance": 16},
    288: {"lecture": 64, "practical": 96, "independent": 80, "distance": 24, "internship": 24},
    576: {"lecture": 112, "practical": 176, "independent": 192, "distance": 48, "internship": 48},
}
_OWN_WORK = four("Mustaqil ta’lim", "Самостоятельная работа", "Independent work")
_DISTANCE = four("Masofaviy topshiriqlar", "Дистанционные задания", "Tasks at a distance")
_INTERNSHIP = four("Korxonada stajirovka", "Стажировка на предприятии", "Internship at a workplace")
_REST = {"independent": _OWN_WORK, "distance": _DISTANCE, "internship": _INTERNSHIP}


def _read(name: str) -> Any:
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def make(country: Country) -> dict[str, Row]:
    """Courses by code; each row has the version that runs are of at hand, and its modules with topics."""
    fields = _read("fields.json")
    found = {}
    for code, provider, hours, form, languages, titles in _read("courses.json"):
        plan = _plan(code, hours, form, languages.split(), titles, fields[defaults.run_prefix(code)])
        found[code] = _course(country, code, provider, plan)
    _second_draft(country, found[DRAFT])
    found[ARCHIVED]["course"]["state"] = CourseState.ARCHIVED
    return found


def _kind(code: str, hours: int) -> CourseKind:
    if code == EVENT:
        return CourseKind.EVENT
    return CourseKind.RETRAINING if hours == 576 else CourseKind.ADVANCED_TRAINING


def _plan(
    code: str, hours: int, form: str, languages: list[str], titles: list[str], field: dict[str, Any]
) -> CoursePlan:
    kind = _kind(code, hours)
    document = defaults.document(kind)
    modules = field["modules"][:3] if hours == 36 else field["modules"]
    return CoursePlan(
        kind=kind,
        titles=four(*titles),
        languages=tuple(languages),
        form=StudyForm(form),
        document_type=DocumentType(document),
        policy=_policy(code, kind),
        modules=tuple(
            _module(module, _shares(_SHARES[hours], len(modules), place))
            for place, module in enumerate(modules)
        ),
        summary=_summary(titles, modules),
        audience=tuple(_NARROWER.get(code, field["audience"])),
    )


def _policy(code: str, kind: CourseKind) -> dict[str, Any]:
    policy = defaults.policy(kind)
    return policy | {"conditions": {"worst_match": _ASKED[code]}} if code in _ASKED else policy


def _shares(whole: dict[str, int], parts: int, place: int) -> dict[str, int]:
    """One module's part of the hours, in whole pairs; the first modules take what is over."""
    shares = {}
    for kind, hours in whole.items():
        pairs, over = divmod(hours // 2, parts)
        shares[kind] = 2 * (pairs + (place < over))
    return {kind: hours for kind, hours in shares.items() if hours}


def _module(module: Any, hours: dict[str, int]) -> ModulePlan:
    title, topics = module
    lines = []
    for kind in (HourKind.LECTURE, HourKind.PRACTICAL):
        for place, topic in enumerate(topics):
            share = _shares({kind: hours.get(kind, 0)}, len(topics), place).get(kind, 0)
            if share:
                lines.append((place, TopicPlan(four(*topic), kind, share)))
    lines.sort(key=lambda line: line[0])  # a topic's lecture, then its practical
    rest = [TopicPlan(_REST[kind], HourKind(kind), number) for kind, number in hours.items() if kind in _REST]
    return ModulePlan(four(*title), hours, (*(topic for _place, topic in lines), *rest))


def _summary(titles: list[str], modules: list[Any]) -> dict[str, str]:
    uz, ru, en = (", ".join(module[0][place].lower() for module in modules) for place in range(3))
    return four(f"Kursda: {uz}.", f"В программе: {ru}.", f"The course covers {en}.")


def _course(country: Country, code: str, provider: str, plan: CoursePlan) -> Row:
    made = moment(country.today - timedelta(days=400), 10)
    coordinator = country.actors[provider, RoleKind.COORDINATOR]
    course = country.rows.add(
        Course, code=code, provider_id=country.organisations[provider]["id"], kind=plan.kind,
        state=CourseState.PUBLISHED, created_at=made,
    )  # fmt: skip
    subject = ("course", course["id"])
    country.happened(made, "course.created", subject, coordinator, after={"code": code})
    version, modules = _version(country, course, plan, 1)
    version["published_at"] = made + timedelta(hours=2)
    country.happened(
        version["published_at"], "course.published", subject, coordinator,
        before={"state": "draft"}, after={"state": "published", "version": 1},
    )  # fmt: skip
    return {"course": course, "version": version, "modules": modules, "plan": plan, "provider": provider}


def _version(country: Country, course: Row, plan: CoursePlan, number: int) -> tuple[Row, list[Row]]:
    version = country.rows.add(
        CourseVersion, course_id=course["id"], number=number, titles=dict(plan.titles),
        summary=dict(plan.summary), languages=list(plan.languages), form=plan.form,
        document_type=plan.document_type, audience=list(plan.audience), policy=dict(plan.policy),
        hours=plan.hours, search_key=keys.of_course(course["code"], plan), sort_key=keys.sorting(plan.titles),
    )  # fmt: skip
    modules = []
    for place, module in enumerate(plan.modules, 1):
        row = country.rows.add(
            Module, course_version_id=version["id"], position=place, titles=dict(module.titles),
            hours=dict(module.hours),
        )  # fmt: skip
        topics = [
            country.rows.add(
                Topic, module_id=row["id"], position=number, titles=dict(topic.titles), kind=topic.kind,
                hours=topic.hours,
            )
            for number, topic in enumerate(module.topics, 1)
        ]  # fmt: skip
        modules.append({"row": row, "topics": topics})
    return version, modules


def _second_draft(country: Country, course: Row) -> None:
    """The next wording of a course, which nobody but its coordinator sees yet."""
    _version(country, course["course"], course["plan"], 2)
    at = moment(country.today - timedelta(days=5), 15)
    actor = country.actors[course["provider"], RoleKind.COORDINATOR]
    country.happened(at, "course.changed", ("course", course["course"]["id"]), actor, after={"version": 2})


def in_class(course: Row) -> list[tuple[Row, Row]]:
    """Module and topic of every pair that belongs in the week, in the order they are taught."""
    return [
        (module["row"], topic)
        for module in course["modules"]
        for topic in module["topics"]
        if topic["kind"] in (HourKind.LECTURE, HourKind.PRACTICAL)
        for _pair in range(topic["hours"] // 2)
    ]
