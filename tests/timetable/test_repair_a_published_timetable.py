"""A lecturer falls ill, a room floods, a holiday is declared: what is published is repaired with the fewest changes."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from retrain import clock, jobs
from retrain.audit import Actor
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.people.models import Organisation, Setting
from retrain.people.states import OrganisationKind, RoleKind
from retrain.refusal import Refused
from retrain.timetable import changing, queries, repairing, service, times, undoing
from retrain.timetable.models import Availability, ClassSession, Lecturer, Room, Scenario, ScenarioClass
from retrain.timetable.outages import Outage
from retrain.timetable.states import ScenarioState, SessionState
from tests import scenario

MONDAY = date(2026, 9, 14)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=number) for number in (1, 2, 3))


@dataclass
class Week:
    """A published week in plain values: one class on each of the first four days, in room 101, by the one lecturer."""

    coordinator: Actor
    provider: int
    run: int
    code: str
    rooms: list[int]
    lecturer: int

    @property
    def standing(self) -> list[tuple[date, int, str, int | None]]:
        """Where the run's classes are: day, pair, room, lecturer."""
        rows = queries.sessions(self.run)
        assert {row.state for row in rows} == {SessionState.PUBLISHED}
        return [(row.on_date, row.pair, row.room.name, row.lecturer_id) for row in rows]

    @property
    def kinds(self) -> list[str]:
        """Lectures and practicals in the order in which they are held."""
        return [row.kind.value for row in queries.sessions(self.run)]

    def colleague(self) -> int:
        """Somebody else who may teach; their person's number."""
        university = db.session.get_one(Organisation, self.provider)
        actor = scenario.role(scenario.person("Umarov", "Sardor"), RoleKind.LECTURER, university)
        service.add_lecturer(self.coordinator, self.provider, actor.person_id)
        return actor.person_id

    def holds(self, key: str, value: object) -> None:
        """A setting of the provider."""
        db.session.add(
            Setting(
                organisation_id=self.provider,
                key=key,
                valid_from=date(2020, 1, 1),
                value=value,
                created_at=clock.now(),
            )
        )
        db.session.commit()

    def ill(self, first: date, last: date | None = None) -> Outage:
        return Outage(first, last or first, frozenset({self.lecturer}), note="grip")

    def made(self, outage: Outage) -> Scenario:
        """The repair once the worker has made it."""
        number = repairing.want(self.coordinator, self.provider, outage).id
        jobs.run_waiting()
        return db.session.get_one(Scenario, number)

    def publish(self, outage: Outage) -> None:
        repairing.publish(self.coordinator, self.made(outage).id)


@pytest.fixture
def week(made_once, clock) -> Week:
    found = made_once(scenario.beginning, MONDAY)
    found.timetable(*scenario.days(MONDAY, 4))
    return Week(
        found.coordinator, found.provider.id, found.run.id, found.run.code, [room.id for room in found.rooms],
        found.lecturer.person_id,
    )  # fmt: skip


def refusals(call, *args) -> set[str]:
    with pytest.raises(Refused) as refused:
        call(*args)
    return {why.code for why in refused.value.why}


