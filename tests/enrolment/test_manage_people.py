"""The coordinator's list: filters, adding by hand, removing with a reason, places, export, messages."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from retrain.catalogue import queries as catalogue_queries
from retrain.catalogue import service as catalogue
from retrain.enrolment import service
from retrain.enrolment.models import EnrolmentChange
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.refusal import Refused
from tests.harness.actors import organisation, somebody


def test_the_list_says_who_is_where(run, rows, coordinator):
    page = coordinator.browser.get(f"/manage/runs/{run.code}/people").text
    assert "2 of 2 places are taken, 3 wait." in page
    assert "5 people are shown." in page
    assert "number 3 on the waiting list" in page
    page = coordinator.browser.get(f"/manage/runs/{run.code}/people?state=waitlisted&q=ergashev").text
    assert "1 person is shown." in page
    assert "Aliyev" not in page


def test_somebody_is_put_on_by_hand_through_the_same_door(make_run, teachers, coordinator, standings):
    run = make_run(places=1)
    found = coordinator.browser.get(f"/manage/runs/{run.code}/people/add?q=boboyev").text
    assert f'value="{teachers[1].teacher_id}"' in found
    numbers = [str(teachers[at].teacher_id) for at in (1, 0, 1)]
    page = coordinator.browser.post(f"/manage/runs/{run.code}/people/add", data={"teachers": numbers}).text
    assert "number 1 on the waiting list" in page
    assert standings(run) == [("Boboyev", "enrolled"), ("Aliyev", "waitlisted")]
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/people/add", data={"teachers": numbers[:1]}
    ).text
    assert f"Already has a place on run {run.code}." in page


def test_many_are_taken_off_with_a_reason(run, rows, teachers, coordinator, standings):
    url = f"/manage/runs/{run.code}/people/remove"
    chosen = {"people": [str(rows[0].id), str(rows[3].id)]}
    page = coordinator.browser.post(url, data=chosen).text
    assert "2 people lose their places or numbers and are told why." in page
    page = coordinator.browser.post(url, data=chosen | {"reason": " "}).text
    assert "Write the reason: the person will read it." in page
    page = coordinator.browser.post(
        url, data=chosen | {"reason": "twice on the list"}, follow_redirects=True
    ).text
    assert "2 people were taken off the run." in page
    expected = ["withdrawn", "enrolled", "enrolled", "withdrawn", "waitlisted"]
    assert [state for _name, state in standings(run)] == expected
    change = db.session.scalar(select(EnrolmentChange).where(EnrolmentChange.enrolment_id == rows[0].id))
    assert change.reason == "twice on the list"
    told = select(Message).where(Message.person_id == teachers[0].person_id).order_by(Message.id.desc())
    assert db.session.scalars(told).first().facts["reason"] == "twice on the list"


def test_who_is_taken_off_after_the_start_keeps_their_days(run, rows, coordinator, clock, standings):
    from datetime import UTC, date, datetime

    clock.set(datetime(2026, 9, 23, 5, tzinfo=UTC))
    row = service.remove(coordinator.actor, rows[0].id, "absent")
    assert (row.state.value, row.until) == ("excluded", date(2026, 9, 23))
    assert standings(run)[2] == ("Dadayev", "waitlisted")  # nobody is called up to a course that runs


def test_more_places_go_to_those_who_wait(run, rows, coordinator, standings):
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/places", data={"places": "4"}, follow_redirects=True
    ).text
    assert "2 people moved up from the waiting list and were told." in page
    assert [state for _name, state in standings(run)] == ["enrolled"] * 4 + ["waitlisted"]


def test_places_changed_with_the_run_go_to_those_who_wait_too(run, rows, coordinator, standings):
    row = catalogue_queries.run(run.code)
    catalogue.change_run(coordinator.actor, run.code, catalogue_queries.run_plan(row, places=3), row.lock)
    assert [state for _name, state in standings(run)] == ["enrolled"] * 3 + ["waitlisted"] * 2


def test_fewer_places_than_taken_are_refused_with_the_numbers(run, rows, coordinator):
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/places", data={"places": "1"}, follow_redirects=True
    ).text
    assert "2 places are taken, so there can&#39;t be only 1." in page
    page = coordinator.browser.post(
        f"/manage/runs/{run.code}/places", data={"places": "many"}, follow_redirects=True
    ).text
    assert "Write a whole number in figures" in page
    with pytest.raises(Refused):
        service.change_places(coordinator.actor, run.code, 0)


def test_the_list_opens_in_a_spreadsheet(run, rows, coordinator):
    answer = coordinator.browser.get(f"/manage/runs/{run.code}/people.xlsx?state=enrolled")
    sheet = load_workbook(BytesIO(answer.data)).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["Aliyev Anvar", "Boboyev Anvar"]


def test_the_group_list_is_printed_by_name(run, rows, coordinator):
    page = coordinator.browser.get(f"/manage/runs/{run.code}/group").text
    assert page.index("Aliyev") < page.index("Boboyev")
    assert "Dadayev" not in page


def test_a_message_goes_out_after_a_look_at_who_gets_it(run, rows, coordinator, office, teachers):
    url = f"/manage/runs/{run.code}/letter"
    typed = {"audience": "waiting", "subject": "Autumn", "text": "Another run opens.", "token": "once"}
    page = coordinator.browser.post(url, data=typed | {"step": "check"}).text
    assert "3 people would get this" in page
    written = select(Message).where(Message.kind == "message.written")
    assert db.session.scalars(written).all() == []
    for _ in range(2):
        answer = coordinator.browser.post(url, data=typed | {"step": "send"}, follow_redirects=True)
        assert "The message goes to 3 people." in answer.text
    readers = {message.person_id for message in db.session.scalars(written)}
    assert readers == {teacher.person_id for teacher in teachers[2:]}
    page = coordinator.browser.post(url, data=typed | {"audience": "colleges", "step": "check"}).text
    assert "Kadrova" in page


def test_a_message_to_nobody_is_not_sent(run, coordinator):
    typed = {"audience": "waiting", "subject": "A", "text": "B", "token": "x", "step": "send"}
    page = coordinator.browser.post(f"/manage/runs/{run.code}/letter", data=typed).text
    assert "Nobody would get this message." in page


def test_another_university_sees_none_of_it(app, run, rows):
    stranger = somebody(app, "coordinator", organisation("QDU", "Qarshi", region="UZ-QA"), "Begona")
    for page in ("people", "people.xlsx", "group", "orders", "letter", "people/add"):
        assert stranger.browser.get(f"/manage/runs/{run.code}/{page}").status_code == 403
    for act in ("places", "promote"):
        assert (
            stranger.browser.post(f"/manage/runs/{run.code}/{act}", data={"places": "9"}).status_code == 403
        )


def test_what_waits_and_the_board(run, rows, coordinator, teachers, clock):
    assert "2/2+3" in coordinator.browser.get("/board").text
    assert "has no order of enrolment yet" not in coordinator.browser.get("/", follow_redirects=True).text
    clock.set(run.enrolment_closes)
    assert (
        f"Run {run.code} has no order of enrolment yet"
        in coordinator.browser.get("/", follow_redirects=True).text
    )
    assert "Number 1 on the waiting list: Welding" in teachers[2].browser.get("/").text
