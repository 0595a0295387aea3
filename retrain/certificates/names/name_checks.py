"""The check of names before printing: a teacher reads their own lines and confirms them, or asks for a correction."""

from collections.abc import Sequence
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from retrain import audit, clock, files, messages
from retrain.audit import Actor
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.certificates import freezing
from retrain.certificates.models import Certificate, NameCheck
from retrain.certificates.states import LIVING, NAME_CHECK_MOVES, NameCheckState
from retrain.database.rows import only
from retrain.database.use_case import use_case
from retrain.enrolment import queries as enrolment
from retrain.enrolment.door import target_of
from retrain.enrolment.forms import SCANS
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import IN_GROUP, State
from retrain.extensions import db
from retrain.files import StoredFile, soundness
from retrain.language import pick
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.models import Person, Teacher
from retrain.people.permissions import Target
from retrain.people.states import Script
from retrain.refusal import NotThere, Refusal, Refused

UNDER_WAY = (RunState.CONFIRMED, RunState.RUNNING, RunState.FINISHED)

Lines = dict[str, str]
"""The lines of a document by their part: the name in each script, the place of work, the post, the course."""


def lines_of(run: Run, group: Sequence[tuple[Enrolment, Person]]) -> dict[int, Lines]:
    """enrolment id → the lines a document issued today would bear, in a bounded number of queries."""
    today, persons = clock.today(people.zone_of(run.provider_id)), [person for _row, person in group]
    latin, cyrillic = (people.whole_names(persons, script) for script in (Script.LATIN, Script.CYRILLIC))
    workplaces = people.organisation_names([row.organisation_id for row, _person in group], today)
    posts = people.posts_on([row.teacher_id for row, _person in group], today)
    return {
        row.id: {
            "name_latin": latin[person.id],
            "name_cyrillic": cyrillic[person.id],
            "workplace": pick(workplaces.get(row.organisation_id or 0), run.language),
            "post": posts.get(row.teacher_id, ""),
            "course": pick(run.version.titles, run.language),
        }
        for row, person in group
    }


def checks_of(enrolment_ids: Sequence[int]) -> dict[int, NameCheck]:
    """enrolment id → what was said of its lines."""
    rows = db.session.scalars(select(NameCheck).where(NameCheck.enrolment_id.in_(enrolment_ids)))
    return {row.enrolment_id: row for row in rows}


def standing(check: NameCheck | None, lines: Lines) -> NameCheckState | None:
    """How the lines stand now: a confirmation of other lines than these is none."""
    if check is None:
        return None
    if check.state is NameCheckState.CONFIRMED and check.lines != lines:
        return None
    return check.state


def own(person_id: int, enrolment_id: int) -> tuple[Run, Enrolment, Person]:
    """One's own enrolment with its run; NotThere for another's, or for who isn't in the group."""
    row = enrolment.enrolment(enrolment_id)
    person = people.teacher(row.teacher_id).person
    if person.id != person_id or row.state not in IN_GROUP:
        raise NotThere(enrolment_id)
    return catalogue.run(enrolment.code_of(row.run_id)), row, person


def to_confirm(person_id: int) -> list[tuple[Run, Enrolment]]:
    """The person's courses under way or just over whose lines they have not found right, before a document is issued."""
    living = select(Certificate.id).where(
        Certificate.enrolment_id == Enrolment.id, Certificate.state.in_(LIVING)
    )
    rows = db.session.execute(
        select(Run, Enrolment, Person)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id)
        .options(joinedload(Run.version))
        .where(
            Person.id == person_id, Enrolment.state.in_(IN_GROUP), Enrolment.state != State.NOT_COMPLETED,
            Run.state.in_(UNDER_WAY), Run.starts_on <= clock.today(), ~living.exists(),
        )
        .order_by(Run.ends_on)
    ).tuples()  # fmt: skip
    found = list(rows)
    checks = checks_of([row.id for _run, row, _person in found]) if found else {}

    def is_open(run: Run, row: Enrolment, person: Person) -> bool:
        check = checks.get(row.id)
        # Lines are put together only where somebody confirmed some: they may be others by now.
        return check is None or standing(check, lines_of(run, [(row, person)])[row.id]) is None

    return [(run, row) for run, row, person in found if is_open(run, row, person)]


@use_case
def confirm(actor: Actor, enrolment_id: int, seen: str) -> NameCheck:
    """The teacher has read the lines with the digest *seen* and finds them right."""
    run, row, person = own(actor.person_id or 0, enrolment_id)
    lines = lines_of(run, [(row, person)])[row.id]
    if why := _refusals_to_say(actor, row, lines, seen):
        raise Refused(why)
    return _said(actor, row, lines, NameCheckState.CONFIRMED, "", None)


