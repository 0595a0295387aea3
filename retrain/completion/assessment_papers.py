"""Statements and protocols as their printed pages want them, out of what was frozen when they were closed."""

from typing import Any

from retrain.catalogue.models import Run
from retrain.completion import commission_queries, sheets
from retrain.completion.commission_models import Sitting
from retrain.completion.models import Assessment
from retrain.completion.states import Purpose
from retrain.completion.wording import grade
from retrain.documents import results as printed
from retrain.language import pick
from retrain.language.transliteration import in_letters_of
from retrain.orders import lists, person_papers
from retrain.people import queries as people
from retrain.people import settings
from retrain.refusal import NotThere


def statement(run: Run, row: Assessment, attempt: int, language: str) -> printed.StatementPaper:
    """The closed statement of an attempt with its corrections, or the open one as it stands."""
    grid = sheets.grid(run)
    known = next((each for each in sheets.statements(row.id) if each.attempt == attempt), None)
    if known is None and attempt != grid.attempt(row):
        raise NotThere
    changes = {
        each.enrolment_id: each for each in reversed(sheets.corrections(row.id)) if each.attempt == attempt
    }
    lines = known.lines if known else _open(grid, row, attempt)
    words = settings.get(run.provider_id, "grade_words", run.ends_on)
    names = people.display_names([row.examiner_id, row.second_examiner_id])
    closed = known.closed_at.astimezone(people.zone_of(run.provider_id)).date() if known else None
    return printed.StatementPaper(
        course=person_papers.course_of(run, language),
        title=pick(row.titles, language),
        final=row.kind == "final",
        attempt=attempt,
        needed=row.pass_mark,
        day=closed,
        two=row.second_examiner_id is not None,
        lines=tuple(_line(each, changes.get(each["enrolment"]), words, language) for each in lines),
        examiners=tuple(
            in_letters_of(names.get(number, ""), language)
            for number in (row.examiner_id, row.second_examiner_id)
            if number
        ),
    )


def _open(grid: sheets.Grid, row: Assessment, attempt: int) -> list[dict[str, Any]]:
    sat = grid.sitting(row, attempt)
    rows = [each for each in person_papers.group_rows(grid.run) if each.id in sat]
    known, found = lists.lines(grid.run, rows), []
    for each in rows:
        result = grid.attempts.get((row.id, each.id, attempt))
        points = result.points if result else None
        more = {"first": result.first_points, "second": result.second_points} if result else {}
        found.append(known[each.id] | {"points": points} | more)
    return found


def _line(line: dict[str, Any], change: Any, words: Any, language: str) -> printed.ResultLine:
    points = change.became if change else line["points"]
    return printed.ResultLine(
        name=name_in(line, language),
        workplace=pick(line["workplaces"], language),
        points=points,
        word=grade(words, points, language),
        first=line.get("first"),
        second=line.get("second"),
        corrected=(line["points"], change.why) if change else None,
    )


def name_in(line: dict[str, Any], language: str) -> str:
    """A frozen line's name in the letters of the language."""
    names = line["names"]
    return names.get(people.script_of(language).value) or next(iter(names.values()), "")


def protocol(run: Run, sitting: Sitting, purpose: Purpose, language: str) -> printed.ProtocolPaper:
    """The protocol of a session, closed or still open; who has left the group since stands there as well."""
    known = commission_queries.said_of(run, sitting)
    words = settings.get(run.provider_id, "grade_words", run.ends_on)
    order = commission_queries.order_of(run, sitting.closed_at)
    sat = commission_queries.sat(sitting)
    return printed.ProtocolPaper(
        course=person_papers.course_of(run, language),
        appeal=purpose is Purpose.APPEAL,
        number=commission_queries.protocol_of(sitting),
        day=sitting.held_on,
        order=order,
        members=tuple(
            printed.MemberLine(
                each.seat.value,
                in_letters_of(each.name, language),
                in_letters_of(each.post, language),
                each.present,
            )
            for each in sat
        ),
        voting=sum(each.votes for each in sat),
        came=sum(each.votes and each.present for each in sat),
        lines=tuple(
            printed.DecisionLine(
                name=name_in(known[line.enrolment_id], language),
                title=line.title,
                votes=(line.votes_for, line.votes_against, line.abstained),
                carried=commission_queries.vote_of(line, sitting).carried,
                points=line.points,
                word=grade(words, line.points, language),
                note=line.note,
            )
            for line in sitting.lines
        ),
    )
