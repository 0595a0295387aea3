"""A course says who may come: typed by the coordinator, read by everyone, held at the door."""

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from retrain.audit.models import AuditEntry
from retrain.catalogue import queries as catalogue
from retrain.catalogue import service as courses
from retrain.catalogue.forms import course_data
from retrain.catalogue.wording import GRADES, GROUNDS
from retrain.enrolment import conditions, eligibility, service
from retrain.extensions import db
from retrain.people.models import Teacher
from retrain.refusal import Refused
from tests.harness.actors import somebody

ASKED = {
    "worst_match": "related", "audience": "Payvandlash", "staff_kinds": ["head", "teacher"], "categories": "oliy, 1-toifa ",
    "years_from": "3", "years_to": "", "due_within_months": "0", "ask_language": "y", "distance_grounds": ["disability"],
}  # fmt: skip


def typed(code: str, **changed) -> MultiDict:
    """The form of the course as the page shows it, with these answers."""
    version = catalogue.course(code).versions[-1]
    data = course_data(catalogue.plan_of(catalogue.with_modules(version.id)))
    found = MultiDict(
        {name: value for name, value in data.items() if isinstance(value, str | int) and value is not False}
    )
    for name in ("languages", "grounds", "staff_kinds", "distance_grounds"):
        found.setlist(name, data.get(name) or [])
    for at, module in enumerate(data["modules"]):
        found[f"modules-{at}-uz"] = module["uz"]
        for number, topic in enumerate(module["topics"]):
            for name in ("uz", "kind", "hours"):
                found[f"modules-{at}-topics-{number}-{name}"] = str(topic[name])
    for name, value in changed.items():
        found.setlist(name, value if isinstance(value, list) else [value])
    found["seen"] = catalogue.stamp(version)
    return found


@pytest.fixture
def course(run):
    return catalogue.run(run.code).version.course.code


def save(coordinator, course, **changed) -> str:
    return coordinator.browser.post(
        f"/courses/{course}/edit", data=typed(course, **changed), follow_redirects=True
    ).text  # fmt: skip


def test_typed_kept_shown_and_typed_again(course, coordinator):
    page = save(coordinator, course, **ASKED)
    assert "The course is saved." in page
    for sentence in (
        "Speciality: one that is named for the course, or one that the classifier calls related.",
        "Kind of staff: Teacher, Head.", "Category: oliy, 1-toifa.", "At least 3 years of service.",
        "Due for training within 0 months after the first day.", "Knows the language that the run is given in.",
        "In the distance form only with one of these: a disability.",
    ):  # fmt: skip
        assert sentence in page
    kept = catalogue.course(course).versions[-1].policy["conditions"]
    assert kept == {
        "worst_match": "related", "staff_kinds": ["head", "teacher"], "categories": ["oliy", "1-toifa"], "years_from": 3,
        "due_within_months": 0, "language": True, "distance_grounds": ["disability"],
    }  # fmt: skip
    assert 'value="oliy, 1-toifa"' in coordinator.browser.get(f"/courses/{course}/edit").text
    save(coordinator, course)  # sent as it stands
    assert catalogue.course(course).versions[-1].policy["conditions"] == kept


def test_a_course_that_asks_nothing_keeps_nothing(course, coordinator):
    assert "The course is saved." in save(coordinator, course, final_required="")
    assert "conditions" not in catalogue.course(course).versions[-1].policy


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"years_from": "-1"}, "Write a number from 0 to 70."),
        ({"years_from": "10", "years_to": "5"}, "The most years can&#39;t be fewer than the fewest."),
        ({"due_within_months": "1000"}, "Write a number from 0 to 120."),
        ({"worst_match": "related", "audience": ""}, "Write for whom the course is"),
        ({"worst_match": "nearly"}, "Choose one from the list."),
        ({"years_to": "many"}, "Write a whole number in figures"),
    ],
)
def test_conditions_that_nobody_could_mean_are_refused(course, coordinator, wrong, words):
    assert words in save(coordinator, course, **wrong)
    assert len(catalogue.course(course).versions) == 1


def test_a_run_published_after_holds_them_and_one_before_does_not(
    run, course, coordinator, teachers, make_run, standings
):
    save(coordinator, course, staff_kinds=["head"])
    courses.publish_course(coordinator.actor, course)
    after = make_run(course)
    with pytest.raises(Refused) as refused:
        service.enrol_self(teachers[0].actor, after.code)
    assert [why.code for why in refused.value.why] == ["other-staff-kind"]
    service.enrol_self(teachers[0].actor, run.code)
    assert standings(run) == [("Aliyev", "enrolled")]


def test_the_form_offers_what_the_rules_know():
    assert tuple(GROUNDS) == eligibility.GROUNDS
    assert {*GRADES, "any"} == conditions.GRADES.keys()


def facts(teacher, office, **changed) -> str:
    lock = db.session.get(Teacher, teacher.teacher_id).lock
    data = {
        "teaching_since": "2015-09-01",
        "languages": ["uz", "ru"],
        "disability": "y",
        "lock": str(lock),
    } | changed
    return office.browser.post(f"/staff/{teacher.teacher_id}/facts", data=data, follow_redirects=True).text


def test_the_college_s_office_keeps_the_facts_and_nobody_else_sees_them(
    app, teachers, office, coordinator, other_college, college
):
    assert "The changes are saved." in facts(teachers[0], office)
    page = office.browser.get(f"/staff/{teachers[0].teacher_id}/facts").text
    assert 'value="2015-09-01"' in page
    row = db.session.get(Teacher, teachers[0].teacher_id, populate_existing=True)
    assert (row.languages, row.disability) == (["ru", "uz"], True)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "teacher.facts_changed")).one()
    assert entry.after == {"changed": ["teaching_since", "languages", "disability"]}
    others = [coordinator, teachers[0], somebody(app, "ministry", college, "Vazirova")]
    for other in others:
        assert other.browser.get(f"/staff/{teachers[0].teacher_id}/facts").status_code == 403
    stranger = somebody(app, "college_hr", other_college, "Navoiyeva")
    assert stranger.browser.get(f"/staff/{teachers[0].teacher_id}/facts").status_code == 404
    assert stranger.browser.post(f"/staff/{teachers[0].teacher_id}/facts", data={}).status_code == 404
    assert "What courses ask" not in others[2].browser.get(f"/staff/{teachers[0].teacher_id}").text


def test_facts_of_days_that_have_not_come_are_refused(teachers, office):
    assert "This day has not come yet." in facts(teachers[0], office, youngest_child_born="2027-01-01")
    assert db.session.get(Teacher, teachers[0].teacher_id, populate_existing=True).teaching_since is None
    assert "There is no such day." in facts(teachers[0], office, teaching_since="2015-13-01")
