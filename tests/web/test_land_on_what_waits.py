"""Each role's first page says what waits for them, in a bounded number of queries; if nothing does, what to do next."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from retrain.attendance import service as attendance
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind
from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.completion import overview
from retrain.completion import service as completion
from retrain.completion.states import AssessmentKind
from retrain.enrolment import service as enrolment
from retrain.enrolment.states import Source
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders import service as order_service
from retrain.orders.models import OfficialOrder
from retrain.orders.states import OrderKind, OrderState
from retrain.people.models import Person
from retrain.people.states import OrganisationKind, RoleKind
from tests import scenario
from tests.harness.statements import counted

MONDAY = date(2026, 9, 14)


@pytest.fixture
def country(made_once, clock):
    return made_once(scenario.beginning, MONDAY, 3, 3)


@pytest.fixture
def curator(country):
    actor = scenario.role(scenario.person("Rahbarova"), RoleKind.CURATOR, country.provider)
    db.session.get_one(Run, country.run.id).curator_id = actor.person_id
    db.session.commit()
    return actor


def someone(country, kind):
    return scenario.role(scenario.person("Xodimov"), kind, country.provider)


def english(app, actor):
    """A browser of this actor's, in English."""
    db.session.get_one(Person, actor.person_id).language = "en"
    db.session.commit()
    return scenario.signed_in(app, actor)


def home(app, actor) -> str:
    return str(english(app, actor).get("/").text)


def marked(country, *kinds) -> None:
    """As many of the four classes are signed; the first person has these marks, the others were there."""
    for meeting, kind in zip(country.timetable(*scenario.days(MONDAY, 4)), kinds, strict=False):
        marks = [Marked(row.id, MarkKind.PRESENT) for row in country.enrolments[1:]]
        marks.append(
            Marked(country.enrolments[0].id, kind, reason="kasal" if kind is MarkKind.EXCUSED else "")
        )
        attendance.save_marks(country.lecturer, meeting.id, marks, "Kirish")
        attendance.sign(country.lecturer, meeting.id)


def test_a_curator_sees_the_groups_and_who_still_waits_for_a_place(app, country, curator):
    late = scenario.teacher(9, country.college)
    enrolment.enrol(country.coordinator, country.run.code, late.id, source=Source.COORDINATOR)
    text = home(app, curator)
    assert "My groups" in text
    assert f"1 person waits for a place in {country.run.code}" in text
    assert f"The places of 3 people in {country.run.code} are not confirmed by an order" in text


def test_a_curator_writes_to_whoever_missed_two_classes_running(app, country, curator, clock):
    clock.set(datetime(2026, 9, 16, 12, tzinfo=UTC))
    marked(country, MarkKind.PRESENT, MarkKind.ABSENT, MarkKind.ABSENT)
    client = english(app, curator)
    assert f"1 person missed the last two classes of {country.run.code}" in client.get("/").text
    url = f"/manage/runs/{country.run.code}/letter"
    assert client.get(f"{url}?to=away").status_code == 200
    letter = {"audience": "away", "subject": "Dars", "text": "Keling", "token": "1" * 32, "step": "send"}
    assert client.post(url, data=letter).status_code == 303
    written = db.session.scalars(db.select(Message).where(Message.kind == "message.written")).all()
    assert [row.person_id for row in written] == [country.teachers[0].person_id]


@pytest.mark.parametrize(
    "kinds",
    [
        (MarkKind.ABSENT, MarkKind.ABSENT, MarkKind.PRESENT),
        (MarkKind.PRESENT, MarkKind.ABSENT, MarkKind.EXCUSED),
        (MarkKind.ABSENT,),
    ],
)
def test_one_class_or_an_excuse_is_no_absence_running(app, country, curator, clock, kinds):
    clock.set(datetime(2026, 9, 16, 12, tzinfo=UTC))
    marked(country, *kinds)
    assert "missed the last two classes" not in home(app, curator)


def test_a_curator_writes_to_no_other_group(app, country):
    other = someone(country, RoleKind.CURATOR)
    client = english(app, other)
    assert client.get(f"/manage/runs/{country.run.code}/letter").status_code == 403
    text = client.get("/").text
    assert country.run.code not in text
    assert "A group becomes yours when the coordinator names you as its curator" in text


def test_a_secretary_is_led_from_the_assessments_to_the_decision(app, country, clock):
    secretary = someone(country, RoleKind.SECRETARY)
    assert "Results are asked for three days before a run ends" in home(app, secretary)
    clock.set(datetime(2026, 9, 19, 12, tzinfo=UTC))
    code = country.run.code
    assert f"Enter what {code} is assessed by" in home(app, secretary)
    final = completion.add_assessment(secretary, code, {"uz": "Yakuniy"}, AssessmentKind.FINAL, 56)
    text = home(app, secretary)
    assert f"Statement of {code}: enter the results" in text
    assert "0 of 3 results" in text
    completion.enter_results(secretary, code, {(final.id, row.id): 80 for row in country.enrolments})
    assert f"Protocol of {code}: every result is entered, the decision waits" in home(app, secretary)


