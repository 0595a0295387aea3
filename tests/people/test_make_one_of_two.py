"""A person entered twice, made one after a look at both."""

from datetime import date

import pytest

from retrain.extensions import db
from retrain.people import merging, queries, service
from retrain.people.models import AccountSession, Person, Teacher
from retrain.people.states import RoleKind
from retrain.refusal import Forbidden, Refused
from tests import scenario


@pytest.fixture
def pair(college):
    first = scenario.teacher(1, college, "Karimova")
    second = scenario.teacher(2, college, "Karimova")
    second.birth_date = first.birth_date
    second.specialities = ["Fizika"]
    second.person.email = "aziza@example.uz"
    db.session.commit()
    return first, second


def test_looked_at_side_by_side_and_made_one(pair, hr, as_user):
    kept, gone = pair
    number = gone.pinfl
    browser = as_user(hr)
    assert f"/staff/{kept.id}/merge/{gone.id}" in browser.get(f"/staff/{kept.id}/merge").text
    page = browser.get(f"/staff/{kept.id}/merge/{gone.id}").text
    assert page.count("Karimova Aziza") >= 2
    assert number not in page
    typed = {"kept": str(kept.id), "take": ["number"], "why": "ikki marta kiritilgan"}
    assert browser.post(f"/staff/{kept.id}/merge/{gone.id}", data=typed).status_code == 303
    assert db.session.get(Teacher, kept.id).pinfl == number
    assert db.session.get(Teacher, kept.id).specialities == ["Fizika"]
    assert db.session.get(Person, kept.person_id).email == "aziza@example.uz"
    assert db.session.get(Person, gone.person_id).merged_into_id == kept.person_id
    assert browser.get("/staff").text.count("/staff/" + str(gone.id)) == 0


def test_what_courses_ask_is_kept_of_both(pair, hr):
    kept, gone = pair
    kept.teaching_since, kept.languages = date(2012, 9, 1), ["uz"]
    gone.teaching_since, gone.languages, gone.disability = date(2010, 9, 1), ["ru"], True
    gone.youngest_child_born = date(2025, 1, 1)
    db.session.commit()
    service.merge(hr, kept.id, gone.id)
    row = db.session.get(Teacher, kept.id)
    assert (row.teaching_since, row.languages, row.disability) == (date(2010, 9, 1), ["ru", "uz"], True)
    assert row.youngest_child_born == date(2025, 1, 1)


def test_who_was_merged_is_signed_out(pair, hr, as_user):
    kept, gone = pair
    browser = as_user(scenario.Actor(gone.person_id))
    assert browser.get("/account").status_code == 200
    service.merge(hr, kept.id, gone.id)
    assert "/sign-in" in browser.get("/account").location
    assert db.session.scalar(
        db.select(AccountSession).where(AccountSession.person_id == gone.person_id)
    ).ended_at


def test_later_packages_move_what_they_hold(pair, hr, monkeypatch):
    moved = []
    monkeypatch.setattr(merging, "MOVERS", [lambda actor, both: moved.append((actor, both))])
    service.merge(hr, pair[0].id, pair[1].id)
    assert [both.gone_teacher_id for _actor, both in moved] == [pair[1].id]


def test_a_stage_that_can_not_move_stops_the_whole(pair, hr, monkeypatch):
    from retrain.refusal import Refusal

    def refuse(_actor, _pair):
        raise Refused(Refusal.of("both-on-one-run"))

    monkeypatch.setattr(merging, "MOVERS", [refuse])
    with pytest.raises(Refused):
        service.merge(hr, pair[0].id, pair[1].id)
    assert db.session.get(Person, pair[1].person_id).merged_into_id is None


def test_only_within_reach(colleges, pair, hr):
    theirs = scenario.teacher(9, colleges["SA-03"])
    with pytest.raises(Forbidden):
        service.merge(hr, pair[0].id, theirs.id)


def test_not_twice_and_not_with_itself(pair, administrator):
    kept, gone = pair
    with pytest.raises(Refused):
        service.merge(administrator, kept.id, kept.id)
    service.merge(administrator, kept.id, gone.id)
    with pytest.raises((Refused, Forbidden)):
        service.merge(administrator, kept.id, gone.id)


def test_work_at_two_places_stays_on_record(colleges, college, administrator):
    kept, gone = scenario.teacher(1, college), scenario.teacher(2, colleges["SA-03"])
    service.merge(administrator, kept.id, gone.id)
    assert queries.employer_on(kept.id).code == "BU-01"
    assert {each.organisation_id for each in db.session.get(Teacher, kept.id).employments} == {
        college.id, colleges["SA-03"].id,
    }  # fmt: skip


def test_nobody_gains_a_stronger_role_by_a_merge(pair, hr, administrator, ministry):
    kept, gone = pair
    scenario.role(gone.person, RoleKind.ADMINISTRATOR, ministry)
    for one, other in ((kept, gone), (gone, kept)):
        with pytest.raises(Refused) as refused:
            service.merge(hr, one.id, other.id, take=["email"])
        assert [why.code for why in refused.value.why] == ["holds-stronger-role"]
    service.merge(administrator, kept.id, gone.id)
    assert queries.person(kept.person_id).email == "aziza@example.uz"
