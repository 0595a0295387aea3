"""A teacher reads their own marks, what hours they make, how near the limit they are, and why somebody was excused."""

from io import BytesIO

import pytest

from retrain.attendance import service
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind
from retrain.audit import Actor
from retrain.enrolment.states import State
from retrain.extensions import db
from tests import scenario
from tests.attendance.first_morning import MONDAY, first_morning
from tests.attendance.test_show_hours_by_evidence import PDF
from tests.scenario import Country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(first_morning)


def hold(country: Country, number: int, clock, first: Marked) -> None:
    meeting = country.sessions[number]
    clock.set(meeting.ends_at)
    marks = [first, *(Marked(row.id, MarkKind.PRESENT) for row in country.enrolments[1:])]
    service.save_marks(country.lecturer, meeting.id, marks, f"Mavzu {number}")
    service.sign(country.lecturer, meeting.id)


def test_every_class_with_its_mark_and_what_they_come_to(app, country, clock):
    one = country.enrolments[0].id
    mine = scenario.signed_in(app, Actor(country.teachers[0].person_id, "teacher"))
    address = f"/mine/attendance/{country.run.code}"
    assert "No register is signed yet" in mine.get(f"{address}?lang=en").text
    hold(country, 0, clock, Marked(one, MarkKind.LATE, 45))
    hold(country, 1, clock, Marked(one, MarkKind.EXCUSED, reason="Kasallik varaqasi"))
    hold(country, 2, clock, Marked(one, MarkKind.ABSENT))
    service.attach_paper(country.lecturer, country.sessions[1].id, one, BytesIO(PDF), "varaqa.pdf")
    assert address in mine.get("/mine").text, "it stands beside one's own course"
    page = " ".join(mine.get(f"{address}?lang=en").text.split())
    facts = page.partition('<dl class="facts">')[2].partition("</dl>")[0]
    assert [part.partition("<")[0] for part in facts.split('class="figures">')[1:]] == ["6", "1", "3", "2"]
    assert "Hours missed that count: 3. The limit is 4." in page
    assert page.index("Mavzu 2") < page.index("Mavzu 1") < page.index("Mavzu 0"), "the latest first"
    assert "late 1 h" in page
    paper = page.partition('href="/files/')[2].partition('"')[0]
    assert mine.get(f"/files/{paper}").status_code == 200


def test_who_was_excluded_still_reads_why_and_nobody_reads_anothers(app, country, clock):
    hold(country, 0, clock, Marked(country.enrolments[0].id, MarkKind.ABSENT))
    row = country.enrolments[0]
    row.state, row.until = State.EXCLUDED, MONDAY
    db.session.commit()
    address = f"/mine/attendance/{country.run.code}"
    gone = scenario.signed_in(app, Actor(country.teachers[0].person_id, "teacher"))
    assert address in gone.get("/mine").text
    assert "absent" in gone.get(f"{address}?lang=en").text
    stranger = scenario.signed_in(app, Actor(scenario.teacher(77, country.college).person_id, "teacher"))
    assert stranger.get(address).status_code == 404
    assert scenario.signed_in(app, country.coordinator).get(address).status_code == 403
