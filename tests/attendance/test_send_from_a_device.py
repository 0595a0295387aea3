"""A device marked without a network and sends later: doubled, out of order, beside another device, at the wrong class."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from retrain.attendance import queries, service
from retrain.attendance.devices import operation_queries
from retrain.attendance.models import Mark, RegisterOperation
from retrain.attendance.register_page import owner_of
from retrain.attendance.rules import Marked
from retrain.attendance.states import MarkKind, Outcome, RegisterState
from retrain.enrolment.states import State
from retrain.extensions import db
from retrain.timetable import service as timetable
from tests import scenario
from tests.attendance.first_morning import MONDAY, at_nine, first_morning
from tests.scenario import Country


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(first_morning)


class Device:
    """A phone with the register of today's class; it numbers what it does."""

    def __init__(self, app, country: Country, actor=None) -> None:
        self.actor = actor or country.lecturer
        self.client = scenario.signed_in(app, self.actor)
        self.session = country.sessions[0]
        self.name, self.number, self.owner = str(uuid4()), 0, owner_of(self.actor.person_id)
        self.starts = self.session.starts_at.isoformat()

    def mark(
        self, enrolment: Any, kind: str | None = "present", base: int = 0, **more: Any
    ) -> dict[str, Any]:
        return self.do("mark", enrolment=enrolment.id, kind=kind, base=base, **more)

    def do(self, what: str, **more: Any) -> dict[str, Any]:
        self.number += 1
        made = (at_nine(MONDAY) - timedelta(days=400)).isoformat()  # a clock that is a year behind
        return {"id": str(uuid4()), "number": self.number, "what": what, "made_at": made, **more}

    def send(self, *operations: dict[str, Any], session: Any = None) -> Any:
        return self.client.post(
            f"/registers/{(session or self.session).id}/operations.json?lang=en",
            json={"owner": self.owner, "device": self.name, "starts": self.starts, "operations": list(operations)},
        )  # fmt: skip

    def outcomes(self, *operations: dict[str, Any]) -> list[str]:
        answer = self.send(*operations)
        assert answer.status_code == 200, answer.text
        return [answer.json["answers"][one["id"]]["outcome"] for one in operations]


@pytest.fixture
def phone(app, country) -> Device:
    return Device(app, country)


def stands(country: Country) -> dict[int, str]:
    db.session.expire_all()
    sheet = queries.register_of(country.sessions[0].id)
    return {mark.enrolment_id: str(mark.kind) for mark in sheet.marks} if sheet else {}


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 409, answer.text
    assert answer.json["detail"]
    return answer.json["codes"]


def test_thirty_taps_and_a_signature_arrive_twice_and_count_once(country, phone):
    everything = [*(phone.mark(row) for row in country.enrolments), phone.do("sign")]
    assert phone.outcomes(*everything) == phone.outcomes(*everything) == ["applied"] * 4
    assert stands(country) == {row.id: "present" for row in country.enrolments}
    assert db.session.query(Mark).count() == 3
    assert db.session.query(RegisterOperation).count() == 4
    sheet = queries.register_of(country.sessions[0].id)
    assert (sheet.state, sheet.taught_by_id) == (RegisterState.SIGNED, country.lecturer.person_id)


def test_what_comes_out_of_order_ends_as_it_was_meant(country, phone):
    row = country.enrolments[0]
    first, second, third = phone.mark(row), phone.mark(row, "late", missed=45), phone.mark(row, "absent")
    assert phone.outcomes(third) == ["applied"]
    assert phone.outcomes(first) == ["overtaken"]
    assert phone.outcomes(second) == ["overtaken"]
    assert stands(country) == {row.id: "absent"}


def test_a_mark_taken_back_leaves_nobody_marked_and_stays_on_record(country, phone):
    row = country.enrolments[0]
    phone.send(phone.mark(row))
    assert phone.outcomes(phone.mark(row, None)) == ["applied"]
    assert stands(country) == {}
    assert len(operation_queries.applied_marks(queries.register_of(country.sessions[0].id).id)) == 2