@use_case
def ask(
    actor: Actor, enrolment_id: int, seen: str, request: str, paper: BinaryIO | None, name: str
) -> NameCheck:
    """The teacher asks the office to put something right, with a paper that shows it if there is one."""
    run, row, person = own(actor.person_id or 0, enrolment_id)
    lines = lines_of(run, [(row, person)])[row.id]
    why = _refusals_to_say(actor, row, lines, seen)
    if not request.strip():
        why.append(Refusal.of("name-request-missing", field="request"))
    if why:
        raise Refused(why)
    kept = None
    if paper is not None:
        kept = files.keep(
            paper,
            name,
            allowed=SCANS,
            actor=actor,
            purpose="names.paper",
            field="paper",
            faults=soundness.refusals,
        ).id
    return _said(actor, row, lines, NameCheckState.ASKED, request.strip(), kept)


def _refusals_to_say(actor: Actor, row: Enrolment, lines: Lines, seen: str) -> list[Refusal]:
    permissions.require(actor, "names.check", Target(person_id=actor.person_id))
    issued = select(Certificate.id).where(Certificate.enrolment_id == row.id, Certificate.state.in_(LIVING))
    found = []
    if db.session.scalar(issued) is not None:
        found.append(Refusal.of("name-check-closed"))
    if seen != digest(lines):
        found.append(Refusal.of("name-lines-changed"))
    return found


def digest(lines: Lines) -> str:
    """What a page remembers of the lines it showed."""
    return freezing.digest(dict(lines))


def _said(
    actor: Actor, row: Enrolment, lines: Lines, state: NameCheckState, request: str, paper_id: int | None
) -> NameCheck:
    check = checks_of([row.id]).get(row.id)
    before = check.state if check else None
    if state not in NAME_CHECK_MOVES[before]:
        raise ValueError(f"{before} does not become {state}")
    if check is None:
        check = NameCheck(enrolment_id=row.id)
        db.session.add(check)
    check.state, check.lines, check.said_at = state, lines, clock.now()
    check.request, check.paper_id = request, paper_id
    check.answer, check.decided_at, check.decided_by_id = "", None, None
    db.session.flush()
    audit.record(
        actor, f"names.{state}", check, before={"state": before}, after={"state": state, "lines": lines},
        why=request or None,
    )  # fmt: skip
    return check


@use_case
def decide(actor: Actor, check_id: int, state: NameCheckState, answer: str) -> NameCheck:
    """The office corrected the data, or leaves it as it is; the teacher reads why, and can look once more."""
    check = only(select(NameCheck).where(NameCheck.id == check_id), check_id, for_update=True)
    run = db.session.get_one(Run, check.enrolment.run_id)
    permissions.require(actor, "names.decide", Target(provider_id=run.provider_id))
    if check.state is not NameCheckState.ASKED:
        raise Refused(Refusal.of("name-not-asked"))
    if not answer.strip():
        raise Refused(Refusal.of("name-answer-missing", field="answer"))
    check.state, check.answer = state, answer.strip()
    check.decided_at, check.decided_by_id = clock.now(), actor.person_id
    audit.record(
        actor, f"names.{state}", check, before={"state": NameCheckState.ASKED}, after={"state": state},
        why=answer.strip(),
    )  # fmt: skip
    messages.later(
        people.teacher(check.enrolment.teacher_id).person_id, "names.decided",
        {"title": run.version.titles, "answer": answer.strip(), "path": f"/enrolments/{check.enrolment_id}/lines"},
        about=("name_check", check.id), key=f"names.decided:{check.id}:{check.decided_at.isoformat()}",
    )  # fmt: skip
    return check


@use_case
def invite(actor: Actor, code: str) -> int:
    """Everyone of the group who hasn't confirmed their lines is asked to look at them; how many are told.

    Pressed twice on one day, each is told once.
    """
    run = catalogue.run(code)
    permissions.require(actor, "names.decide", Target(provider_id=run.provider_id))
    group = enrolment.group_rows(run)
    lines, checks = lines_of(run, group), checks_of([row.id for row, _person in group])
    today, told = clock.today(), 0
    for row, person in group:
        if standing(checks.get(row.id), lines[row.id]) is None:
            messages.later(
                person.id, "names.check",
                {"title": run.version.titles, "path": f"/enrolments/{row.id}/lines"},
                about=("run", run.id), key=f"names.check:{row.id}:{today.isoformat()}",
            )  # fmt: skip
            told += 1
    audit.record(actor, "names.invited", run, after={"told": told})
    return told


@files.readable("names.paper")
def may_read_paper(actor: Actor, stored: StoredFile) -> bool:
    """A paper about a name is for who brought it and for the office that decides."""
    check = db.session.scalar(select(NameCheck).where(NameCheck.paper_id == stored.id))
    if check is None:
        return False
    run = db.session.get_one(Run, check.enrolment.run_id)
    holder = people.teacher(check.enrolment.teacher_id).person_id
    return holder == actor.person_id or permissions.may(actor, "names.decide", target_of(run))
