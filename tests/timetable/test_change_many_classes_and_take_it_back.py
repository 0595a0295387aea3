"""A coordinator changes many classes as one action, tells everybody once, and takes it back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from retrain.attendance.models import Register
from retrain.attendance.states import RegisterState
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.people.models import Setting
from retrain.refusal import Refused
from retrain.timetable import changing, service, undoing
from retrain.timetable.models import ClassSession, Occupancy
from retrain.timetable.states import SessionState
from tests import scenario
from tests.scenario import LONG_AGO, Country
from tests.timetable.agreeing import agreed

MONDAY = date(2026, 9, 14)
TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.beginning, MONDAY)


@pytest.fixture
def week(country) -> list[ClassSession]:
    """Four public classes, Monday to Thursday, first pair."""
    return country.timetable(*scenario.days(MONDAY, 4))


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.coordinator)


def base(country) -> str:
    return f"/manage/runs/{country.run.code}/timetable"


def places(classes) -> list[tuple[date, int]]:
    db.session.expire_all()
    return [(row.on_date, row.pair) for row in classes]


def told(kind: str) -> list[int]:
    return sorted(db.session.scalars(select(Message.person_id).where(Message.kind == kind)))


def everybody(country) -> list[int]:
    return sorted([*(one.person_id for one in country.teachers), country.lecturer.person_id])


def undo(desk, country):
    return agreed(desk, f"{base(country)}/undo?lang=en", follow=True).text


def redo(desk, country):
    return agreed(desk, f"{base(country)}/redo?lang=en", follow=True).text


def test_a_series_places_what_a_module_lacks_and_leaves_out_days_off(country, desk):
    days_off = [{"on": TUESDAY.isoformat(), "working": False, "name": "x"}]
    db.session.add(
        Setting(organisation_id=country.provider.id, key="holidays", valid_from=LONG_AGO, value=days_off,
                created_at=country.run.created_at)
    )  # fmt: skip
    db.session.commit()
    data = {
        "topic_id": country.topics[0], "on_date": MONDAY, "pair": 2, "room_id": country.rooms[0].id,
        "lecturer_id": country.lecturer.person_id, "every": "day", "what": "module",
    }  # fmt: skip
    page = desk.post(f"{base(country)}/series?lang=en", data=data, follow_redirects=True).text
    assert "2 classes were put in." in page
    made = db.session.scalars(select(ClassSession).order_by(ClassSession.on_date)).all()
    assert places(made) == [(MONDAY, 2), (MONDAY + timedelta(days=2), 2)]
    assert "Take back: a series put in" in page
    undo(desk, country)
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 0
    redo(desk, country)
    assert [row.state for row in made] == [SessionState.PLANNED] * 2


def test_a_series_that_clashes_names_each_day_or_passes_over(country, desk):
    service.add_session(country.coordinator, country.run.code, country.place(TUESDAY, topic=1))
    data = {
        "topic_id": country.topics[0], "on_date": MONDAY, "pair": 1, "room_id": country.rooms[0].id,
        "lecturer_id": "", "every": "day", "what": "topic",
    }  # fmt: skip
    page = desk.post(f"{base(country)}/series?lang=en", data=data, follow_redirects=True).text
    assert "Room 101 is taken then" in page
    assert db.session.scalar(select(func.count()).select_from(ClassSession)) == 1
    desk.post(f"{base(country)}/series", data=data | {"pass_over": "1"})
    made = db.session.scalars(select(ClassSession).order_by(ClassSession.id)).all()[1:]
    assert places(made) == [(MONDAY, 1), (MONDAY + timedelta(days=2), 1)]


def test_two_classes_swap_and_everybody_is_told_once(country, week, desk):
    agreed(desk, f"{base(country)}/{week[0].id}/swap", {"other_id": week[3].id})
    assert places([week[0], week[3]]) == [(MONDAY + timedelta(days=3), 1), (MONDAY, 1)]
    assert told("timetable.rearranged") == everybody(country)
    undo(desk, country)
    assert places([week[0], week[3]]) == [(MONDAY, 1), (MONDAY + timedelta(days=3), 1)]
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 4 * 4 * 18


def test_all_following_of_a_module_move_together(country, week, desk):
    data = {"on_date": MONDAY + timedelta(days=1), "pair": 3, "lock": week[0].lock}
    agreed(desk, f"{base(country)}/{week[0].id}/following", data)
    assert places(week) == [(MONDAY + timedelta(days=1 + number), 3) for number in range(4)]
    assert told("timetable.rearranged") == everybody(country)


def test_another_lecturer_from_a_class_on(country, week, desk):
    other = scenario.person("Qodirov", "Jasur")
    service.add_lecturer(country.coordinator, country.provider.id, other.id)
    data = {"lecturer_id": other.id, "following": "1"}
    agreed(desk, f"{base(country)}/{week[2].id}/lecturer", data)
    db.session.expire_all()
    assert [row.lecturer_id for row in week] == [country.lecturer.person_id] * 2 + [other.id] * 2
    assert told("timetable.rearranged") == sorted([*everybody(country), other.id])


def test_a_saturday_runs_mondays_timetable(country, week, desk):
    page = desk.get(f"{base(country)}/shift?since={MONDAY}&on={SATURDAY}&what=day&lang=en").text
    assert "1 class would move" in page
    assert f"3 people of {country.run.code} will be told" in page
    desk.post(f"{base(country)}/shift", data={"since": MONDAY, "on": SATURDAY, "what": "day"})
    assert places(week)[0] == (SATURDAY, 1)


def test_a_run_shifts_with_its_dates_and_back(country, week, desk):
    address = f"{base(country)}/shift"
    sunday = {"since": MONDAY, "on": MONDAY + timedelta(days=3), "what": "run"}
    page = desk.get(address, query_string=sunday | {"lang": "en"}).text
    assert "20 September 2026 is not a working day" in page
    desk.post(address, data=sunday)
    assert places(week)[0] == (MONDAY, 1), "what clashes is not bound"
    desk.post(address, data=sunday | {"on": MONDAY + timedelta(days=7)})
    assert places(week) == [(MONDAY + timedelta(days=7 + number), 1) for number in range(4)]
    assert country.run.starts_on == MONDAY + timedelta(days=7)
    undo(desk, country)
    assert places(week)[0] == (MONDAY, 1)
    assert country.run.starts_on == MONDAY


def test_what_was_changed_meanwhile_is_not_taken_back(country, week, desk):
    agreed(desk, f"{base(country)}/{week[0].id}/swap", {"other_id": week[3].id})
    other = scenario.role(scenario.person("Boshqa", "Kim"), scenario.RoleKind.COORDINATOR, country.provider)
    changing.pin(other, week[0].id, True)
    assert "Boshqa Kim changed this class since" in undo(desk, country)
    with pytest.raises(Refused) as refused:
        undoing.undo(scenario.role(scenario.person("Yangi"), scenario.RoleKind.COORDINATOR, country.provider),
                     country.provider.id)  # fmt: skip
    assert [why.code for why in refused.value.why] == ["nothing-to-undo"]


def test_what_would_clash_now_is_not_taken_back(country, desk):
    first = changing.put(country.coordinator, country.run.code, country.place(MONDAY))
    changing.move(country.coordinator, first.id, country.place(MONDAY, pair=2), lock=0)
    service.add_session(country.coordinator, country.run.code, country.place(MONDAY, topic=1))
    assert "Room 101 is taken then" in undo(desk, country)
    assert places([first]) == [(MONDAY, 2)]


def test_a_cancelled_class_comes_back_whole(country, week, desk):
    agreed(desk, f"{base(country)}/{week[0].id}/cancel", {"reason": "flood"})
    undo(desk, country)
    db.session.expire_all()
    assert (week[0].state, week[0].cancel_reason) == (SessionState.PUBLISHED, None)
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 4 * 4 * 18


def test_a_class_with_a_signed_register_stays(country, week, desk):
    db.session.add(Register(session_id=week[0].id, state=RegisterState.SIGNED))
    db.session.commit()
    page = desk.post(
        f"{base(country)}/{week[0].id}/swap?lang=en", data={"other_id": week[3].id}, follow_redirects=True
    )
    assert "is signed, so the class stays as it was" in page.text
    assert places(week)[0] == (MONDAY, 1)


def test_a_pin_is_set_and_taken_back(country, week, desk):
    desk.post(f"{base(country)}/{week[0].id}/pin", data={"pinned": "1"})
    db.session.expire_all()
    assert week[0].pinned
    undo(desk, country)
    db.session.expire_all()
    assert not week[0].pinned


def test_a_holiday_in_the_middle_shows_what_falls_on_it(country, week, desk):
    value = [{"on": TUESDAY.isoformat(), "working": False, "name": "Bayram"}]
    db.session.add(
        Setting(organisation_id=country.provider.id, key="holidays", valid_from=LONG_AGO, value=value,
                created_at=country.run.created_at)
    )  # fmt: skip
    db.session.commit()
    page = desk.get(f"{base(country)}?week={MONDAY}&lang=en").text
    assert "1 class falls on a day off." in page
    assert f"days-off?day={TUESDAY}" in page