def test_two_devices_that_disagree_are_shown_side_by_side(app, country, phone):
    other, row = Device(app, country), country.enrolments[0]
    phone.send(phone.mark(row, "absent"))
    assert other.outcomes(other.mark(row, "late", missed=45)) == ["disputed"]
    assert stands(country) == {row.id: "absent"}, "nothing is merged in silence"
    page = phone.client.get(f"/registers/{phone.session.id}?lang=en").text
    assert "Two devices disagree" in page
    phone.send(*(phone.mark(each, base=0) for each in country.enrolments[1:]))
    refused = phone.send(phone.do("sign")).json["answers"]
    assert any("differ between two devices" in " ".join(each["why"]) for each in refused.values())
    number = operation_queries.to_settle(queries.register_of(phone.session.id).id)[0].id
    for _ in range(2):
        phone.client.post(f"/registers/{phone.session.id}/settle/{number}", data={"take": "1"})
    assert stands(country)[row.id] == "late"
    assert phone.outcomes(phone.do("sign")) == ["applied"]


def test_of_one_device_at_odds_only_its_last_word_is_asked_about(app, country, phone):
    other, row = Device(app, country), country.enrolments[0]
    phone.send(phone.mark(row, "absent"))
    other.send(other.mark(row, "late", missed=45))
    other.send(other.mark(row, "present"))
    sheet = queries.register_of(phone.session.id)
    assert [str(each.kind) for each in operation_queries.to_settle(sheet.id)] == ["present"]
    assert other.outcomes(other.mark(row, "absent")) == ["same"]
    db.session.expire_all()
    assert operation_queries.to_settle(sheet.id) == [], "they agree by now"


def test_a_mark_that_was_seen_is_changed_without_a_question(app, country, phone):
    other, row = Device(app, country), country.enrolments[0]
    phone.send(phone.mark(row, "absent"))
    seen = other.client.get(f"/registers/{other.session.id}/state.json").json["marks"][str(row.id)]["version"]
    assert other.outcomes(other.mark(row, "late", base=seen, missed=45)) == ["applied"]


def test_a_form_that_is_older_than_a_device_does_not_overwrite_it(country, phone):
    row, second = country.enrolments[:2]
    phone.send(phone.mark(row, "absent", base=0))
    form = {
        f"mark-{row.id}": "present",
        f"base-{row.id}": "0",
        f"mark-{second.id}": "late",
        f"missed-{second.id}": "1",
    }
    phone.client.post(f"/registers/{phone.session.id}", data=form)
    assert stands(country) == {row.id: "absent", second.id: "late"}
    assert len(operation_queries.to_settle(queries.register_of(phone.session.id).id)) == 1


def test_marks_for_a_register_signed_meanwhile_are_kept_for_a_correction(app, country, phone):
    other, row = Device(app, country), country.enrolments[0]
    phone.send(*(phone.mark(each) for each in country.enrolments), phone.do("sign"))
    assert other.outcomes(other.mark(row, "absent"), other.mark(country.enrolments[1])) == [
        "disputed",
        "same",
    ]
    sheet = queries.register_of(phone.session.id)
    number = operation_queries.to_settle(sheet.id)[0].id
    where = f"/registers/{phone.session.id}/settle/{number}"
    phone.client.post(where, data={"take": "1"})
    assert stands(country)[row.id] == "present", "without a reason nothing changes"
    phone.client.post(where, data={"take": "1", "why": "left before the roll was called"})
    assert stands(country)[row.id] == "absent"
    db.session.expire_all()
    (change, whose) = queries.changes(sheet.id)[0]
    assert (whose, change.was, change.why) == (row.id, MarkKind.PRESENT, "left before the roll was called")


def test_a_class_that_was_cancelled_or_moved_or_is_tomorrow_keeps_the_marks_on_the_device(country, phone):
    lecturer, row = country.lecturer, country.enrolments[0]
    assert codes(phone.send(phone.mark(row), session=country.sessions[1])) == [
        "session-not-begun",
        "session-moved",
    ]
    phone.starts = (phone.session.starts_at - timedelta(hours=2)).isoformat()
    assert codes(phone.send(phone.mark(row))) == ["session-moved"]
    phone.starts = phone.session.starts_at.isoformat()
    timetable.cancel_session(country.coordinator, country.sessions[0].id, "flood")
    assert codes(phone.send(phone.mark(row))) == ["session-cancelled"]
    assert (stands(country), db.session.query(RegisterOperation).count(), lecturer) == (
        {},
        0,
        country.lecturer,
    )


def test_somebody_elses_class_or_marks_are_not_theirs_to_send(app, country, phone):
    other = scenario.role(scenario.person("Yusupov"), scenario.RoleKind.LECTURER, country.provider)
    stranger = Device(app, country, other)
    assert stranger.send(stranger.mark(country.enrolments[0])).status_code == 403
    phone.owner = stranger.owner
    assert codes(phone.send(phone.mark(country.enrolments[0]))) == ["not-your-marks"]
    assert stands(country) == {}