def test_a_signatory_sees_the_orders_sent_for_signature(app, country):
    signatory = someone(country, RoleKind.SIGNATORY)
    order_service.draft_order(country.coordinator, country.run.code, OrderKind.ENROLMENT)
    assert "Orders appear here when a coordinator sends them for signature" in home(app, signatory)
    db.session.scalars(db.select(OfficialOrder)).one().state = OrderState.SENT
    text = home(app, signatory)
    assert f"Sign: Order of enrolment, run {country.run.code}" in text
    assert f"/manage/runs/{country.run.code}/orders" in text


def test_numbers_of_a_region_are_the_people_in_it(app, country, clock):
    """Three work since 2020 and have places; a fourth has none; the college of another region isn't counted."""
    scenario.teacher(8, country.college)
    far = scenario.organisation("SA-01", OrganisationKind.COLLEGE, "Samarqand texnikumi", region="UZ-SA")
    scenario.teacher(7, far)
    found = overview.overview(clock.moment.date(), "UZ-TK")
    numbers = found.total
    assert (numbers.teachers, numbers.due, numbers.placed, numbers.without_place) == (4, 4, 3, 1)
    assert (numbers.runs, numbers.places, numbers.taken) == (1, 3, 3)
    assert list(found.codes.values()) == ["TK-01"]
    assert overview.overview(clock.moment.date()).total.due == 5


def test_a_merged_person_is_counted_once(app, country, clock):
    gone = scenario.teacher(8, country.college)
    db.session.get_one(Person, gone.person_id).merged_into_id = country.teachers[0].person_id
    db.session.commit()
    assert overview.overview(clock.moment.date()).total.teachers == 3


def test_a_completed_run_moves_its_people_from_due_to_completed(app, country, clock):
    clock.set(datetime(2026, 9, 19, 12, tzinfo=UTC))
    country.register_order(OrderKind.ENROLMENT, "1-k", MONDAY)
    catalogue.move_run(country.coordinator, country.run.code, RunState.RUNNING)
    final = completion.add_assessment(
        country.coordinator, country.run.code, {"uz": "Y"}, AssessmentKind.FINAL, 56
    )
    points = {(final.id, row.id): 80 for row in country.enrolments[:2]} | {
        (final.id, country.enrolments[2].id): 3
    }
    completion.enter_results(country.coordinator, country.run.code, points)
    completion.close_run(country.coordinator, country.run.code)
    numbers = overview.overview(clock.moment.date()).total
    assert (numbers.completed, numbers.not_completed, numbers.due, numbers.plan) == (2, 1, 1, 3)
    assert numbers.rate == pytest.approx(2 / 3)


def test_the_ministry_takes_the_overview_away(app, country):
    ministry = scenario.organisation("MIN", OrganisationKind.MINISTRY, "Vazirlik")
    client = english(app, scenario.role(scenario.person("Vazirov"), RoleKind.MINISTRY, ministry))
    assert "Tashkent city" in client.get("/").text
    assert "Toshkent texnikumi" in client.get("/overview?region=UZ-TK").text
    assert client.get("/overview?region=nowhere").status_code == 404
    book = openpyxl.load_workbook(BytesIO(client.get("/overview.xlsx").data))
    rows = list(book.active.values)
    assert rows[0][:4] == ("Region", "Teachers", "Due this year", "Have a place")
    assert rows[1][:4] == ("Tashkent city", 3, 3, 3)
    assert rows[-1][0] == "All together"


def test_a_regional_centre_sees_its_own_region_alone(app, country):
    scenario.teacher(8, country.college)
    centre = scenario.organisation("RC-TK", OrganisationKind.REGIONAL_CENTRE, "Toshkent markazi")
    actor = scenario.role(scenario.person("Markazov"), RoleKind.REGIONAL_CENTRE, centre)
    client = english(app, actor)
    text = client.get("/").text
    assert "1 teacher of your region is due this year and has no place" in text
    assert "Runs in your region" in text
    assert "Welding basics" in text
    assert "Toshkent texnikumi" in client.get("/overview").text
    assert client.get("/overview?region=UZ-SA").status_code == 403
    assert client.get("/overview.xlsx?region=UZ-SA").status_code == 403


@pytest.mark.parametrize("kind", list(RoleKind))
def test_the_first_page_costs_no_more_when_there_is_more(app, country, clock, kind):
    """As many statements with one run and college as with four."""
    actor = scenario.role(scenario.person("Xodimov"), kind, country.provider)
    clock.set(datetime(2026, 9, 18, 12, tzinfo=UTC))
    db.session.get_one(Run, country.run.id).curator_id = actor.person_id
    client = english(app, actor)
    client.get("/", follow_redirects=True)
    with counted() as before:
        client.get("/", follow_redirects=True)
    course = db.session.get_one(Run, country.run.id).version.course.code
    for number in range(3):
        run = catalogue.open_run(
            country.coordinator, course, scenario.run_plan(date(2026, 9, 21)), publish=True
        )
        run.curator_id = actor.person_id
        college = scenario.organisation(f"C-{number}", OrganisationKind.COLLEGE, f"{number}-texnikum")
        enrolment.enrol(
            country.coordinator,
            run.code,
            scenario.teacher(20 + number, college).id,
            source=Source.COORDINATOR,
        )
    with counted() as after:
        assert client.get("/", follow_redirects=True).status_code == 200
    assert len(after) <= len(before) + 1
    assert len(after) <= 25
