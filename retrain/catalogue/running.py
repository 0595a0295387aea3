"""Opening, changing and moving runs. Its use cases are called through ``catalogue.service``."""

from dataclasses import asdict
from datetime import date

from sqlalchemy import func, select

from retrain import audit, clock
from retrain.audit import Actor
from retrain.catalogue import defaults, keys, moves, queries, rules
from retrain.catalogue.authoring import create_course, publish_course
from retrain.catalogue.models import Course, CourseVersion, Run
from retrain.catalogue.plan import CoursePlan, RunPlan
from retrain.catalogue.states import CourseState, RunState
from retrain.database.use_case import use_case
from retrain.extensions import db
from retrain.people import permissions, settings
from retrain.people import queries as people
from retrain.people.models import Organisation
from retrain.people.permissions import Target
from retrain.refusal import ChangedMeanwhile, Refusal, Refused


@use_case
def quick_course(actor: Actor, provider_id: int, plan: CoursePlan, code: str = "") -> Course:
    """A course made and published at once: the short way from a title to an open run."""
    course = create_course(actor, provider_id, plan, code)
    publish_course(actor, course.code)
    return course


@use_case
def open_run(actor: Actor, course_code: str, plan: RunPlan, *, publish: bool = False) -> Run:
    """A run of the published version of a course, as a draft or published at once."""
    course = queries.course(course_code, for_update=True)
    permissions.require(actor, "run.edit", Target(provider_id=course.provider_id))
    version = queries.published_version(course)
    if version is None or course.state is not CourseState.PUBLISHED:
        raise Refused(Refusal.of("course-not-published", code=course.code))
    if why := _refusals(plan, version, course.provider_id):
        raise Refused(why)
    run = Run(
        code=_free_code(course), version=version, course_version_id=version.id,
        provider_id=course.provider_id, kind=course.kind, hours=version.hours, taken=0,
        waiting_seq=0, lock=1, state=RunState.DRAFT, sort_key=version.sort_key, policy={},
        created_at=clock.now(),
    )  # fmt: skip
    _put(run, plan)
    db.session.add(run)
    audit.record(actor, "run.opened", run, after={"code": run.code, **asdict(plan)})
    return publish_run(actor, run.code) if publish else run


@use_case
def copy_run(actor: Actor, code: str, starts_on: date | None = None) -> Run:
    """A draft like the run *code*, its dates moved to begin on *starts_on* or right after the earlier one."""
    old = queries.run(code)
    zone = people.zone_of(old.provider_id)
    to = starts_on or defaults.copy_start(old.starts_on, old.ends_on, clock.today(zone))
    opens, closes = old.enrolment_opens.astimezone(zone), old.enrolment_closes.astimezone(zone)
    dates = defaults.shifted(old.starts_on, old.ends_on, opens, closes, to)
    plan = queries.run_plan(old, **asdict(dates), group_name="")
    run = open_run(actor, old.version.course.code, plan)
    run.group_name = defaults.group_name(run.code)
    run.copied_from_id = old.id
    run.search_key = _key(run)
    db.session.flush()
    moves.tell_copied(actor, old, run)
    return run


@use_case
def change_run(actor: Actor, code: str, plan: RunPlan, lock: int) -> Run:
    """The run as *plan* says; ChangedMeanwhile when *lock*, which the person had before them, is old."""
    run = queries.run(code, for_update=True)
    permissions.require(actor, "run.edit", Target(provider_id=run.provider_id))
    before, wanted = asdict(queries.run_plan(run)), asdict(plan)
    changed = {name: (before[name], wanted[name]) for name in wanted if before[name] != wanted[name]}
    if run.lock != lock:
        raise ChangedMeanwhile(changed, queries.changed_by("run", run.id))
    why = rules.change_refusals(queries.facts(run))
    if why := why or _refusals(plan, run.version, run.provider_id, run.taken, run.curator_id):
        raise Refused(why)
    if changed:
        _put(run, plan)
        run.lock += 1
        audit.record(
            actor, "run.changed", run,
            before={name: old for name, (old, _new) in changed.items()},
            after={name: new for name, (_old, new) in changed.items()},
        )  # fmt: skip
        db.session.flush()
        moves.tell_changed(actor, run, changed.keys())
    return run


