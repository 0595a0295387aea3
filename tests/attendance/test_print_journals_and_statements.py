"""Journals, month sheets and statements: one set of tables on paper and in the spreadsheet, in the provider's look."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from retrain.attendance import service
from retrain.attendance.rules import Marked
from retrain.attendance.sheets import hours_sheet, sheets
from retrain.attendance.sheets.states import COLUMNS, USUAL, SheetKind, in_order
from retrain.attendance.states import MarkKind
from retrain.people.states import RoleKind
from retrain.timetable import service as timetable
from tests import scenario
from tests.attendance.first_morning import first_morning
from tests.scenario import Country


def taught(clock) -> Country:
    """Two classes held, the second by somebody else; a third over and not signed; the fourth called off."""
    country = first_morning(clock)
    other = scenario.role(scenario.person("Yusupov", "Anvar"), RoleKind.LECTURER, country.provider)
    timetable.add_lecturer(country.coordinator, country.provider.id, other.person_id)
    first, second, third = (row.id for row in country.enrolments)
    for number, who in enumerate((country.lecturer.person_id, other.person_id)):
        meeting = country.sessions[number]
        clock.set(meeting.ends_at)
        marks = [
            Marked(first, MarkKind.PRESENT),
            Marked(second, MarkKind.LATE, 45),
            Marked(third, MarkKind.EXCUSED, reason="14") if number else Marked(third, MarkKind.ABSENT),
        ]
        service.save_marks(country.coordinator, meeting.id, marks, "Chok turlari")
        service.sign(country.coordinator, meeting.id, who)
    timetable.cancel_session(country.coordinator, country.sessions[3].id, "no power")
    clock.set(country.sessions[3].ends_at + timedelta(days=1))
    country.other = other
    return country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(taught)


def test_the_journal_has_marks_topics_hours_and_who_taught(country, app):
    office = scenario.signed_in(app, country.coordinator)
    answer = office.get(f"/manage/runs/{country.run.code}/sheets/journal.xlsx?lang=en")
    book = load_workbook(BytesIO(answer.data))
    marks, classes = book.worksheets
    assert [[cell.value for cell in row][2:] for row in marks.iter_rows(min_row=2)] == [
        ["+", "+"], ["l 1", "l 1"], ["−", "e"],
    ]  # fmt: skip
    rows = [[cell.value for cell in row] for row in classes.iter_rows(min_row=2)]
    assert [row[2] for row in rows] == ["Chok turlari", "Chok turlari"]
    assert [row[4] for row in rows] == [2, 2]
    assert ["Nodirov" in rows[0][5], "Yusupov" in rows[1][5]] == [True, True]
    pdf = office.get(f"/manage/runs/{country.run.code}/sheets/journal.pdf?lang=uz")
    assert pdf.data[:4] == b"%PDF"


def test_the_month_sheet_has_people_by_days_and_hours_missed(country, app):
    office = scenario.signed_in(app, country.coordinator)
    answer = office.get(f"/manage/runs/{country.run.code}/sheets/month.xlsx?lang=en&month=2026-09")
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(answer.data)).active.iter_rows()]
    assert rows[0][2:4] == ["14", "15"]
    assert [row[-2:] for row in rows[1:]] == [[0, 0], [2, 0], [2, 2]]


def test_the_statement_sums_up(country, app):
    office = scenario.signed_in(app, country.coordinator)
    answer = office.get(f"/manage/runs/{country.run.code}/sheets/statement.xlsx?lang=en")
    rows = [
        [cell.value for cell in row]
        for row in load_workbook(BytesIO(answer.data)).active.iter_rows(min_row=2)
    ]
    assert [row[3:7] for row in rows] == [[4, 4, 0, 0], [4, 2, 2, 0], [4, 0, 2, 2]]
    assert office.get(f"/manage/runs/{country.run.code}/sheets/statement.pdf").data[:4] == b"%PDF"


def test_a_lecturers_month_explains_every_difference_from_the_plan(country, app):
    first, last = date(2026, 9, 1), date(2026, 9, 30)
    with app.test_request_context("/?lang=en"):
        rows = hours_sheet.taught(
            country.lecturer.person_id, country.provider.id, first, last, date(2026, 9, 20)
        )
        told = [(row.planned // 45, row.held // 45, row.why) for row in rows]
        theirs = hours_sheet.taught(
            country.other.person_id, country.provider.id, first, last, date(2026, 9, 20)
        )
    assert [pair[:2] for pair in told] == [(2, 2), (2, 0), (2, 0), (2, 0)]
    assert [told[0][2], told[1][2], told[2][2], told[3][2]] == [
        "", "taught by Yusupov Anvar", "register not signed", "cancelled",
    ]  # fmt: skip
    assert [(row.planned, row.held // 45, row.why) for row in theirs] == [(0, 2, "in place of Nodirov Bek")]
    own = scenario.signed_in(app, country.lecturer)
    page = own.get("/manage/hours?lang=en&month=2026-09").text
    assert "Planned: 8, held: 2." in page
    assert own.get("/manage/hours.pdf?month=2026-09").data[:4] == b"%PDF"
    sums = load_workbook(BytesIO(own.get("/manage/hours.xlsx?lang=en&month=2026-09").data)).worksheets[1]
    assert [cell.value for cell in list(sums.iter_rows())[-1]] == ["In all", 8, 2, -6]


def test_a_lecturer_sees_no_other_lecturers_hours(country, app):
    own = scenario.signed_in(app, country.lecturer)
    page = own.get(f"/manage/hours?lang=en&month=2026-09&person={country.other.person_id}").text
    assert "in place of" not in page
    office = scenario.signed_in(app, country.coordinator)
    assert office.get("/manage/hours?person=1").status_code == 403, "nobody who may teach here"


def test_a_template_has_a_name_its_columns_and_who_signs(country, app):
    office = scenario.signed_in(app, country.coordinator)
    typed = {"name": "Vazirlik shakli", "title": "DAVOMAT", "place-name": "1", "place-missed": "2", "place-due": "3",
             "signers": "Kafedra mudiri\nDekan", "foot": "M.O‘."}  # fmt: skip
    assert office.post("/manage/sheets/statement", data=typed).status_code == 303
    page = office.get(f"/manage/runs/{country.run.code}/sheets?lang=en").text
    number = page.partition("Vazirlik shakli")[0].rpartition('value="')[2].partition('"')[0]
    answer = office.get(f"/manage/runs/{country.run.code}/sheets/statement.xlsx?lang=en&template={number}")
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(answer.data)).active.iter_rows()]
    assert rows[0] == ["Name", "Missed", "Hours due"]
    assert (
        office.get(f"/manage/runs/{country.run.code}/sheets/statement.pdf?template={number}").data[:4]
        == b"%PDF"
    )
    assert "of that name already" in office.post("/manage/sheets/statement?lang=en", data=typed).text
    empty = office.post("/manage/sheets/statement?lang=en", data={"name": " "}).text
    assert "Give the template a name." in empty
    assert "Give at least one column a place." in empty
    other = scenario.organisation("SDU", country.provider.kind, "Boshqa universitet")
    stranger = scenario.signed_in(app, scenario.role(scenario.person("Begona"), RoleKind.COORDINATOR, other))
    assert stranger.get(f"/manage/sheets/statement?template={number}").status_code == 404
    office.post("/manage/sheets/statement", data={"template": number, "delete": "1"})
    assert office.get(f"/manage/sheets/statement?template={number}").status_code == 404


def test_every_usual_column_is_one_of_those_listed():
    for kind in SheetKind:
        assert set(USUAL[kind]) <= set(COLUMNS[kind])
    assert in_order(SheetKind.MONTH, {"missed": 1, "name": 2, "nonsense": 3}) == ["missed", "name"]
    assert sheets.Look.of(SheetKind.MONTH, None).columns == USUAL[SheetKind.MONTH]
