"""``import-roster``, ``colleges import`` and ``user create``: JSON alone on standard output, codes of exit."""

import json
from pathlib import Path

import pytest

from retrain.extensions import db
from retrain.people.models import Person, Role, Teacher

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=[str(each) for each in arguments])


def teachers():
    return db.session.scalar(db.select(db.func.count(Teacher.id)))


def test_a_roster(colleges, run):
    found = run("import-roster", DATA / "rosters/messy.xlsx", "--json", "--lang", "en")
    assert found.exit_code == 1
    told = json.loads(found.stdout)
    assert (told["accepted"], told["merged"]) == (17, 1)
    assert {each["row"]: each["code"] for each in told["refused"]}[22] == "college-unknown"
    assert "Noma’lum texnikum" in told["refused"][5]["why"]
    assert teachers() == 17


def test_a_dry_run_writes_nothing(colleges, run):
    found = run("import-roster", DATA / "rosters/latin.xlsx", "--dry-run", "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout) == {"accepted": 120, "merged": 0, "refused": []}
    assert teachers() == 0


def test_for_one_college_others_rows_are_refused(colleges, run):
    found = run("import-roster", DATA / "rosters/latin.xlsx", "--college", "bu-01", "--dry-run", "--json")
    assert found.exit_code == 1
    assert {each["code"] for each in json.loads(found.stdout)["refused"]} == {"other-college"}


def test_what_can_not_be_read_ends_with_two(colleges, run, tmp_path):
    bad = tmp_path / "a.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    for arguments in (
        [bad],
        [tmp_path / "missing.csv"],
        [DATA / "rosters/latin.xlsx", "--college", "nowhere"],
    ):
        found = run("import-roster", *arguments, "--json")
        assert found.exit_code == 2
        assert found.stdout == ""
        assert found.stderr


def test_colleges_twice(run):
    assert json.loads(run("colleges", "import", DATA / "colleges.json", "--json").stdout)["merged"] == 0
    again = run("colleges", "import", DATA / "colleges.json", "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["accepted"] == 0


def test_a_user_with_a_role(colleges, run, client):
    made = run(
        "user", "create", "--email", "hr@example.uz", "--family", "Saidov", "--given", "Olim", "--role", "college_hr",
        "--organisation", "BU-01", "--password", "uch tomchi suv",
    )  # fmt: skip
    assert made.exit_code == 0
    assert db.session.scalar(db.select(Role.kind)) == "college_hr"
    answer = client.post("/sign-in", data={"login": "hr@example.uz", "password": "uch tomchi suv"})
    assert answer.status_code == 303
    again = run(
        "user",
        "create",
        "--email",
        "hr@example.uz",
        "--family",
        "A",
        "--given",
        "B",
        "--password",
        "uch tomchi",
    )
    assert again.exit_code == 2
    assert db.session.scalar(db.select(db.func.count(Person.id))) == 1
