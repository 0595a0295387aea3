"""Making, changing and publishing courses. Its use cases are called through ``catalogue.service``."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import select

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue import defaults, keys, queries, rules
from retrain.catalogue.models import Course, CourseVersion, Module, Topic
from retrain.catalogue.plan import CoursePlan
from retrain.catalogue.states import COURSE_MOVES, CourseState
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.language import pick
from retrain.people import permissions
from retrain.people.models import Organisation
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, Refusal, Refused


@use_case
def create_course(actor: Actor, provider_id: int, plan: CoursePlan, code: str = "") -> Course:
    """A draft of a course with its first version; without a code one is made from the title."""
    permissions.require(actor, "course.edit", Target(provider_id=provider_id))
    plan = plan.tidied()
    codes = set(db.session.scalars(select(Course.code)))
    code = code.strip().upper() or defaults.course_code(pick(plan.titles, "uz"), codes)
    why = rules.code_refusals(code, code in codes) + rules.saving_refusals(plan)
    provider = db.session.get(Organisation, provider_id)
    if provider is None or not provider.is_provider:
        why.append(Refusal.of("not-a-provider"))
    if why:
        raise Refused(why)
    course = Course(code=code, provider_id=provider_id, kind=plan.kind, created_at=clock.now())
    course.state = CourseState.DRAFT
    course.versions.append(_version(code, 1, plan))
    db.session.add(course)
    audit.record(actor, "course.created", course, after={"code": code, "titles": plan.titles})
    return course


@use_case
def save_version(actor: Actor, code: str, plan: CoursePlan, seen: str | None = None) -> CourseVersion:
    """Keep *plan*: in the draft version when there is one, else as the version after the published one.

    *seen* is the ``stamp`` of the version the person had before them; raises ChangedMeanwhile when it is old.
    """
    course = queries.course(code, for_update=True)
    permissions.require(actor, "course.edit", Target(provider_id=course.provider_id))
    last, plan = course.versions[-1], plan.tidied()
    if seen is not None and seen != queries.stamp(last):
        raise ChangedMeanwhile(
            differences(queries.plan_of(last), plan), queries.changed_by("course", course.id)
        )
    why = rules.saving_refusals(plan)
    if plan.kind is not course.kind and queries.published_version(course):
        why.append(Refusal.of("course-kind-fixed", field="kind"))
    if why:
        raise Refused(why)
    before, course.kind = queries.plan_of(last), plan.kind
    if last.published_at:
        version = _version(code, last.number + 1, plan)
        course.versions.append(version)
    else:
        version = last
        _put(version, code, plan)
        version.version_lock += 1
    db.session.flush()
    changed = differences(before, plan)
    audit.record(
        actor, "course.changed", course,
        before={name: old for name, (old, _new) in changed.items()},
        after={"version": version.number} | {name: new for name, (_old, new) in changed.items()},
    )  # fmt: skip
    return version


@use_case
def publish_course(actor: Actor, code: str) -> CourseVersion:
    """Publish the draft version; from then on new runs are of it. Refused with everything that is missing."""
    course = queries.course(code, for_update=True)
    permissions.require(actor, "course.edit", Target(provider_id=course.provider_id))
    version = course.versions[-1]
    if version.published_at:
        raise Refused(Refusal.of("nothing-to-publish", number=version.number))
    if why := rules.publishing_refusals(queries.plan_of(version)):
        raise Refused(why)
    before, course.state = course.state, CourseState.PUBLISHED
    version.published_at = clock.now()
    version.version_lock += 1
    audit.record(
        actor, "course.published", course,
        before={"state": before}, after={"state": course.state, "version": version.number},
    )  # fmt: skip
    return version


@use_case
def move_course(actor: Actor, code: str, to: CourseState) -> Course:
    """Put a course away, or take it out again. Its runs are not touched."""
    course = queries.course(code, for_update=True)
    permissions.require(actor, "course.edit", Target(provider_id=course.provider_id))
    if to is CourseState.PUBLISHED and queries.published_version(course) is None:
        return publish_course(actor, code).course
    if to not in COURSE_MOVES[course.state]:
        raise Refused(Refusal.of("course-move", state=course.state, to=to))
    before, course.state = course.state, to
    audit.record(actor, "course.moved", course, before={"state": before}, after={"state": to})
    return course


def differences(theirs: CoursePlan, yours: CoursePlan) -> dict[str, tuple[Any, Any]]:
    """What differs between two plans, by field."""
    pairs = {
        field.name: (getattr(theirs, field.name), getattr(yours, field.name)) for field in fields(CoursePlan)
    }
    return {name: (_shown(old), _shown(new)) for name, (old, new) in pairs.items() if old != new}


def _shown(value: Any) -> Any:
    if isinstance(value, tuple) and value and hasattr(value[0], "topics"):
        return [
            {"titles": dict(module.titles), "hours": dict(module.hours),
             "topics": [[dict(topic.titles), topic.kind, topic.hours] for topic in module.topics]}
            for module in value
        ]  # fmt: skip
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def _version(code: str, number: int, plan: CoursePlan) -> CourseVersion:
    version = CourseVersion(number=number, version_lock=1)
    _put(version, code, plan)
    return version


def _put(version: CourseVersion, code: str, plan: CoursePlan) -> None:
    """Write *plan* into *version*; its modules are made anew."""
    version.titles, version.summary = dict(plan.titles), dict(plan.summary)
    version.languages, version.audience = list(plan.languages), list(plan.audience)
    version.form, version.document_type = plan.form, plan.document_type
    version.policy, version.hours = dict(plan.policy), plan.hours
    version.search_key = keys.of_course(code, plan)
    version.sort_key = keys.sorting(plan.titles)
    if version.modules:
        version.modules.clear()
        db.session.flush()  # the old positions have to be gone before the new rows take them
    for at, module in enumerate(plan.modules, start=1):
        topics = [
            Topic(position=place, titles=dict(topic.titles), kind=topic.kind, hours=topic.hours)
            for place, topic in enumerate(module.topics, start=1)
        ]
        version.modules.append(
            Module(position=at, titles=dict(module.titles), hours=dict(module.hours), topics=topics)
        )