def test_from_the_lecturers_page_to_the_published_repair_and_back(week, app):
    other, coordinator, own = week.colleague(), week.coordinator, week.lecturer
    before = week.standing
    told = db.session.scalar(select(func.count()).select_from(Message))
    client = scenario.signed_in(app, coordinator)
    lecturer = db.session.scalar(select(Lecturer.id).where(Lecturer.person_id == own))
    address = f"/timetable/repair?lecturer={own}"
    assert address in client.get(f"/lecturers/{lecturer}").text
    assert "Nodirov Bek" in client.get(f"{address}&lang=en").text
    answer = client.post(
        "/timetable/repair",
        data={"lecturers": own, "rooms": 0, "first_on": TUESDAY, "last_on": WEDNESDAY, "note": "grip"},
    )
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert "data-live" in client.get(page).text
    jobs.run_waiting()
    assert week.standing == before
    text = client.get(f"{page}?lang=en").text
    assert "2 classes are changed; every other stays as it is." in text
    assert "Another lecturer: 2. Another room: 0. Another time: 0." in text
    assert "5 people are told." in text
    assert client.get(f"{page}/runs/{week.code}?lang=en").text.count("Umarov Sardor") == 2
    assert client.post(f"{page}/publish").status_code == 303
    assert week.standing == [
        (day, pair, room, other if day in (TUESDAY, WEDNESDAY) else who) for day, pair, room, who in before
    ]
    assert db.session.scalar(select(func.count()).select_from(Message)) - told == 5
    away = db.session.scalars(select(Availability)).one()
    assert (away.lecturer_id, away.first_on, away.last_on, away.note) == (
        lecturer,
        TUESDAY,
        WEDNESDAY,
        "grip",
    )
    assert "Take the publication back" in client.get(f"{page}?lang=en").text
    assert client.post(f"{page}/take-back").status_code == 303
    assert week.standing == before
    assert db.session.scalars(select(Availability)).all() == []
    assert "taken back" in client.get(f"{page}?lang=en").text
    assert client.post(f"{page}/take-back", data={"again": "yes"}).status_code == 303
    assert [who for *_, who in week.standing] == [own, other, other, own]
    assert db.session.scalars(select(Availability)).one().note == "grip"


def test_where_nobody_can_step_in_only_what_is_hit_moves_and_the_order_of_the_course_holds(week):
    before = week.standing
    found = week.made(week.ill(TUESDAY))
    assert (found.state, found.placed, found.wanted) == (ScenarioState.READY, 1, 1)
    repairing.publish(week.coordinator, found.id)
    after = week.standing
    assert [at for at in after if at not in before] != []
    assert len(set(before) - set(after)) == 1
    assert TUESDAY not in {day for day, *_ in after}
    assert week.kinds == ["lecture", "lecture", "practical", "practical"]


def test_a_flooded_room_is_left_for_another_in_the_same_time_and_takes_no_class_then(week, app):
    room, before = week.rooms[0], week.standing
    found = week.made(Outage(MONDAY, TUESDAY, rooms=frozenset({room}), note="suv bosdi"))
    repairing.publish(week.coordinator, found.id)
    assert week.standing == [
        (day, pair, "102" if day <= TUESDAY else name, who) for day, pair, name, who in before
    ]
    client = scenario.signed_in(app, week.coordinator)
    assert "suv bosdi" in client.get(f"/rooms/{room}?lang=en").text
    session = queries.sessions(week.run)[2]
    place = service.Place(session.topic_id, MONDAY, 3, room, session.lecturer_id, 2)
    assert refusals(changing.move, week.coordinator, session.id, place, session.lock) == {"room-out"}
    data = {"first": MONDAY, "last": TUESDAY}
    assert client.post(f"/rooms/{room}/take-in", data=data).status_code == 303
    assert db.session.get_one(Room, room, populate_existing=True).outages == []
    changing.move(week.coordinator, session.id, place, session.lock)


def test_a_holiday_in_a_published_term_moves_what_stood_on_it_and_is_written_down(week):
    before, provider = week.standing, week.provider
    found = week.made(Outage(WEDNESDAY, WEDNESDAY, everybody=True, note="Bayram"))
    assert times.is_working_day(provider, WEDNESDAY)
    repairing.publish(week.coordinator, found.id)
    assert not times.is_working_day(provider, WEDNESDAY)
    after = week.standing
    assert WEDNESDAY not in {day for day, *_ in after}
    assert len(set(before) - set(after)) == 1
    undoing.undo(week.coordinator, provider)
    assert times.is_working_day(provider, WEDNESDAY)
    assert week.standing == before


def test_the_week_on_which_a_holiday_fell_leads_to_the_repair(week, app):
    week.holds("holidays", [{"on": WEDNESDAY.isoformat(), "working": False, "name": "Bayram"}])
    client = scenario.signed_in(app, week.coordinator)
    page = client.get(f"/manage/runs/{week.code}/timetable?week={MONDAY}&lang=en").text
    assert "Repair with the fewest changes" in page
    found = week.made(Outage(WEDNESDAY, WEDNESDAY, everybody=True))
    repairing.publish(week.coordinator, found.id)
    assert WEDNESDAY not in {day for day, *_ in week.standing}


