"""The administrator enters the classifier of specialities; teachers read what it calls related."""

from datetime import date

import pytest
from sqlalchemy import select

from retrain.catalogue.models import CourseVersion
from retrain.extensions import db
from retrain.people.models import Setting, Teacher
from tests.harness.actors import organisation, somebody

LIST = "40611 Informatika\n40613\tDasturlash\n\n40811 Agronomiya\n"
TYPED = {"valid_from": "2026-01-01", "level_digits": "1", "field_digits": "3", "source": "ISCED-F 2013"}


@pytest.fixture
def administrator(app):
    return somebody(app, "administrator", organisation("MIN", "Vazirlik", "ministry"))


@pytest.fixture
def programmers(run):
    """The run of a course for those who teach programming, by a speciality that is related at worst."""
    version = db.session.scalars(select(CourseVersion)).one()
    version.audience = ["Dasturlash"]
    run.policy = {**run.policy, "conditions": {"worst_match": "related"}}
    db.session.commit()
    return run


def teaches(teacher, *specialities):
    db.session.scalars(
        select(Teacher).where(Teacher.person_id == teacher.person_id)
    ).one().specialities = list(specialities)
    db.session.commit()


def test_related_is_said_and_lets_in_once_there_is_a_classifier(
    administrator, programmers, teachers, standings
):
    page, desk = f"/runs/{programmers.code}?lang=en", administrator.browser
    teaches(teachers[0], "Informatika")
    assert "You: Informatika. None of it fits “Dasturlash”." in teachers[0].browser.get(page).text
    saved = desk.post("/admin/settings/classifier", data=TYPED | {"classifier": LIST})
    assert saved.status_code == 303
    assert "3 specialities" in desk.get("/admin/settings?lang=en").text
    said = teachers[0].browser.get(page).text
    assert "You: “Informatika”, which the classifier calls related to “Dasturlash” (field 061)." in said
    teachers[0].browser.post(f"/runs/{programmers.code}/enrol")
    assert standings(programmers) == [("Aliyev", "enrolled")]
    teaches(teachers[1], "Agronomiya")
    assert "None of it fits" in teachers[1].browser.get(page).text
    teachers[1].browser.post(f"/runs/{programmers.code}/enrol")
    assert standings(programmers) == [("Aliyev", "enrolled")]


def test_what_was_entered_is_shown_again_and_holds_from_its_day(administrator, programmers, teachers):
    desk = administrator.browser
    desk.post("/admin/settings/classifier", data=TYPED | {"classifier": LIST, "valid_from": "2026-12-01"})
    kept = db.session.scalars(select(Setting).where(Setting.key == "classifier")).one()
    assert kept.valid_from == date(2026, 12, 1)
    assert kept.value["specialities"][1] == {"code": "40613", "name": "Dasturlash"}
    teaches(teachers[0], "Informatika")
    assert "None of it fits" in teachers[0].browser.get(f"/runs/{programmers.code}?lang=en").text
    assert "ISCED-F 2013" in desk.get("/admin/settings/classifier").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            "Informatika",
            "“Informatika”: write the code, a space and the name; the code has at least 4 digits.",
        ),
        ("406 Informatika", "“406 Informatika”: write the code"),
        ("40611 Fizika\n40533 fizika", "“Fizika” stands twice in the list."),
    ],
)
def test_a_list_that_says_nothing_is_refused_in_words(administrator, typed, words):
    desk = administrator.browser
    answer = desk.post("/admin/settings/classifier?lang=en", data=TYPED | {"classifier": typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(select(Setting)).all() == []


def test_hours_of_three_years_are_set_with_their_source(administrator, teachers):
    assert "of 144 hours in three years" in teachers[0].browser.get("/?lang=en").text
    typed = {"valid_from": "2026-01-01", "cycle_hours": "72", "source": "VM 106-son, 5-band"}
    assert administrator.browser.post("/admin/settings/cycle_hours", data=typed).status_code == 303
    assert "0 of 72 hours in three years, 72 hours short" in teachers[0].browser.get("/?lang=en").text
    assert "VM 106-son, 5-band" in administrator.browser.get("/admin/settings").text