@use_case
def publish_run(actor: Actor, code: str) -> Run:
    """Put a draft before everyone, and copy the course's policy onto it: from then on its own."""
    run = queries.run(code, for_update=True)
    permissions.require(actor, "run.edit", Target(provider_id=run.provider_id))
    why = _move_refusals(run, RunState.PUBLISHED, None)
    if not why:
        why = _refusals(queries.run_plan(run), run.version, run.provider_id, run.taken, run.curator_id)
    if why:
        raise Refused(why)
    # Which steps of missed hours are told is the provider's habit on this day, and the run's own from now on.
    steps = settings.get(run.provider_id, "absence_warnings")
    run.policy = dict(run.version.policy) | {"warnings": list(steps.get(run.kind, ()))}
    run.published_at = clock.now()
    return _move(actor, run, RunState.PUBLISHED, None)


@use_case
def cancel_run(actor: Actor, code: str, why: str) -> Run:
    """Call the run off, for a reason that everyone enrolled will read."""
    run = queries.run(code, for_update=True)
    permissions.require(actor, "run.edit", Target(provider_id=run.provider_id))
    if refusals := _move_refusals(run, RunState.CANCELLED, why):
        raise Refused(refusals)
    run.cancel_reason = why.strip()
    return _move(actor, run, RunState.CANCELLED, run.cancel_reason)


@use_case
def move_run(actor: Actor, code: str, to: RunState, why: str | None = None) -> Run:
    """The run in the state *to*: for later stages, whose own act (an order, a first session) moves it.

    The stage that calls has asked whether *actor* may do its act, so nothing is asked here.
    """
    if to is RunState.PUBLISHED:
        return publish_run(actor, code)
    if to is RunState.CANCELLED:
        return cancel_run(actor, code, why or "")
    run = queries.run(code, for_update=True)
    if refusals := _move_refusals(run, to, why):
        raise Refused(refusals)
    return _move(actor, run, to, why)


def _move(actor: Actor, run: Run, to: RunState, why: str | None) -> Run:
    before, run.state = run.state, to
    run.lock += 1
    audit.record(actor, "run.moved", run, before={"state": before}, after={"state": to}, why=why)
    db.session.flush()
    moves.tell(actor, run, why)
    return run


def _move_refusals(run: Run, to: RunState, why: str | None) -> list[Refusal]:
    today = clock.today(people.zone_of(run.provider_id))
    return rules.move_refusals(queries.facts(run), to, today, why)


def _refusals(
    plan: RunPlan, version: CourseVersion, provider_id: int, taken: int = 0, curator_id: int | None = None
) -> list[Refusal]:
    why = rules.run_refusals(plan, version.languages, taken)
    new_curator = plan.curator_id is not None and plan.curator_id != curator_id
    if new_curator and plan.curator_id not in dict(queries.curators_of(provider_id)):
        why.append(Refusal.of("curator-unknown", field="curator_id"))
    return why


def _put(run: Run, plan: RunPlan) -> None:
    for name, value in asdict(plan).items():
        setattr(run, name, value)
    run.group_name = plan.group_name or defaults.group_name(run.code)
    run.term = defaults.term(plan.starts_on)
    run.search_key = _key(run)


def _key(run: Run) -> str:
    provider = db.session.get_one(Organisation, run.provider_id)
    named = " ".join(text for name in provider.names[-1:] for text in name.names.values())
    return keys.of_run(run.code, run.version.search_key, run.group_name, run.place_text, named)


def _free_code(course: Course) -> str:
    """The next code of the course's prefix. One row is locked for all its courses: no two get the same."""
    prefix = defaults.run_prefix(course.code)
    first = select(func.min(Course.id)).where(Course.code.startswith(prefix, autoescape=True))
    db.session.execute(select(Course.id).where(Course.id == first.scalar_subquery()).with_for_update())
    return queries.next_run_code(course)