def test_another_class_gives_way_only_when_nothing_else_helps(week):
    """One pair a day, and only the days after the practicals are free."""
    week.holds("bells", [{"pair": 1, "starts": "08:30", "ends": "10:00"}])
    week.publish(week.ill(MONDAY))
    # The lecture can't follow the practicals, so one of them makes room for it.
    moved = [row.kind.value for row in queries.sessions(week.run) if row.sequence]
    assert moved == ["lecture", "practical"]
    assert week.kinds == ["lecture", "lecture", "practical", "practical"]


def test_what_was_changed_by_hand_meanwhile_overtakes_the_repair(week, app):
    week.colleague()
    found = week.made(week.ill(TUESDAY))
    session = queries.sessions(week.run)[1]
    place = service.Place(session.topic_id, TUESDAY, 4, session.room_id, session.lecturer_id, 2)
    changing.move(week.coordinator, session.id, place, session.lock)
    before = week.standing
    page = scenario.signed_in(app, week.coordinator).get(f"/timetable/scenarios/{found.id}?lang=en").text
    assert "Repair anew" in page
    assert "Publish this repair" not in page
    assert refusals(repairing.publish, week.coordinator, found.id) == {"repair-overtaken"}
    assert week.standing == before
    assert db.session.scalars(select(Availability)).all() == []


def test_nothing_out_nothing_hit_and_days_that_are_over_are_refused_in_words(week, app):
    coordinator, provider = week.coordinator, week.provider
    nobody = Outage(MONDAY, MONDAY)
    assert refusals(repairing.want, coordinator, provider, nobody) == {"nothing-is-out"}
    saturday = week.ill(MONDAY + timedelta(days=5))
    assert refusals(repairing.want, coordinator, provider, saturday) == {"outage-hits-nothing"}
    assert refusals(repairing.want, coordinator, provider, week.ill(TUESDAY, MONDAY)) == {
        "days-end-before-they-begin"
    }
    client = scenario.signed_in(app, coordinator)
    past = {"lecturers": week.lecturer, "rooms": 0, "first_on": "2026-01-05", "last_on": "2026-01-06"}
    answer = client.post("/timetable/repair?lang=en", data=past)
    assert answer.status_code == 422
    assert "These days are over." in answer.text


def test_what_has_no_other_place_is_named_with_the_nearest_one_and_nothing_is_published(week, app):
    before = week.standing
    found = week.made(week.ill(MONDAY, MONDAY + timedelta(days=5)))
    assert (found.state, found.placed, found.wanted) == (ScenarioState.IMPOSSIBLE, 0, 4)
    page = scenario.signed_in(app, week.coordinator).get(f"/timetable/scenarios/{found.id}?lang=en").text
    assert "nobody else may give it, and no day of the run is left." in page
    assert refusals(repairing.publish, week.coordinator, found.id) == {"scenario-not-whole"}
    assert week.standing == before


def test_thrown_away_nothing_is_written_down(week, app):
    before = week.standing
    found = week.made(Outage(MONDAY, MONDAY, rooms=frozenset({week.rooms[0]})))
    assert db.session.scalar(select(func.count()).select_from(ScenarioClass)) == 1
    client = scenario.signed_in(app, week.coordinator)
    assert client.post(f"/timetable/scenarios/{found.id}/drop").status_code == 303
    assert week.standing == before
    assert db.session.get_one(Room, week.rooms[0]).outages == []
    assert db.session.scalar(select(func.count()).select_from(ScenarioClass)) == 0


def test_a_repair_reaches_only_the_providers_own(week):
    university = scenario.organisation("X", OrganisationKind.UNIVERSITY, "Boshqa")
    stranger = scenario.role(scenario.person("Begona"), RoleKind.COORDINATOR, university)
    assert refusals(repairing.want, stranger, university.id, week.ill(MONDAY)) == {"nothing-is-out"}
    assert db.session.scalars(select(ClassSession.sequence)).all() == [0] * 4
