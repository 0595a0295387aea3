"""A college's HR office puts its teachers forward, and reads what came of it for each."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from retrain.enrolment import service
from retrain.enrolment.models import Enrolment, Nomination
from retrain.enrolment.states import Source, State
from retrain.extensions import db
from retrain.refusal import Forbidden

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_chosen_in_the_list_of_staff_then_a_run(run, teachers, office):
    numbers = [str(teacher.teacher_id) for teacher in teachers[:2]]
    page = office.browser.post("/nominate", data={"teachers": numbers}, follow_redirects=True)
    assert "2 teachers are chosen. Now choose the run." in page.text
    assert run.code in page.text
    page = office.browser.get(f"/runs/{run.code}/nominate?teachers={numbers[0]}&teachers={numbers[1]}").text
    assert page.count(" checked") == 2


def test_each_gets_an_answer(run, teachers, office, make_teacher, other_college, standings):
    service.enrol_self(teachers[4].actor, run.code)
    stranger = make_teacher("Begona", at=other_college)
    chosen = [*teachers[:2], teachers[4], stranger]
    page = office.browser.post(
        f"/runs/{run.code}/nominate",
        data={
            "teachers": [str(each.teacher_id) for each in chosen],
            "order_number": "14-k",
            "order_date": "2026-09-04",
            "scan": (BytesIO(PDF), "buyruq.pdf"),
        },
        content_type="multipart/form-data",
    ).text
    assert "1 have a place, 1 wait, 2 were not put on the run." in page
    assert "number 1 on the waiting list" in page
    assert f"Already has a place on run {run.code}." in page
    assert "Does not work at this college." in page
    assert "Begona" not in page
    assert [state for _name, state in standings(run)] == ["enrolled", "enrolled", "waitlisted"]
    nomination = db.session.scalar(select(Nomination))
    assert (nomination.order_number, nomination.order_date) == ("14-k", date(2026, 9, 4))
    rows = db.session.scalars(select(Enrolment).where(Enrolment.nomination_id == nomination.id)).all()
    assert [row.source for row in rows] == [Source.NOMINATION] * 2
    assert office.browser.get(f"/files/{nomination.scan_id}").data == PDF


def test_the_same_nomination_twice_changes_nothing(run, teachers, office):
    numbers = [teacher.teacher_id for teacher in teachers]
    first = service.nominate(office.actor, run.code, numbers)
    again = service.nominate(office.actor, run.code, numbers)
    assert [each.state for each in first] == [State.ENROLLED] * 2 + [State.WAITLISTED] * 3
    assert [each.number for each in first] == [None, None, 1, 2, 3]
    codes = [each.refusals[0].code for each in again]
    assert codes == ["already-on-run"] * 2 + ["already-waiting"] * 3


def test_people_are_found_in_any_script(run, teachers, office):
    page = office.browser.get(f"/runs/{run.code}/nominate?q=Дадаев").text
    assert "Dadayev" in page
    assert "Aliyev" not in page


def test_a_closed_run_takes_nobody(run, teachers, office, clock):
    clock.set(run.enrolment_closes)
    page = office.browser.post(f"/runs/{run.code}/nominate", data={"teachers": [str(teachers[0].teacher_id)]})
    assert "Enrolment closed on" in page.text
    assert db.session.scalar(select(Nomination)) is None


def test_nobody_chosen_is_said(run, teachers, office):
    page = office.browser.post(f"/runs/{run.code}/nominate", data={"order_number": "7"}).text
    assert "Choose at least one person." in page
    assert 'value="7"' in page


def test_a_file_that_is_no_scan_keeps_the_form(run, teachers, office):
    page = office.browser.post(
        f"/runs/{run.code}/nominate",
        data={
            "teachers": [str(teachers[0].teacher_id)],
            "order_number": "8",
            "scan": (BytesIO(b"MZ not a scan"), "x.pdf"),
        },
        content_type="multipart/form-data",
    ).text
    assert 'value="8"' in page
    assert db.session.scalar(select(Enrolment)) is None


def test_only_a_college_nominates(run, teachers, coordinator):
    with pytest.raises(Forbidden):
        service.nominate(coordinator.actor, run.code, [teachers[0].teacher_id])
    assert teachers[0].browser.get(f"/runs/{run.code}/nominate").status_code == 403
