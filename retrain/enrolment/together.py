"""Many people who get their places at once: the desk's checks for each, and a few statements for all of them.

One by one each person costs the desk some ten statements. Here what they are judged by is read for everybody,
each is judged after the other against counts kept in hand, and everything is written at the end.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from retrain import audit, clock
from retrain.audit import Actor
from retrain.database import hot
from retrain.enrolment import counters, desk, quota_rules, reading_people, reading_runs
from retrain.enrolment.models import Enrolment
from retrain.enrolment.quota_rules import Taking
from retrain.enrolment.reading_people import TeacherAtDesk
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import Source, State
from retrain.refusal import Refused

Coming = Sequence[tuple[RunAtDesk, Sequence[TeacherAtDesk]]]
"""Runs with those who come onto each, in the order in which they are served."""


class NoPlace(Exception):
    """Somebody would come onto the run, but not at once into a place: nothing was written."""

    def __init__(self, run_code: str) -> None:
        super().__init__(run_code)
        self.run_code = run_code


def read(wanted: Mapping[str, Sequence[int]]) -> Coming:
    """The runs with these codes, and who comes onto each, by number. Nobody comes onto two."""
    runs = reading_runs.runs_at_desk(wanted)
    people = {
        person.id: person
        for person in reading_people.teachers_at_desk(
            [each for numbers in wanted.values() for each in numbers]
        )
    }
    coming = [(run, [people[number] for number in wanted[run.facts.code]]) for run in runs]
    reading_people.read_all(coming)
    return coming


def admit_all(actor: Actor, coming: Coming, source: Source) -> dict[int, int]:
    """Give each of them a place: teacher id → enrolment id. All or none.

    Called while teachers and runs are held. Raises Refused with every reason against the first who may not come,
    and NoPlace. Telling them is the caller's, who knows how they came.
    """
    now, rows = clock.now(), []
    traces: dict[int, dict[str, Any]] = {}
    seated: dict[int, list[Taking]] = {}
    for run, people in coming:
        if run.waiting:
            desk.pass_on(actor, run)  # no newcomer goes past those who wait
        seated[run.id] = []
        for person in people:
            taking = _place(run, person, source, now)
            seated[run.id].append(taking)
            rows.append(_row(run, person, taking, source, now))
            traces[person.id] = desk.trace(run, State.ENROLLED, None, source)
    if short := counters.take_many(seated):
        raise NoPlace(next(run.facts.code for run, _people in coming if run.id in short))
    made = _written(rows)
    audit.record_many(
        actor, "enrolment.created", [(("enrolment", made[number]), said) for number, said in traces.items()]
    )
    return made


def _place(run: RunAtDesk, person: TeacherAtDesk, source: Source, now: datetime) -> Taking:
    """What the person's place is taken from, as the desk decides it."""
    if why := desk.against(run, person, source):
        raise Refused(why)
    taking = quota_rules.take(run.places, person.groups, now)
    if not isinstance(taking, Taking) or desk.missing_sides(run, person, source):
        raise NoPlace(run.facts.code)
    counters.seat(run, taking)
    return taking


def _row(
    run: RunAtDesk, person: TeacherAtDesk, taking: Taking, source: Source, now: datetime
) -> dict[str, Any]:
    return {
        **desk.arrival(run, person, source, now),
        "state": State.ENROLLED,
        "since": run.facts.day(now),
        "taken_from": list(taking.quotas),
    }


def _written(rows: Sequence[dict[str, Any]]) -> dict[int, int]:
    """teacher id → the number of the row that was inserted for them."""
    if not rows:
        return {}
    statement = insert(Enrolment.__table__).returning(Enrolment.teacher_id, Enrolment.id)
    return dict(hot.execute(statement, rows).tuples().all())
