"""The timetables of all a provider's runs, rooms or lecturers, bound into one PDF by a worker."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial

from sqlalchemy import ColumnElement, select

from retrain import clock, files, jobs
from retrain.audit import Actor
from retrain.calendar.weeks import monday_of
from retrain.catalogue.models import Run
from retrain.database.use_case import use_case
from retrain.documents import binding
from retrain.documents.timetable_wording import TIMETABLE
from retrain.documents.timetables import Paper, Timetable, timetable_pdf
from retrain.extensions import db
from retrain.jobs.models import Job
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.permissions import Target
from retrain.refusal import Refusal, Refused
from retrain.timetable import printing, queries
from retrain.timetable.models import ClassSession
from retrain.web.language import written_in

JOB = "timetable.print"
PURPOSE = "timetable.print"

LARGEST = 256 * 1024 * 1024

Draw = Callable[[date, date, str, date], Timetable]


class Every(StrEnum):
    """Whose timetables go into one file."""

    RUN = "run"
    ROOM = "room"
    LECTURER = "lecturer"


@dataclass(frozen=True)
class One:
    """One of them: what it is called in the file's list, its classes, and how it is drawn."""

    name: str
    whose: ColumnElement[bool]
    draw: Draw


@use_case
def want(actor: Actor, provider_id: int, every: Every, week: date | None, paper: Paper, lang: str) -> Job:
    """Have them made: of a week, or with None of the whole term. Refused where no class is public."""
    permissions.require(actor, "timetable.print", Target(provider_id=provider_id))
    ours = ClassSession.run_id.in_(select(Run.id).where(Run.provider_id == provider_id))
    if _span(ours, week) is None:
        raise Refused(Refusal.of("nothing-to-print", field="every"))
    asked = {
        "provider": provider_id, "every": every.value, "week": week.isoformat() if week else None,
        "paper": paper.value, "lang": lang,
    }  # fmt: skip
    return jobs.want(JOB, asked, actor=actor)


def make(work: jobs.Work) -> None:
    """Draw one after another and bind them; those without a class are left out."""
    provider_id, lang, paper = work.payload["provider"], work.payload["lang"], Paper(work.payload["paper"])
    permissions.require(work.actor, "timetable.print", Target(provider_id=provider_id))
    week = date.fromisoformat(work.payload["week"]) if work.payload["week"] else None
    every = Every(work.payload["every"])
    ones = _ones(provider_id, every)
    drawn = 0

    def parts() -> Iterator[tuple[str, bytes]]:
        nonlocal drawn
        today = clock.today(people.zone_of(provider_id))
        for done, one in enumerate(ones):
            work.progress(done, len(ones))
            if span := _span(one.whose, week):
                drawn += 1
                yield one.name, timetable_pdf(one.draw(*span, lang, today), paper, lang=lang)
            db.session.rollback()

    with tempfile.TemporaryFile() as bound, written_in(lang):
        pages = binding.bind(parts(), bound, title=TIMETABLE[lang]["title"], lang=lang)
        name = f"timetables-{every.value}s{f'-{week}' if week else ''}.pdf"
        stored = files.keep(
            bound, name, allowed={files.PDF}, limit=LARGEST, actor=work.actor, purpose=PURPOSE, field=None
        )
    work.progress(len(ones), len(ones))
    work.result = {"timetables": drawn, "pages": pages, "url": f"/files/{stored.id}"}


def _span(whose: ColumnElement[bool], week: date | None) -> tuple[date, date] | None:
    """From which day to which they are drawn; None without a class."""
    if week is None:
        return printing.span_of(whose)
    monday = monday_of(week)
    days = monday, monday + timedelta(days=6)
    return days if printing.span_of(whose, *days) else None


def _ones(provider_id: int, every: Every) -> list[One]:
    """Those whose timetables may be asked for, in the order of their lists."""
    if every is Every.RUN:
        return [One(run.code, ClassSession.run_id == run.id, partial(printing.of_run, run))
                for run in printing.runs_of(provider_id)]  # fmt: skip
    if every is Every.ROOM:
        return [One(room.name, ClassSession.room_id == room.id, partial(printing.of_room, room))
                for room in queries.rooms(provider_id)]  # fmt: skip
    people_of = [person for _number, person in printing.lecturers_of(provider_id)]
    names = people.display_names([person.id for person in people_of])
    return [
        One(names[person.id], printing.taught_for(provider_id, person.id),
            partial(printing.of_lecturer, person, provider_id))
        for person in people_of
    ]  # fmt: skip