def test_who_left_yesterday_or_joins_tomorrow_gets_no_mark_and_the_device_is_told(country, phone):
    gone, coming = country.enrolments[0], country.enrolments[1]
    gone.since, gone.state, gone.until = (
        MONDAY - timedelta(days=3),
        State.EXCLUDED,
        MONDAY - timedelta(days=1),
    )
    coming.since = MONDAY + timedelta(days=1)
    db.session.commit()
    told = phone.send(first := phone.mark(gone)).json["answers"][first["id"]]["why"]
    assert "not in the group" in told[0]
    marks = phone.mark(gone), phone.mark(coming), phone.mark(country.enrolments[2])
    assert phone.outcomes(*marks) == ["refused", "refused", "applied"]
    page = phone.client.get(f"/registers/{phone.session.id}?lang=en").text
    assert "a mark was turned away" in page, "an offline queue drops nobody in silence"
    assert "in the group from" in page
    assert phone.outcomes(phone.do("sign")) == ["applied"], "who is not due is not waited for"


@pytest.mark.parametrize(
    "body",
    [
        None, [], {"operations": []}, {"operations": ["x"]}, {"operations": [{"id": "1"}]},
        {"operations": [{"id": str(uuid4()), "what": "mark", "enrolment": "1", "kind": "present", "number": 1}]},
        {"operations": [{"id": str(uuid4()), "what": "mark", "enrolment": 1, "kind": "asleep", "number": 1}]},
        {"operations": [{"id": str(uuid4()), "what": "mark", "enrolment": 1, "kind": "late", "missed": 10**9}]},
        {"operations": [{"id": str(uuid4()), "what": "mark", "enrolment": 1, "said": "a\x00b"}]},
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_refused_in_words(country, phone, body):
    if isinstance(body, dict):
        body = {"owner": phone.owner, "device": phone.name, "starts": phone.starts} | body
    assert codes(phone.client.post(f"/registers/{phone.session.id}/operations.json", json=body)) == [
        "sending-unreadable"
    ]
    assert stands(country) == {}


def test_a_number_of_another_run_is_told_no_and_not_written_down(country, phone):
    answer = phone.send(phone.do("mark", enrolment=2**31 - 1, kind="present", base=0)).json["answers"]
    assert [each["outcome"] for each in answer.values()] == ["refused"]
    assert db.session.query(RegisterOperation).count() == 0


def test_no_get_changes_anything(country, phone):
    where = f"/registers/{phone.session.id}"
    for path in (where, f"{where}/state.json", "/registers/token.json", "/register-worker.js", "/teaching"):
        assert phone.client.get(path).status_code == 200
    for path in (
        f"{where}/operations.json",
        f"{where}/undo",
        f"{where}/guests",
        f"{where}/settle/1",
        f"{where}/substitute",
    ):
        assert phone.client.get(path).status_code == 405
    assert queries.register_of(phone.session.id) is None


def test_the_token_says_whose_marks_would_be_sent(app, country, phone):
    assert phone.client.get("/registers/token.json").json["owner"] == phone.owner
    assert app.test_client().get("/registers/token.json").json["owner"] == ""


def test_a_guest_sent_twice_is_one(country, phone):
    guest = phone.do("guest", kind="present", said="Yusupova Nilufar", workplace="Chirchiq")
    phone.send(guest)
    phone.send(guest)
    found = operation_queries.guests(queries.register_of(phone.session.id).id)
    assert [(each.name, each.workplace) for each in found] == [("Yusupova Nilufar", "Chirchiq")]


def test_the_same_moment_from_a_form_and_a_device_is_no_dispute(country, phone):
    row = country.enrolments[0]
    service.save_marks(country.lecturer, phone.session.id, [Marked(row.id, MarkKind.PRESENT)])
    assert phone.outcomes(phone.mark(row)) == [Outcome.SAME]


def test_the_page_and_what_a_device_asks_for_know_each_other_by_the_same_digest(app, country, phone):
    client, address = scenario.signed_in(app, country.lecturer), f"/registers/{country.sessions[0].id}"
    client.post(f"{address}/guests", data={"name": "Begona Ali", "kind": "present"})
    page = client.get(address).text
    assert f'data-digest="{client.get(f"{address}/state.json").json["digest"]}"' in page
