"""Timetables to hang on the wall: a page that leads to them, and the PDFs themselves in four languages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import ColumnElement

from retrain import clock, files
from retrain.calendar.weeks import monday_of
from retrain.catalogue import queries as catalogue
from retrain.documents import pdf
from retrain.documents.timetables import Paper, Timetable, timetable_pdf
from retrain.extensions import db
from retrain.language import CODES
from retrain.people import permissions
from retrain.people import queries as people
from retrain.people.access import allow
from retrain.people.acting import current_actor
from retrain.people.models import Person
from retrain.people.permissions import Target
from retrain.refusal import NotThere
from retrain.timetable import bundles, own, premises, printing, queries
from retrain.timetable.bundles import Every
from retrain.timetable.door import bp
from retrain.timetable.models import ClassSession, Lecturer
from retrain.web.downloads import made_file
from retrain.web.language import LANGUAGES, current_language, readers_today, written_in
from retrain.web.requests import day_of, whole

Draw = Callable[[date, date, str], Timetable]


@dataclass(frozen=True)
class Asked:
    """How a timetable is wanted; the address says it."""

    week: date | None
    paper: Paper
    lang: str

    @classmethod
    def read(cls) -> "Asked":
        """A week when one is named, else all; A4 and the reader's language when nothing is said."""
        paper = Paper.A3 if request.values.get("paper") == Paper.A3 else Paper.A4
        lang = request.values.get("in", current_language())
        return cls(day_of(request.values.get("week")), paper, lang if lang in CODES else "uz")

    def span(self, whose: ColumnElement[bool], today: date) -> tuple[date, date]:
        """From which day to which: the week named, or from the first class to the last."""
        if self.week is None:
            return printing.span_of(whose) or (today, today)
        monday = monday_of(self.week)
        return monday, monday + timedelta(days=6)


@bp.get("/manage/timetables")
@allow("timetable.print")
def timetables() -> Any:
    """Whose timetable, which days, which paper: answered by a PDF."""
    provider_id = current_actor().organisation_id or 0
    if url := _chosen():
        return redirect(url, 303)
    monday = monday_of(readers_today())
    weeks = [monday + timedelta(days=7 * number) for number in range(-1, 9)]
    return render_template(
        "timetable/timetables.html", runs=printing.runs_of(provider_id), rooms=queries.rooms(provider_id),
        lecturers=_lecturers(provider_id), weeks=weeks, this_week=monday,
        paper_languages=LANGUAGES, can_print=pdf.available(),
    )  # fmt: skip


def _chosen() -> str | None:
    """The address of the PDF that the form asks for."""
    kind, _separator, name = request.args.get("of", "").partition(":")
    kept = {key: request.args.get(key) for key in ("week", "paper", "in")}
    values = {key: value for key, value in kept.items() if value}
    if kind == "run" and name:
        return url_for(".run_sheet", code=name, **values)  # type: ignore[arg-type]
    if kind == "room" and whole(name):
        return url_for(".room_sheet", room_id=whole(name), **values)  # type: ignore[arg-type]
    if kind == "lecturer" and whole(name):
        return url_for(".lecturer_sheet", lecturer_id=whole(name), **values)  # type: ignore[arg-type]
    return None


def _lecturers(provider_id: int) -> list[dict[str, Any]]:
    rows = printing.lecturers_of(provider_id)
    names = people.display_names([person.id for _number, person in rows])
    return [{"id": number, "name": names[person.id]} for number, person in rows]


@bp.post("/manage/timetables")
@allow("timetable.print")
def print_all() -> Any:
    """Have those of all runs, rooms or lecturers made as one PDF."""
    actor, asked = current_actor(), Asked.read()
    every = Every(kind) if (kind := request.form.get("every")) in set(Every) else Every.RUN
    job = bundles.want(actor, actor.organisation_id or 0, every, asked.week, asked.paper, asked.lang)
    return redirect(url_for("jobs.show", job_id=job.id), 303)


@bp.get("/manage/runs/<code>/timetable.pdf")
@allow("timetable.print")
def run_sheet(code: str) -> Any:
    """A run's timetable on paper."""
    run = catalogue.run(code)
    permissions.require(
        current_actor(), "timetable.print", Target(provider_id=run.provider_id, curator_id=run.curator_id)
    )
    today = clock.today(people.zone_of(run.provider_id))
    whose = ClassSession.run_id == run.id
    return _printed(
        whose, today, lambda first, last, lang: printing.of_run(run, first, last, lang, today), code
    )


@bp.get("/rooms/<int:room_id>/timetable.pdf")
@allow("timetable.print")
def room_sheet(room_id: int) -> Any:
    """A room's timetable on paper: for its door."""
    room = premises.own_room(current_actor(), room_id, "timetable.print")
    today = clock.today(people.zone_of(room.provider_id))
    whose = ClassSession.room_id == room.id
    return _printed(
        whose,
        today,
        lambda first, last, lang: printing.of_room(room, first, last, lang, today),
        f"room-{room_id}",
    )


@bp.get("/lecturers/<int:lecturer_id>/timetable.pdf")
@allow("timetable.print")
def lecturer_sheet(lecturer_id: int) -> Any:
    """What a lecturer teaches for the provider, on paper."""
    row = db.session.get(Lecturer, lecturer_id)
    if row is None:
        raise NotThere(lecturer_id)
    permissions.require(current_actor(), "timetable.print", Target(provider_id=row.provider_id))
    person, provider_id = db.session.get_one(Person, row.person_id), row.provider_id
    today = clock.today(people.zone_of(provider_id))
    whose = printing.taught_for(provider_id, person.id)
    return _printed(
        whose, today, lambda first, last, lang: printing.of_lecturer(person, provider_id, first, last, lang, today),
        f"lecturer-{lecturer_id}",
    )  # fmt: skip


@bp.get("/week.pdf")
@allow("week.see")
def own_sheet() -> Any:
    """One's own week, or all one teaches and learns, on paper."""
    person = db.session.get_one(Person, current_actor().person_id)
    today = readers_today()
    return _printed(
        own.of_person(person.id), today,
        lambda first, last, lang: printing.of_person(person, first, last, lang, today), "week",
    )  # fmt: skip


def _printed(whose: ColumnElement[bool], today: date, draw: Draw, name: str) -> Any:
    asked = Asked.read()
    first, last = asked.span(whose, today)
    with written_in(asked.lang):
        content = timetable_pdf(draw(first, last, asked.lang), asked.paper, lang=asked.lang)
    return made_file(content, f"timetable-{name}.pdf", files.PDF, shown=True)
