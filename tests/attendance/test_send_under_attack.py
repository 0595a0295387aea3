"""One register from several processes at once, in turned order, and from one that is killed between two writes."""

import json
import random
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from retrain.attendance import queries
from retrain.attendance.devices import operation_queries
from retrain.attendance.models import Mark, RegisterOperation
from retrain.attendance.register_page import owner_of
from retrain.attendance.states import Outcome, RegisterState
from retrain.extensions import db
from tests import scenario
from tests.attendance.first_morning import first_morning
from tests.scenario import Country
from tests.timetable import together

WRITER = "tests.attendance.register_writer"


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(first_morning)


def mark(number: int, enrolment: Any, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "number": number,
        "what": "mark",
        "enrolment": enrolment,
        "kind": kind,
        "base": 0,
        **more,
    }


def order(country: Country, device: str, batches: list[list[dict[str, Any]]], **more: Any) -> dict[str, Any]:
    actor = list(astuple(country.lecturer))
    return {"actor": actor, "session": country.sessions[0].id, "device": device, "batches": batches, **more}


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.race
def test_two_devices_send_one_register_at_once_each_twice_and_once_in_turned_order(
    app, database, country, tmp_path: Path
):
    one, two, three = (row.id for row in country.enrolments)
    phone = [
        mark(1, one, "absent"),
        mark(2, one, "present"),
        mark(3, two, "present"),
        mark(4, three, "absent"),
    ]
    tablet = [mark(1, one, "late", missed=45), mark(2, two, "present"), mark(3, three, "absent")]
    session_id, orders = country.sessions[0].id, []
    for device in (phone, tablet):
        name = str(uuid4())
        orders.append(order(country, name, [[each] for each in device]))
        orders.append(order(country, name, [[each] for each in reversed(device)]))
    db.session.remove()
    answers = together.all_at_once(WRITER, database.url, tmp_path, orders)
    assert [sum(map(len, each)) for each in answers] == [4, 4, 3, 3], "every sending is answered"
    sheet = queries.register_of(session_id)
    stand = {each.enrolment_id: str(each.kind) for each in sheet.marks}
    assert (stand[two], stand[three]) == ("present", "absent")
    (asked,) = operation_queries.to_settle(sheet.id)
    # Whichever came first stands, and the other's last word is asked about; what was meant to go is gone.
    assert {stand[one], str(asked.kind)} == {"present", "late"}
    assert (count(Mark), count(RegisterOperation)) == (3, 7)


@pytest.mark.race
@pytest.mark.parametrize(
    "words", ["INSERT INTO register_operation", "INSERT INTO audit_entry", "UPDATE register "]
)
def test_a_server_killed_between_two_writes_leaves_nothing_and_the_device_sends_again(
    app, database, country, tmp_path: Path, words
):
    operations = [mark(at, row.id, "present") for at, row in enumerate(country.enrolments, start=1)]
    operations.append({"id": str(uuid4()), "number": 9, "what": "sign", "base": 0})
    device, session_id = str(uuid4()), country.sessions[0].id
    asked = order(country, device, [operations], die_before=words)
    db.session.remove()
    started = subprocess.Popen(
        [sys.executable, "-m", WRITER, database.url, str(tmp_path / "other"), json.dumps(asked)],
        cwd=together.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    started.communicate("go\n", timeout=300)
    assert started.returncode == -9, "it was to die before it had written everything"
    assert (count(Mark), count(RegisterOperation)) == (0, 0)
    client = scenario.signed_in(app, country.lecturer)
    sent = {"owner": owner_of(country.lecturer.person_id), "device": device, "operations": operations}
    for _ in range(2):
        answer = client.post(f"/registers/{session_id}/operations.json", json=sent).json
        assert [each["outcome"] for each in answer["answers"].values()] == ["applied"] * 4
    assert queries.register_of(session_id).state is RegisterState.SIGNED
    assert (count(Mark), count(RegisterOperation)) == (3, 4)


@pytest.mark.parametrize("seed", range(6))
def test_what_a_device_is_answered_is_what_stands_when_it_asks(app, country, seed):
    """Everything that is kept in step while marks are written, against the same read anew."""
    chance, client = random.Random(seed), scenario.signed_in(app, country.lecturer)
    where = f"/registers/{country.sessions[0].id}"
    known: dict[str, Any] = {"marks": {}}
    numbers = dict.fromkeys([str(UUID(int=at)) for at in (1, 2)], 0)
    for _ in range(12):
        device, batch = chance.choice(list(numbers)), []
        for _ in range(chance.randint(1, 5)):
            numbers[device] += 1
            batch.append(_anything(chance, country, numbers[device], known["marks"]))
        chance.shuffle(batch)
        sent = {"owner": owner_of(country.lecturer.person_id), "device": device, "operations": batch}
        answer = client.post(f"{where}/operations.json", json=sent)
        assert answer.status_code == 200, answer.text
        known = client.get(f"{where}/state.json").json
        assert answer.json["register"] == known
        page = client.get(where).text
        # A signed register is no form any more, and no device compares it.
        assert (f'data-digest="{known["digest"]}"' in page) is (known["state"] == "open")
    assert {str(row.outcome) for row in db.session.scalars(select(RegisterOperation))} >= {
        str(Outcome.APPLIED), str(Outcome.DISPUTED), str(Outcome.OVERTAKEN),
    }  # fmt: skip


def _anything(chance: random.Random, country: Country, number: int, marks: dict[str, Any]) -> dict[str, Any]:
    what = chance.choices(("mark", "topic", "guest", "sign"), (16, 2, 2, 1))[0]
    made = {"id": str(UUID(int=chance.getrandbits(128))), "number": number, "what": what, "base": 0}
    if what == "mark":
        one = chance.choice(country.enrolments).id
        base = chance.choice((0, marks.get(str(one), {}).get("version", 0)))
        kind = chance.choice(("present", "absent", "late", None))
        return made | {"enrolment": one, "kind": kind, "base": base, "missed": 45 if kind == "late" else 0}
    if what == "guest":
        return made | {"kind": "present", "said": f"Begona {number}", "workplace": "Chirchiq"}
    return made | ({"said": f"Mavzu {number}"} if what == "topic" else {})
