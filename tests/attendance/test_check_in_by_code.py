"""A code on the screen, a phone that says so, a lecturer who confirms; cards and digits for whoever has no phone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from retrain.attendance import queries
from retrain.attendance.checkin import checkins
from retrain.attendance.checkin import rules as checkin_rules
from retrain.attendance.checkin.models import CheckIn
from retrain.attendance.checkin.rules import STEP, Said
from retrain.attendance.models import Mark
from retrain.attendance.states import MarkKind
from retrain.audit import Actor
from retrain.extensions import db
from retrain.people.states import RoleKind
from tests import scenario
from tests.attendance.first_morning import MONDAY, at_nine, first_morning
from tests.harness.statements import counted
from tests.scenario import Country

KEY = b"a key"
NOW = datetime(2026, 9, 14, 4, 0, 5, tzinfo=UTC)


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(first_morning)


def phone_of(app, country: Country, number: int):
    return scenario.signed_in(app, Actor(country.teachers[number].person_id, "teacher"))


def code_now(country: Country, clock, number: int = 0) -> str:
    return checkin_rules.code(checkins.key(), country.sessions[number].id, checkin_rules.step_of(clock.now()))


def scan(phone, country: Country, code: str, number: int = 0):
    """Open what the square leads to, and press the button if there is one."""
    session_id = country.sessions[number].id
    page = phone.get(f"/in/{session_id}/{code}?lang=en")
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
    if ticket is None:
        return page
    return phone.post(f"/in/{session_id}", data={"ticket": ticket[1]}, follow_redirects=True)


def marks(country: Country) -> dict[int, MarkKind]:
    db.session.rollback()
    sheet = queries.register_of(country.sessions[0].id)
    return {mark.enrolment_id: mark.kind for mark in sheet.marks} if sheet else {}


def test_a_scan_proposes_and_the_lecturer_makes_it_a_mark(country, clock, app):
    lecturer, session_id = scenario.signed_in(app, country.lecturer), country.sessions[0].id
    code = code_now(country, clock)
    assert f"/in/{session_id}" in phone_of(app, country, 0).get("/mine").text
    assert f"{code[:3]} {code[3:]}" in lecturer.get(f"/registers/{session_id}/screen?lang=en").text
    told = scan(phone_of(app, country, 0), country, code)
    assert "you say you are here; the lecturer confirms it" in told.text
    assert marks(country) == {}, "nothing is a mark before the lecturer has confirmed it"
    number = country.enrolments[0].id
    assert f'id="who-{number}" checked' in lecturer.get(f"/registers/{session_id}/checkin?lang=en").text
    live = scenario.signed_in(app, country.coordinator).get(
        f"/manage/runs/{country.run.code}/attendance?lang=en"
    )
    assert "say they are here" in live.text
    lecturer.post(f"/registers/{session_id}/checkin", data={"who": str(number), "confirm": "1"})
    assert marks(country) == {number: MarkKind.PRESENT}, "who said nothing is not marked, and not absent"
    assert "you are marked present" in phone_of(app, country, 0).get(f"/in/{session_id}?lang=en").text


def test_opening_the_code_changes_nothing(country, clock, app):
    phone = phone_of(app, country, 0)
    phone.get(f"/in/{country.sessions[0].id}/{code_now(country, clock)}")
    scenario.signed_in(app, country.lecturer).get(f"/registers/{country.sessions[0].id}/screen")
    assert db.session.scalar(select(func.count(CheckIn.id))) == 0


def test_one_step_either_side_is_good_and_no_more():
    step = checkin_rules.step_of(NOW)
    code = checkin_rules.code(KEY, 7, step)
    assert [checkin_rules.is_shown(KEY, 7, code, step + late) for late in (-2, -1, 0, 1, 2)] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert not checkin_rules.is_shown(KEY, 8, code, step), "the code of another class"
    assert not checkin_rules.is_shown(KEY, 7, "", step)
    typed = f" {code[:3].lower()}-{code[3:].lower()} "
    assert checkin_rules.is_shown(KEY, 7, typed, step), "as a hand types it"


def test_complaint_21_a_phone_with_a_skewed_clock_and_an_early_scan(country, clock, app):
    """What the phone believes it is never comes up: nothing it sends has a time. Half an hour early is early enough."""
    clock.set(country.sessions[0].starts_at - timedelta(minutes=25))
    told = scan(phone_of(app, country, 0), country, code_now(country, clock))
    assert "you say you are here" in told.text
    lecturer = scenario.signed_in(app, country.lecturer)
    data = {"who": str(country.enrolments[0].id), "confirm": "1"}
    refused = lecturer.post(f"/registers/{country.sessions[0].id}/checkin?lang=en", data=data)
    assert "Its register opens then." in refused.text
    clock.set(country.sessions[0].starts_at)
    lecturer.post(f"/registers/{country.sessions[0].id}/checkin", data=data)
    assert len(marks(country)) == 1


@pytest.mark.parametrize(
    ("ago", "sentence"),
    [
        (timedelta(days=1), "a picture that somebody sent does not help"),
        (timedelta(minutes=2), "This code is no longer on the screen."),
    ],
)
def test_yesterdays_code_and_a_forwarded_picture_are_turned_away(country, clock, app, ago, sentence):
    step = checkin_rules.step_of(clock.now() - ago)
    old = checkin_rules.code(checkins.key(), country.sessions[0].id, step)
    phone = phone_of(app, country, 0)
    assert sentence in scan(phone, country, old).text
    answer = phone.post(f"/in/{country.sessions[0].id}?lang=en", data={"code": old})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{old}"' in answer.text, "what was typed stays"
    assert db.session.scalar(select(func.count(CheckIn.id))) == 0


def test_the_page_of_a_scan_is_the_persons_own_and_lapses(country, clock, app):
    session_id, code = country.sessions[0].id, code_now(country, clock)
    page = phone_of(app, country, 0).get(f"/in/{session_id}/{code}").text
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)[1]
    other = phone_of(app, country, 1)
    assert other.post(f"/in/{session_id}", data={"ticket": ticket}).status_code == 422, (
        "forwarded to somebody else"
    )
    clock.set(clock.now() + timedelta(seconds=STEP * (checkin_rules.TICKET_STEPS + 1)))
    late = phone_of(app, country, 0).post(f"/in/{session_id}", data={"ticket": ticket})
    assert late.status_code == 422


def test_forged_and_replayed_codes_and_pages_are_turned_away(country, clock, app):
    session_id, person_id = country.sessions[0].id, country.teachers[0].person_id
    key, step, phone = checkins.key(), checkin_rules.step_of(clock.now()), phone_of(app, country, 0)
    good = checkin_rules.ticket(key, session_id, person_id, step)
    last = "0" if good[-1] != "0" else "1"
    forged = [
        checkin_rules.ticket(b"guessed", session_id, person_id, step),
        checkin_rules.ticket(key, session_id, person_id, step + 1),  # of a step that is still to come
        checkin_rules.ticket(key, country.sessions[1].id, person_id, step),  # of another class
        f"{step + 1}{good[good.index('-'):]}", f"{good[:-1]}{last}", good[:-1], "", "-", f"{step}-", "9" * 80,
    ]  # fmt: skip
    for one in forged:
        assert phone.post(f"/in/{session_id}", data={"ticket": one}).status_code == 422, one
    for code in (
        checkin_rules.code(b"guessed", session_id, step),
        checkin_rules.code(key, country.sessions[1].id, step),
        checkin_rules.code(key, session_id, step + 2),
    ):
        assert phone.post(f"/in/{session_id}", data={"code": code}).status_code == 422
    assert db.session.scalar(select(func.count(CheckIn.id))) == 0
    assert phone.post(f"/in/{session_id}", data={"ticket": good}).status_code == 303
    lecturer = scenario.signed_in(app, country.lecturer)
    number = str(country.enrolments[0].id)
    lecturer.post(f"/registers/{session_id}/checkin", data={"who": number, "dismiss": "1"})
    phone.post(f"/in/{session_id}", data={"ticket": good})
    lecturer.post(f"/registers/{session_id}/checkin", data={"who": number, "confirm": "1"})
    assert marks(country) == {}, "whoever was turned down does not come back by the same page"


def test_from_two_phones_it_is_one_proposal_and_the_lecturer_is_told(country, clock, app):
    for _ in range(2):
        scan(phone_of(app, country, 0), country, code_now(country, clock))
    assert db.session.scalar(select(func.count(CheckIn.id))) == 1
    page = (
        scenario.signed_in(app, country.lecturer)
        .get(f"/registers/{country.sessions[0].id}/checkin?lang=en")
        .text
    )
    assert "from two phones" in page
    assert f'id="who-{country.enrolments[0].id}" checked' not in page


def test_two_people_on_one_phone_are_shown_side_by_side(country, clock, app):
    phone = phone_of(app, country, 0)
    scan(phone, country, code_now(country, clock))
    other = phone_of(app, country, 1)
    kept = phone.get_cookie("here", path="/in/")
    other.set_cookie("here", kept.value, path="/in/")
    scan(other, country, code_now(country, clock))
    page = (
        scenario.signed_in(app, country.lecturer)
        .get(f"/registers/{country.sessions[0].id}/checkin?lang=en")
        .text
    )
    assert page.count("from the same phone as") == 2


def test_a_picture_sent_out_of_the_room_in_time_stands_out_by_its_network():
    said = [Said(each, f"phone {each}", "room", other_device=False) for each in range(1, 4)]
    odd = checkin_rules.doubts([*said, Said(9, "phone 9", "far away", other_device=False)])
    assert [bool(odd[each.enrolment_id]) for each in said] == [False, False, False]
    assert odd[9].other_network


def test_who_is_not_in_the_group_and_a_class_that_is_over_say_so(country, clock, app):
    stranger = scenario.teacher(77, country.college)
    phone = scenario.signed_in(app, Actor(stranger.person_id, "teacher"))
    assert "This person is not in the group on" in scan(phone, country, code_now(country, clock)).text
    clock.set(country.sessions[0].ends_at + timedelta(minutes=1))
    assert "This class ended on" in scan(phone_of(app, country, 0), country, code_now(country, clock)).text


def test_four_digits_or_a_card_at_the_desk(country, clock, app):
    lecturer, session_id = scenario.signed_in(app, country.lecturer), country.sessions[0].id
    numbers = checkins.card_numbers(country.run)
    assert len(set(numbers.values())) == len(numbers)
    first, second, third = (row.id for row in country.enrolments)
    lecturer.post(f"/registers/{session_id}/desk", data={"number": numbers[first]})
    lecturer.post(f"/registers/{session_id}/desk", data={"number": f"{country.run.code}/{numbers[second]}"})
    assert marks(country) == {first: MarkKind.PRESENT, second: MarkKind.PRESENT}
    other = lecturer.post(f"/registers/{session_id}/desk?lang=en", data={"number": f"XX-1/{numbers[third]}"})
    assert "This card is of another run." in other.text
    unknown = next(f"{number:04d}" for number in range(10_000) if f"{number:04d}" not in numbers.values())
    nobody = lecturer.post(f"/registers/{session_id}/desk?lang=en", data={"number": unknown})
    assert "Nobody of this run has these four digits." in nobody.text
    assert third not in marks(country)
    cards = scenario.signed_in(app, country.coordinator).get(f"/manage/runs/{country.run.code}/cards.pdf")
    assert cards.data[:4] == b"%PDF"


def test_a_room_of_thirty_asks_no_more_than_a_room_of_three(app, clock):
    country = scenario.country(MONDAY, people=30, places=30)
    country.sessions = country.timetable(*scenario.days(MONDAY, 4))
    clock.set(at_nine(MONDAY))
    scan(phone_of(app, country, 29), country, code_now(country, clock))
    confirm = {"who": [str(country.enrolments[29].id)], "confirm": "1"}
    scenario.signed_in(app, country.lecturer).post(
        f"/registers/{country.sessions[0].id}/checkin", data=confirm
    )
    few, many = (what_a_room_asks(app, country, clock, some) for some in (range(3), range(3, 29)))
    assert few == many
    assert max(many.values()) <= 60, many


def what_a_room_asks(app, country: Country, clock, some: range) -> dict[str, int]:
    """Statements of each step of a check-in in which these people have scanned, and one more does."""
    lecturer, where = scenario.signed_in(app, country.lecturer), f"/registers/{country.sessions[0].id}"
    phones = [phone_of(app, country, number) for number in some]
    for phone in phones[1:]:
        scan(phone, country, code_now(country, clock))
    waiting = [str(country.enrolments[number].id) for number in some[1:]]
    card = checkins.card_numbers(country.run)[country.enrolments[some[0]].id]
    found = {}
    for name, step in {
        "screen": lambda: lecturer.get(f"{where}/screen"),
        "list": lambda: lecturer.get(f"{where}/checkin"),
        "scan": lambda: scan(phones[0], country, code_now(country, clock)),
        "confirm": lambda: lecturer.post(f"{where}/checkin", data={"who": waiting, "confirm": "1"}),
        "desk": lambda: lecturer.post(f"{where}/desk", data={"number": card}),
    }.items():
        with counted() as sent:
            assert step().status_code < 400, name
        found[name] = len(sent)
    return found


def test_numbers_of_cards_stay_when_somebody_joins():
    before = checkin_rules.card_numbers(KEY, 3, range(10, 40))
    after = checkin_rules.card_numbers(KEY, 3, range(10, 60))
    assert {number: after[number] for number in before} == before
    assert len(set(after.values())) == 50


def test_nobody_but_who_marks_the_class_confirms(country, app):
    outsider = scenario.role(scenario.person("Yusupov"), RoleKind.LECTURER, country.provider)
    client = scenario.signed_in(app, outsider)
    assert client.get(f"/registers/{country.sessions[0].id}/screen").status_code == 403
    assert (
        client.post(f"/registers/{country.sessions[0].id}/desk", data={"number": "1234"}).status_code == 403
    )
    assert db.session.scalar(select(func.count(Mark.id))) == 0
