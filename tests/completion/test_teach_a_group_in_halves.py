"""A group is split for its practicals: two rooms at once, two registers, and everybody's own hours."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from retrain.attendance import queries as attendance
from retrain.audit import Actor
from retrain.audit.models import AuditEntry
from retrain.completion import queries, service
from retrain.completion.states import AssessmentKind, Outcome
from retrain.enrolment import service as enrolment
from retrain.enrolment.states import Source
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders.states import OrderKind
from retrain.people.states import RoleKind
from retrain.timetable import halves, sharing
from retrain.timetable import queries as timetable_queries
from retrain.timetable import service as timetable
from retrain.timetable.models import HalfOfGroup
from retrain.timetable.states import Part
from tests import scenario
from tests.scenario import Country
from tests.timetable.agreeing import agreed

MONDAY = date(2026, 9, 14)
TUESDAY = MONDAY + timedelta(days=1)
BEFORE = datetime(2026, 9, 12, 5, tzinfo=UTC)
AFTER = datetime(2026, 9, 21, 5, tzinfo=UTC)
HALVES = ("first_half", "second_half")


def a_group_of_four(clock) -> Country:
    """Four people with a run whose week is still empty, two lecturers, two rooms; a curator."""
    country = scenario.country(MONDAY, people=4)
    second = scenario.role(scenario.person("Yusupov", "Olim"), RoleKind.LECTURER, country.provider)
    timetable.add_lecturer(country.coordinator, country.provider.id, second.person_id)
    country.second = second
    country.curator = scenario.role(scenario.person("Qodirov", "Jasur"), RoleKind.CURATOR, country.provider)
    country.run.curator_id = country.curator.person_id
    db.session.commit()
    return country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(a_group_of_four)


@pytest.fixture
def desk(country, app):
    """The coordinator at work."""
    return scenario.signed_in(app, country.coordinator)


def put(desk, country, topic: int, day: date, pair: int, part: str = "whole", second: bool = False) -> None:
    answer = desk.post(
        f"/manage/runs/{country.run.code}/timetable?lang=en",
        data={
            "topic_id": country.topics[topic], "on_date": day.isoformat(), "pair": pair, "hours": "2", "part": part,
            "room_id": country.rooms[second].id,
            "lecturer_id": (country.second if second else country.lecturer).person_id,
        },
    )  # fmt: skip
    assert answer.status_code == 303, answer.text


def taught(desk, country) -> None:
    """Lectures for all on Monday; on Tuesday both halves have both practicals at the same time."""
    for pair in (1, 2):
        put(desk, country, 0, MONDAY, pair)
        for second, part in enumerate(HALVES):
            put(desk, country, 1, TUESDAY, pair, part, bool(second))
    page = desk.post(f"/manage/runs/{country.run.code}/timetable/publish?lang=en", follow_redirects=True).text
    assert "6 classes are public now." in page


def classes(country, part: Part):
    return [row for row in timetable_queries.sessions(country.run.id) if row.part is part]


def address(country, query: str = "") -> str:
    return f"/manage/runs/{country.run.code}/halves?lang=en{query}"


def on_page(desk, country, query: str = "") -> tuple[dict[int, str], str]:
    """enrolment → half as the page has it, and what marks the state that was seen."""
    page = desk.get(address(country, query)).text
    chosen = re.findall(r'name="half-(\d+)"[^>]*value="(\w+)" checked', page)
    seen = re.search(r'name="seen" value="(\w+)"', page)
    return {int(number): half for number, half in chosen}, seen[1] if seen else ""


def save(desk, country, wanted: dict[int, str], seen: str, **more):
    data = {f"half-{number}": half for number, half in wanted.items()} | {"seen": seen}
    return desk.post(address(country), data=data, **more)


def sign(client, meeting, **marks: str) -> None:
    """All present, then those of *marks* otherwise, then signed."""
    client.post(f"/registers/{meeting.id}", data={"all_present": "1"})
    typed = {f"mark-{number.removeprefix('of_')}": kind for number, kind in marks.items()}
    assert client.post(f"/registers/{meeting.id}", data=typed | {"sign": "1"}).status_code == 303


def listed(client, meeting) -> set[int]:
    page = client.get(f"/registers/{meeting.id}?lang=en").text
    return {int(number) for number in re.findall(r'name="mark-(\d+)"', page)}


def numbers(country) -> list[int]:
    return [row.id for row in country.enrolments]


def newcomer(country, number: int) -> int:
    """Somebody who gets a place later; their enrolment."""
    late = scenario.teacher(number, country.college)
    return enrolment.enrol(country.coordinator, country.run.code, late.id, source=Source.COORDINATOR).id


def test_two_halves_meet_at_once_and_each_register_shows_its_own(country, desk, app, clock):
    taught(desk, country)
    one, two, three, four = numbers(country)
    clock.set(AFTER)
    (first, _), (second, _) = classes(country, Part.FIRST_HALF), classes(country, Part.SECOND_HALF)
    assert first.starts_at == second.starts_at
    assert listed(scenario.signed_in(app, country.lecturer), first) == {one, two}
    assert listed(scenario.signed_in(app, country.second), second) == {three, four}
    assert "The second half of the group" in desk.get(f"/registers/{second.id}?lang=en").text


def test_everybodys_hours_are_the_modules_and_the_run_is_decided_by_them(country, desk, clock):
    taught(desk, country)
    country.register_order(OrderKind.ENROLMENT, "17-k", MONDAY)
    clock.set(AFTER)
    one, two, three, four = numbers(country)
    for meeting in classes(country, Part.WHOLE):
        sign(desk, meeting)
    for meeting in classes(country, Part.FIRST_HALF):
        sign(desk, meeting, **{f"of_{two}": "absent"})
    early, late = classes(country, Part.SECOND_HALF)
    sign(desk, early, **{f"of_{three}": "absent"})
    sign(desk, late)
    hours = attendance.tallies(country.run.id)
    assert {number: (hours[number].due, hours[number].unexcused) for number in (one, two, three, four)} == {
        one: (360, 0), two: (360, 180), three: (360, 90), four: (360, 0),
    }  # fmt: skip
    page = desk.get(f"/manage/runs/{country.run.code}/registers?lang=en").text
    assert address(country).split("?")[0] in page
    assert "the first half of the group" in page
    final = service.add_assessment(
        country.coordinator, country.run.code, {"en": "Test"}, AssessmentKind.FINAL, 56
    )
    points = {(final.id, number): 90 for number in (one, two, three, four)}
    service.enter_results(country.coordinator, country.run.code, points)
    service.close_run(country.coordinator, country.run.code)
    decided = queries.decisions(country.run.id)
    assert [decided[number].outcome for number in (one, two, three, four)] == [
        Outcome.COMPLETED, Outcome.NOT_COMPLETED, Outcome.COMPLETED, Outcome.COMPLETED,
    ]  # fmt: skip


def test_the_list_is_cut_in_the_middle_and_changed_by_hand(country, desk):
    one, two, three, four = numbers(country)
    before, seen = on_page(desk, country)
    assert before == {one: "first_half", two: "first_half", three: "second_half", four: "second_half"}
    wanted = {one: "second_half", two: "first_half", three: "first_half", four: "second_half"}
    page = save(desk, country, wanted, seen, follow_redirects=True).text
    assert "2 people are in another half now." in page
    assert on_page(desk, country)[0] == wanted
    assert on_page(desk, country, "&by_name=1")[0] == before
    trail = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "run.halves_changed")).all()
    assert [(row.before, row.after) for row in trail] == [
        (
            {str(one): "first_half", str(three): "second_half"},
            {str(one): "second_half", str(three): "first_half"},
        )
    ]
    assert not db.session.scalars(select(Message).where(Message.kind.startswith("timetable.in_"))).all()


def test_who_comes_later_is_put_into_the_smaller_half_and_moves_nobody(country, desk):
    one, two, three, four = numbers(country)
    wanted = {one: "first_half", two: "second_half", three: "second_half", four: "second_half"}
    save(desk, country, wanted, on_page(desk, country)[1])
    late = [newcomer(country, number) for number in (50, 51)]
    now = on_page(desk, country)[0]
    assert now == wanted | dict.fromkeys(late, "first_half")
    taught(desk, country)
    assert set(halves.said(country.run.id)) == {*wanted, *late}, "written down once it is public"


def test_an_empty_half_and_a_page_that_is_old_save_nothing(country, desk):
    one, two, three, four = numbers(country)
    _half, seen = on_page(desk, country)
    answer = save(desk, country, dict.fromkeys(numbers(country), "first_half"), seen)
    assert answer.status_code == 422
    assert "One half would have nobody in it." in answer.text
    wanted = {one: "second_half", two: "first_half", three: "first_half", four: "second_half"}
    assert save(desk, country, wanted, seen).status_code == 303
    assert save(desk, country, wanted | {one: "first_half"}, seen).status_code == 409
    assert save(desk, country, {one + 1000: "first_half"}, seen).status_code == 404
    assert on_page(desk, country)[0] == wanted


def test_the_curator_of_the_group_may_and_others_may_not(country, app):
    curator = scenario.signed_in(app, country.curator)
    wanted, seen = on_page(curator, country)
    assert save(curator, country, wanted, seen).status_code == 303
    for other in (country.lecturer, country.hr_officer, country.college_hr):
        assert scenario.signed_in(app, other).get(address(country)).status_code == 403
    stranger = scenario.role(scenario.person("Boqiyev", "Anvar"), RoleKind.CURATOR, country.provider)
    assert scenario.signed_in(app, stranger).get(address(country)).status_code == 403


def test_who_changes_halves_takes_their_hours_along_and_is_told(country, desk, clock):
    taught(desk, country)
    one, _two, three, _four = numbers(country)
    clock.set(AFTER)
    (first_early, first_late), (early, late) = (
        classes(country, Part.FIRST_HALF),
        classes(country, Part.SECOND_HALF),
    )
    sign(desk, first_early, **{f"of_{one}": "absent"})
    sign(desk, early)
    wanted, seen = on_page(desk, country)
    save(desk, country, wanted | {one: "second_half"}, seen)
    told = db.session.execute(select(Message.person_id, Message.kind)).tuples().all()
    assert (country.teachers[0].person_id, "timetable.in_second_half") in told
    assert one in listed(desk, first_early), "whose mark is there stays in the register"
    sign(desk, first_late)
    sign(desk, late)
    hours = attendance.tallies(country.run.id)
    assert (hours[one].due, hours[one].unexcused) == (180, 90)
    assert (hours[three].due, hours[three].unexcused) == (180, 0)


def test_only_the_half_concerned_is_told_of_a_cancelled_class_and_has_it_in_its_week(country, desk, app):
    taught(desk, country)
    first, second = classes(country, Part.FIRST_HALF)[0], classes(country, Part.SECOND_HALF)[0]
    weeks = []
    for one in (country.teachers[0], country.teachers[3]):
        learner = Actor(one.person_id, "teacher")
        weeks.append(scenario.signed_in(app, learner).get(f"/week?lang=en&week={MONDAY}").text)
    assert "the second half of the group" not in weeks[0]
    assert "the first half of the group" in weeks[0]
    assert "the first half of the group" not in weeks[1]
    assert "the second half of the group" in weeks[1]
    agreed(desk, f"/manage/runs/{country.run.code}/timetable/{first.id}/cancel", {"reason": "no power"})
    told = db.session.scalars(select(Message.person_id).where(Message.kind == "timetable.cancelled")).all()
    mine = [one.person_id for one in country.teachers[:2]]
    assert sorted(told) == sorted([*mine, country.lecturer.person_id])
    assert second.state == "published"


def test_two_registers_opened_at_once_write_the_halves_down_once(country, desk):
    for second, part in enumerate(HALVES):
        put(desk, country, 1, TUESDAY, 1, part, bool(second))
    for _ in range(2):
        sharing.settle(country.coordinator, [country.run])
    db.session.commit()
    assert len(db.session.scalars(select(HalfOfGroup)).all()) == 4


def test_the_week_and_the_needs_lead_to_the_halves_where_there_are_some(country, desk):
    week = f"/manage/runs/{country.run.code}/timetable?lang=en"
    where = address(country).split("?")[0]
    assert where not in desk.get(week).text
    put(desk, country, 1, TUESDAY, 1, "first_half")
    assert where in desk.get(week).text
    need = f"/needs/module/{timetable_queries.modules(country.run)[0].id}/practical?lang=en"
    assert where not in desk.get(need).text
    desk.post(need, data={"in_halves": "y"})
    assert where in desk.get(need).text
