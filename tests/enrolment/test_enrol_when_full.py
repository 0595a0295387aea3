"""A teacher presses the button: a place while there are any, a number on the waiting list after."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from retrain.audit.models import AuditEntry
from retrain.catalogue import service as catalogue
from retrain.enrolment import queries, service
from retrain.enrolment.models import Enrolment
from retrain.enrolment.states import Source, State
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.refusal import Forbidden, Refused


def codes(refused) -> list[str]:
    return [refusal.code for refusal in refused.value.why]


def press(teacher, run):
    return teacher.browser.post(f"/runs/{run.code}/enrol", follow_redirects=True)


def test_three_clicks_from_the_first_page_to_a_place(run, teachers):
    browser = teachers[0].browser
    assert run.code in browser.get("/").text  # fits you
    page = browser.get(f"/runs/{run.code}").text
    assert "0 of 2 places are taken." in page
    assert "Take a place" in page
    answer = press(teachers[0], run)
    assert answer.request.path == "/mine"
    assert "You have a place." in answer.text
    assert "Put it into my calendar" in answer.text


def test_the_places_go_in_order_and_then_the_list(run, teachers, standings):
    answers = [press(teacher, run).text for teacher in teachers]
    assert [state for _family, state in standings(run)] == ["enrolled"] * 2 + ["waitlisted"] * 3
    assert "You are number 1 on the waiting list." in answers[2]
    assert "You are number 3 on the waiting list." in answers[4]
    seen = teachers[4].browser.get(f"/runs/{run.code}").text
    assert "You are number 3 on the waiting list." in seen


def test_pressing_twice_gives_the_same_page_and_one_place(run, teachers, standings):
    first, second = press(teachers[0], run), press(teachers[0], run)
    assert "You have a place." in first.text
    assert "You have a place." in second.text
    assert standings(run) == [("Aliyev", "enrolled")]
    assert catalogue_taken(run) == 1


def catalogue_taken(run) -> int:
    db.session.expire_all()
    return db.session.get_one(type(run), run.id).taken


def test_the_message_carries_a_calendar_entry(run, teachers):
    press(teachers[0], run)
    message = db.session.scalar(select(Message).where(Message.person_id == teachers[0].person_id))
    assert message.kind == "enrolment.enrolled"
    assert message.calendar["method"] == "REQUEST"
    assert (message.calendar["starts"], message.calendar["ends"]) == ("2026-09-21", "2026-09-26")
    entry = teachers[0].browser.get(f"/mine/{run.code}.ics")
    assert entry.content_type.startswith("text/calendar")
    assert message.calendar["uid"] in entry.text
    assert "DTEND;VALUE=DATE:20260927" in entry.text


def test_every_change_of_state_is_written_down(run, teachers):
    press(teachers[0], run)
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "enrolment.created"))
    assert entry.actor_id == teachers[0].person_id
    assert entry.after["state"] == "enrolled"


def test_before_it_opens_and_after_it_closes(run, teachers, clock):
    clock.set(datetime(2026, 8, 31, tzinfo=UTC))
    assert "Enrolment opens on" in teachers[0].browser.get(f"/runs/{run.code}").text
    assert "Enrolment opens on" in press(teachers[0], run).text
    clock.set(run.enrolment_closes)
    assert "Enrolment closed on" in press(teachers[0], run).text
    clock.set(run.enrolment_closes - timedelta(microseconds=1))
    assert "You have a place." in press(teachers[0], run).text


def test_all_reasons_are_shown_before_pressing(make_run, make_teacher, clock):
    first = make_run()
    teacher = make_teacher()
    press(teacher, first)
    third = make_run(enrolment_closes=datetime(2026, 9, 10, tzinfo=UTC))
    clock.set(datetime(2026, 9, 11, tzinfo=UTC))
    page = teacher.browser.get(f"/runs/{third.code}").text
    assert f"Run {first.code} is at the same time" in page
    assert "Enrolment closed on" in page
    assert "Take a place" not in page


def test_no_two_runs_at_the_same_time(make_run, teachers, standings):
    first, second = make_run(), make_run(starts_on=date(2026, 9, 26), ends_on=date(2026, 9, 30))
    later = make_run(starts_on=date(2026, 9, 27), ends_on=date(2026, 9, 30))
    press(teachers[0], first)
    assert f"Run {first.code} is at the same time" in press(teachers[0], second).text
    assert standings(second) == []
    assert "You have a place." in press(teachers[0], later).text


def test_who_works_nowhere_is_told_so(run, make_teacher):
    nobody = make_teacher("Zokirov", at=None)
    assert "No college is entered as the present workplace" in press(nobody, run).text


def test_a_draft_a_cancelled_and_a_finished_run(make_run, teachers, coordinator):
    draft = make_run(publish=False)
    with pytest.raises(Refused) as refused:
        service.enrol(coordinator.actor, draft.code, teachers[0].teacher_id)
    assert codes(refused) == ["run-not-published"]
    gone = make_run()
    catalogue.cancel_run(coordinator.actor, gone.code, "too few")
    assert f"Run {gone.code} was cancelled." in press(teachers[0], gone).text


def test_nobody_enrols_somebody_else(run, teachers):
    with pytest.raises(Forbidden):
        service.enrol(teachers[0].actor, run.code, teachers[1].teacher_id)


def test_a_visitor_is_asked_to_sign_in(run, client):
    page = client.get(f"/runs/{run.code}?lang=en").text
    assert "Sign in to take a place" in page
    assert client.post(f"/runs/{run.code}/enrol").status_code == 403


def test_a_second_attempt_is_linked_to_the_first(make_run, teachers, coordinator, clock):
    first = make_run("")
    course = first.version.course.code
    row = service.enrol_self(teachers[0].actor, first.code)
    service.finish_enrolment(coordinator.actor, row.id, completed=False)
    clock.set(datetime(2026, 10, 1, tzinfo=UTC))
    again = make_run(
        course, starts_on=date(2026, 10, 19), ends_on=date(2026, 10, 24),
        enrolment_opens=datetime(2026, 9, 30, tzinfo=UTC), enrolment_closes=datetime(2026, 10, 15, tzinfo=UTC),
    )  # fmt: skip
    second = service.enrol_self(teachers[0].actor, again.code)
    assert (second.attempt, second.repeat_of_id) == (2, row.id)
    service.finish_enrolment(coordinator.actor, second.id, completed=True)
    third = make_run(
        course, starts_on=date(2026, 10, 26), ends_on=date(2026, 10, 31),
        enrolment_opens=datetime(2026, 9, 30, tzinfo=UTC), enrolment_closes=datetime(2026, 10, 22, tzinfo=UTC),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        service.enrol_self(teachers[0].actor, third.code)
    assert codes(refused) == ["course-completed"]


def test_one_enrolment_takes_few_statements(run, teachers, app):
    """From the sign-in check to the commit: at most eight, or a popular course would not open in time."""
    press(teachers[4], run)  # what is read once a process is read
    address, said = f"/runs/{run.code}/enrol", []
    db.session.commit()

    @event.listens_for(db.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_more):
        said.append(statement)

    try:
        teachers[0].browser.post(address)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    spoken = [text for text in said if not text.startswith(("BEGIN", "PRAGMA"))]
    assert len(spoken) <= 8, "\n".join(spoken)


def test_the_import_uses_the_same_door(run, teachers, coordinator, standings):
    for teacher in teachers[:3]:
        service.enrol(coordinator.actor, run.code, teacher.teacher_id, source=Source.IMPORT)
    assert [state for _family, state in standings(run)] == ["enrolled", "enrolled", "waitlisted"]
    with pytest.raises(Refused) as refused:
        service.enrol(coordinator.actor, run.code, teachers[0].teacher_id, source=Source.IMPORT)
    assert codes(refused) == ["already-on-run"]


def test_taken_is_what_the_list_says(run, teachers):
    for teacher in teachers:
        service.enrol_self(teacher.actor, run.code)
    held = select(func.count()).where(Enrolment.run_id == run.id, Enrolment.state == State.ENROLLED)
    assert catalogue_taken(run) == db.session.scalar(held) == 2
    assert [member.name for member in queries.group(run)] == ["Aliyev Anvar", "Boboyev Anvar"]
