"""A college's page: who is due, who is going, who is missing."""

from datetime import date, timedelta
from io import BytesIO
from statistics import quantiles
from time import process_time

import openpyxl
import pytest

from retrain import clock
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.language.keys import search_key, sort_key
from retrain.people.models import Employment, Person, Teacher
from tests.harness.statements import counted


@pytest.fixture
def staff(teachers, trained, run, plan):
    """Overdue and missing, overdue and going, soon and planned, soon and missing, not due."""
    for teacher, on in zip(
        teachers,
        (date(2023, 1, 10), date(2023, 2, 10), date(2023, 11, 10), date(2024, 1, 10), date(2025, 9, 1)),
        strict=True,
    ):
        trained(teacher, on)
    enrolment.enrol_self(teachers[1].actor, run.code)
    plan(teachers[2:3], run, 10)
    return teachers


def row_of(page: str, family: str) -> str:
    return next(row for row in page.split("<tr") if family in row)


def test_who_is_due_who_is_going_who_is_missing(office, staff, run):
    page = office.browser.get("/college").text
    assert "5 teachers: 2 overdue, 2 due within six months; 1 on a run, 1 in the plan, 2 missing." in page
    overdue = row_of(page, "Aliyev")
    assert "overdue" in overdue
    assert "missing" in overdue
    assert "row-problem" in overdue
    going = row_of(page, "Boboyev")
    assert run.code in going
    assert "has a place" in going
    assert "row-problem" not in going
    assert "Welding, October 2026" in row_of(page, "Dadayev")
    assert "nothing to do" in row_of(page, "Fayziyev")
    assert page.index("Aliyev") < page.index("Boboyev") < page.index("Dadayev")


@pytest.mark.parametrize(
    ("query", "families"),
    [
        ("standing=missing", ["Aliyev", "Ergashev"]),
        ("due=overdue", ["Aliyev", "Boboyev"]),
        ("due=soon&standing=planned", ["Dadayev"]),
        ("q=fayz", ["Fayziyev"]),
        ("sort=-name", ["Fayziyev", "Ergashev", "Dadayev", "Boboyev", "Aliyev"]),
        ("sort=going", ["Boboyev", "Aliyev", "Dadayev", "Ergashev", "Fayziyev"]),
        ("q=nobody", []),
    ],
)
def test_found_and_sorted(office, staff, query, families):
    page = office.browser.get(f"/college?{query}").text
    found = sorted((family for family in ("Aliyev", "Boboyev", "Dadayev", "Ergashev", "Fayziyev")
                    if f'aria-label="Choose {family}' in page), key=page.index)  # fmt: skip
    assert found == families


def test_taken_away_as_a_workbook(office, staff, run):
    book = openpyxl.load_workbook(BytesIO(office.browser.get("/college.xlsx?due=overdue").data))
    rows = list(book.active.values)
    assert len(rows) == 3
    assert rows[1][0].startswith("Aliyev")
    assert rows[1][4:6] == ("overdue", "missing")
    assert rows[2][6] == run.code


def test_the_chosen_go_on_to_a_run(office, staff, run):
    numbers = [str(each.teacher_id) for each in staff[3:5]]
    page = office.browser.post("/college/nominate", data={"teachers": numbers}, follow_redirects=True).text
    assert "2 teachers are chosen. Now choose the run." in page
    page = office.browser.post("/college/nominate", follow_redirects=True).text
    assert "Choose at least one person." in page


def test_another_colleges_people_are_not_shown(office, staff, make_teacher, other_college):
    make_teacher("Begona", at=other_college)
    assert "Begona" not in office.browser.get("/college").text


def test_what_waits_for_the_college_says_so(office, staff, run, plan):
    plan(staff[4:5], run, 9)
    page = office.browser.get("/").text
    assert "2 teachers are due, and neither on a run nor in the plan" in page
    assert "1 line of this month&#39;s plan is not nominated yet" in page


def test_a_line_that_was_completed_is_no_plan_any_more(office, staff, run, plan):
    """Planned for October, completed in September."""
    enrolment.enrol_self(staff[2].actor, run.code)
    db.session.scalars(
        db.select(Enrolment).where(Enrolment.teacher_id == staff[2].teacher_id)
    ).one().state = State.COMPLETED
    db.session.commit()
    assert "missing" in row_of(office.browser.get("/college").text, "Dadayev")


def many(college_id: int, number: int) -> None:
    """So many more teachers, begun on different days."""
    for each in range(number):
        name = f"Xodim{each:03} Anvar"
        person = Person(
            family=f"Xodim{each:03}", given="Anvar", search_key=search_key(name), sort_key=sort_key(name),
            created_at=clock.now(),
        )  # fmt: skip
        teacher = Teacher(
            person=person, document_country="KZ", document_number=f"X{each:07}", created_at=clock.now(),
            specialities=["Payvandlash"],
        )  # fmt: skip
        since = date(2023, 1, 1) + timedelta(days=each * 3)
        teacher.employments = [Employment(organisation_id=college_id, post="o‘qituvchi", since=since)]
        db.session.add(teacher)
    db.session.commit()


def test_four_hundred_teachers_cost_few_queries(office, staff, college):
    with counted() as few:
        office.browser.get("/college")
    many(college, 400)
    with counted() as sent:
        page = office.browser.get("/college").text
    assert "405 teachers" in page
    assert "All 405 that match" in page
    assert len(sent) == len(few)
    assert len(sent) <= 15
    with counted() as sent:
        assert office.browser.get("/college?page=9").status_code == 200
    assert len(sent) <= 15


def test_four_hundred_teachers_are_shown_at_once(office, staff, college):
    """The server's own work, p95: what else runs on the machine of the tests is not counted."""
    many(college, 400)
    office.browser.get("/college")
    taken = []
    for _ in range(20):
        begun = process_time()
        office.browser.get("/college")
        taken.append(1000 * (process_time() - begun))
    assert quantiles(taken, n=20)[18] < 150
