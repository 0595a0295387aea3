"""What is read of courses and runs, each with a bounded number of queries."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from typing import Any

from flask import g, has_request_context
from sqlalchemy import Date, ScalarSelect, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from retrain import clock
from retrain.audit import Actor
from retrain.audit.models import AuditEntry
from retrain.catalogue import defaults
from retrain.catalogue.models import Course, CourseVersion, Module, Run
from retrain.catalogue.plan import CoursePlan, ModulePlan, RunPlan, TopicPlan
from retrain.catalogue.rules import RunFacts
from retrain.catalogue.states import CourseState, HourKind, RunState
from retrain.database import hot
from retrain.extensions import db
from retrain.people import queries as people
from retrain.people.models import Organisation, Person, Role
from retrain.people.permissions import Scope, scope
from retrain.refusal import NotThere

CURATING = ("coordinator", "curator", "lecturer")
"""The roles whose holders may be a group's curator."""


def course(code: str, *, for_update: bool = False) -> Course:
    """The course with its versions, oldest first; raises NotThere."""
    query = select(Course).where(Course.code == code).options(selectinload(Course.versions))
    found = db.session.scalar(query.with_for_update(of=Course) if for_update else query)
    if found is None:
        raise NotThere
    return found


def published_version(course: Course) -> CourseVersion | None:
    """The version that new runs are of."""
    return next((version for version in reversed(course.versions) if version.published_at), None)


def with_modules(version_id: int) -> CourseVersion:
    """The version with all its modules and topics, in three queries."""
    options = (
        selectinload(CourseVersion.modules).selectinload(Module.topics),
        joinedload(CourseVersion.course),
    )
    return db.session.scalars(
        select(CourseVersion).where(CourseVersion.id == version_id).options(*options)
    ).one()


def stamp(version: CourseVersion) -> str:
    """What tells whether a version is still the one a person had before them."""
    return f"{version.number}.{version.version_lock}"


def plan_of(version: CourseVersion) -> CoursePlan:
    """The version as plain values."""
    modules = tuple(_module_plan(module) for module in with_modules(version.id).modules)
    return CoursePlan(
        kind=version.course.kind, titles=version.titles, languages=tuple(version.languages),
        form=version.form, document_type=version.document_type, policy=version.policy, modules=modules,
        summary=version.summary, audience=tuple(version.audience),
    )  # fmt: skip


def _module_plan(module: Module) -> ModulePlan:
    topics = tuple(TopicPlan(topic.titles, HourKind(topic.kind), topic.hours) for topic in module.topics)
    return ModulePlan(module.titles, module.hours, topics)


def run(code: str, *, for_update: bool = False) -> Run:
    """The run with its version; raises NotThere."""
    found = db.session.scalar(_run(for_update), {"code": code})
    if found is None:
        raise NotThere
    return found


@cache
def _run(for_update: bool) -> Select[tuple[Run]]:
    """Made once, for it is asked at every step of everybody's way."""
    query = select(Run).where(Run.code == bindparam("code"))
    query = query.options(joinedload(Run.version))
    if not for_update:
        return query
    return query.with_for_update(of=Run).execution_options(populate_existing=True)


def run_on_show(code: str) -> tuple[Run, dict[str, str]]:
    """The run with its version to be looked at, not changed, and its provider's names; raises NotThere."""
    row = hot.execute(_run_on_show(), {"code": code, "today": clock.today()}).first()
    if row is None:
        raise NotThere
    return with_version(*hot.shown(row[:-1], Run, CourseVersion)), row[-1] or {}


def with_version(run: Run, version: CourseVersion) -> Run:
    """The run, with the version that was read beside it."""
    set_committed_value(run, "version", version)
    return run


@hot.kept
def _run_on_show() -> Select[Any]:
    names = people.name_of(Run.provider_id, bindparam("today", type_=Date))
    both = select(*hot.columns(Run, CourseVersion), names).where(Run.code == bindparam("code"))
    return both.join(CourseVersion, CourseVersion.id == Run.course_version_id)


def run_plan(run: Run, **changed: Any) -> RunPlan:
    """The run as plain values, with some of them *changed*."""
    plan = RunPlan(
        starts_on=run.starts_on, ends_on=run.ends_on, places=run.places, enrolment_opens=run.enrolment_opens,
        enrolment_closes=run.enrolment_closes, language=run.language, form=run.form, region=run.region,
        group_name=run.group_name, curator_id=run.curator_id, place_text=run.place_text,
    )  # fmt: skip
    return replace(plan, **changed)


def facts(run: Run) -> RunFacts:
    """What the rules ask about a run."""
    return RunFacts(run.state, run.taken, run.starts_on, run.ends_on, run.version.course.state)


