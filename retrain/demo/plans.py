"""Plans of the year: the home college's, those of one region's colleges, and some others'."""

from collections.abc import Mapping
from datetime import date
from random import Random

from retrain.catalogue.states import CourseState
from retrain.demo.country import Country, moment
from retrain.demo.rows import Row
from retrain.demo.runs import Held
from retrain.demo.staff import CENTRE, HOME
from retrain.enrolment.models import Enrolment
from retrain.people.states import RoleKind
from retrain.planning.models import PlanItem

FORESEEN = 0.8
"""Of those who went to a run this year, so many were planned for it."""

WITHOUT_RUN, AT_HOME = 0.12, 0.5
"""Of the others, so many are in a plan without a run so far; more of the home college's, where people look."""


def make(country: Country, offered: Mapping[str, Row], runs: list[Held], people: list[Row]) -> None:
    """Lines for who went, most in the month of the run, and for some who didn't go or will go."""
    chance = country.chance("plans")
    year = country.today.year
    held = {run.row["id"]: run for run in runs if run.first.year == year}
    went: dict[int, Row] = {}
    for each in country.rows.of(Enrolment):
        if each["run_id"] in held:
            went.setdefault(each["teacher_id"], each)
    given = [course for course in offered.values() if course["course"]["state"] == CourseState.PUBLISHED]
    for teacher in people:
        if not _plans(country, teacher["college"]):
            continue
        row = went.get(teacher["id"])
        if row is not None and row["organisation_id"] == teacher["college"]["id"]:
            if chance.random() < FORESEEN:
                run = held[row["run_id"]]
                month = min(12, max(1, run.first.month + chance.choice((-1, 0, 0, 0, 1))))
                _line(country, chance, teacher, run.course, month, row)
        elif chance.random() < (AT_HOME if teacher["college"]["code"] == HOME else WITHOUT_RUN):
            month = min(12, max(1, country.today.month + chance.randint(-2, 3)))
            _line(country, chance, teacher, _fitting(chance, given, teacher), month, None)


def _plans(country: Country, college: Row) -> bool:
    region = country.organisations[CENTRE]["region"]
    return college["code"] == HOME or college["region"] == region or college["id"] % 4 == 0


def _fitting(chance: Random, courses: list[Row], teacher: Row) -> Row:
    """A course for the teacher's speciality when there is one."""
    mine = set(teacher["row"]["specialities"])
    found = [each for each in courses if mine.intersection(each["version"]["audience"])]
    return chance.choice(found or courses)


def _line(
    country: Country, chance: Random, teacher: Row, course: Row, month: int, enrolment: Row | None
) -> None:
    """Written by the college's HR office in the first weeks of the year, or last week in a young year."""
    college = teacher["college"]
    hr = country.actors[college["code"], RoleKind.COLLEGE_HR]
    at = min(moment(date(country.today.year, 2, 2), 10, chance.randrange(60)), country.now)
    line = country.rows.add(
        PlanItem, organisation_id=college["id"], teacher_id=teacher["id"], course_id=course["course"]["id"],
        year=country.today.year, month=month, created_at=at, created_by_id=hr["person"]["id"],
        enrolment_id=enrolment["id"] if enrolment and enrolment["nomination_id"] else None,
    )  # fmt: skip
    after = {
        "teacher": teacher["id"], "course": course["course"]["id"], "year": line["year"], "month": month,
    }  # fmt: skip
    country.happened(at, "plan_item.added", ("plan_item", line["id"]), hr, after=after)