def proposal(version: CourseVersion, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the form of a new run begins with: next Monday, long enough, 30 places, curator me."""
    provider = db.session.get_one(Organisation, version.course.provider_id)
    curators = dict(curators_of(provider.id))
    return {
        **asdict(defaults.dates(version.hours, now, people.zone_of(provider.id))),
        "places": defaults.PLACES,
        "language": version.languages[0],
        "form": version.form,
        "region": provider.region,
        "place_text": provider.address,
        "curator_id": actor.person_id if actor.person_id in curators else None,
        "group_name": defaults.group_name(next_run_code(version.course)),
    }


def next_run_code(course: Course) -> str:
    """The code that the next run of the course would get now."""
    prefix = defaults.run_prefix(course.code)
    taken = db.session.scalars(select(Run.code).where(Run.code.startswith(f"{prefix}-", autoescape=True)))
    return defaults.run_code(prefix, taken)


def curators_of(provider_id: int) -> list[tuple[int, str]]:
    """Who may be the curator of a provider's run: id and name, by name."""
    query = (
        select(Person)
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None))
        .where(
            Person.id.in_(
                select(Role.person_id).where(Role.organisation_id == provider_id, Role.kind.in_(CURATING))
            )
        )
        .order_by(Person.sort_key)
    )
    return [(person.id, person.full_name) for person in db.session.scalars(query)]


def changed_by(kind: str, number: int) -> str:
    """Who changed a course or a run last; empty when it was the program."""
    query = (
        select(Person)
        .join(AuditEntry, AuditEntry.actor_id == Person.id)
        .where(AuditEntry.subject_type == kind, AuditEntry.subject_id == str(number))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    person = db.session.scalar(query)
    return person.full_name if person else ""


def within(actor: Actor, action: str) -> list[Any]:
    """Conditions that keep runs to those *actor* reaches with *action*."""
    match scope(actor, action):
        case Scope.ALL:
            return []
        case Scope.PROVIDER:
            return [Run.provider_id == actor.organisation_id]
        case Scope.GROUP:
            return [Run.curator_id == actor.person_id]
        case Scope.REGION:
            return [Run.region == actor.region]
        case _:
            return [Run.id.is_(None)]


def terms(actor: Actor) -> list[str]:
    """The terms in which there are runs that *actor* manages, the latest first.

    What :func:`drafts_waiting` wants to know of the same runs is read on the way, and kept for the request.
    """
    last = func.max(Run.starts_on)
    drafts = func.sum(case((and_(*within(actor, "run.edit"), Run.state == RunState.DRAFT), 1), else_=0))
    query = select(Run.term, drafts, _courses_waiting(actor)).where(*within(actor, "run.see"))
    rows = db.session.execute(query.group_by(Run.term).order_by(last.desc())).tuples().all()
    if rows and has_request_context():
        g.drafts_waiting = (actor, (sum(number for _term, number, _courses in rows), rows[0][2]))
    return [term for term, _drafts, _courses in rows]


def runs_of_term(actor: Actor, term: str, words: Sequence[str] = ()) -> list[Run]:
    """The runs of a term that *actor* manages, with version and course, by their first day."""
    query = (
        select(Run)
        .where(*within(actor, "run.see"), Run.term == term)
        .where(*(Run.search_key.contains(word, autoescape=True) for word in words))
        .options(joinedload(Run.version).joinedload(CourseVersion.course))
        .order_by(Run.starts_on, Run.code)
    )
    return list(db.session.scalars(query))


def last_run(course: Course) -> Run | None:
    """The run of a course that begins last, which the next one is copied from."""
    query = select(Run).join(Run.version).where(CourseVersion.course_id == course.id)
    return db.session.scalar(query.order_by(Run.starts_on.desc(), Run.id.desc()).limit(1))


def runs_of_course(course: Course) -> list[Run]:
    """All runs of a course, the latest first."""
    query = select(Run).join(Run.version).where(CourseVersion.course_id == course.id)
    return list(db.session.scalars(query.order_by(Run.starts_on.desc(), Run.id.desc())))


def drafts_waiting(actor: Actor) -> tuple[int, int]:
    """How many draft runs and how many courses with an unpublished version *actor* has."""
    known: tuple[Actor, tuple[int, int]] | None = g.get("drafts_waiting") if has_request_context() else None
    if known is not None and known[0] == actor:
        return known[1]
    runs = (
        select(func.count()).select_from(Run).where(*within(actor, "run.edit"), Run.state == RunState.DRAFT)
    )
    both = select(runs.scalar_subquery(), _courses_waiting(actor))
    return db.session.execute(both).tuples().one()


def _courses_waiting(actor: Actor) -> ScalarSelect[int]:
    return (
        select(func.count(Course.id.distinct()))
        .join(CourseVersion)
        .where(Course.provider_id == actor.organisation_id, Course.state != CourseState.ARCHIVED)
        .where(CourseVersion.published_at.is_(None))
        .scalar_subquery()
    )
