"""``retrain``: its parts, its exits, and what it refuses before it starts."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from retrain import PACKAGES
from retrain.cli import group as cli
from retrain.cli import serve
from retrain.config import Settings
from retrain.refusal import NotThere, Refusal, Refused
from tests.ground import new_person

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def retrain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``retrain …`` with an instance of its own."""
    monkeypatch.setenv("RETRAIN_INSTANCE", str(tmp_path / "instance"))

    def run(*arguments: str, **environment: str) -> Result:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(cli.main, arguments)

    return run


def test_every_command_of_a_package_is_in_the_index_and_the_other_way_round():
    indexed = {place for place, _ in cli.INDEX.values() if not place.startswith("retrain.cli.")}
    declared = set()
    for package in PACKAGES:
        if cli.is_there(place := f"retrain.{package}.commands"):
            for command in importlib.import_module(place).COMMANDS:
                declared.add((package, command.name))
    assert {
        (place.split(".")[1], name) for name, (place, _) in cli.INDEX.items() if place in indexed
    } == declared


@pytest.mark.parametrize("name", cli.INDEX)
def test_every_command_has_help(name):
    said = CliRunner().invoke(cli.main, [name, "--help"])
    assert said.exit_code == 0, said.output
    assert "Usage:" in said.output


def test_help_loads_no_command():
    code = (
        "import sys; from retrain.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'flask', 'sqlalchemy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_new_instance_from_tables_to_backup(retrain: Run, tmp_path: Path):
    kept = str(tmp_path / "b.tar.gz")
    assert retrain("db", "upgrade").exit_code == 0
    said = retrain("audit", "verify", "--json")
    assert (said.exit_code, json.loads(said.stdout)) == (0, {"ok": True, "entries": 0, "problems": []})
    made = retrain("backup", kept)
    assert (made.exit_code, made.stdout) == (0, "")
    assert "The keys are not in" in made.stderr
    assert retrain("restore", kept).exit_code == 0
    assert retrain("restore", kept).exit_code == 1, "the restoring itself is in the audit"
    assert retrain("restore", kept, "--force").exit_code == 0


def test_a_backup_is_restored_elsewhere_and_its_keys_are_brought(retrain: Run, tmp_path: Path):
    here, there = tmp_path / "instance", tmp_path / "there"
    colleges = str(ROOT / "tests/data/colleges.json")
    assert retrain("db", "upgrade").exit_code == 0
    assert retrain("colleges", "import", colleges).exit_code == 0
    assert retrain("backup", str(tmp_path / "b.tar.gz")).exit_code == 0
    said = retrain("restore", str(tmp_path / "b.tar.gz"), RETRAIN_INSTANCE=str(there))
    assert said.exit_code == 0
    assert "made under another secret key" in said.stderr
    said = retrain("audit", "verify")
    assert said.exit_code == 1
    assert "No entry authenticates." in said.stderr
    for key in ("secret_key", "ledger_key.pem"):
        (there / key).write_bytes((here / key).read_bytes())
    assert retrain("audit", "verify").exit_code == 0


def test_the_program_itself_ends_with_the_code_and_the_sentence(tmp_path: Path):
    said = subprocess.run(
        [Path(sys.executable).with_name("retrain"), "backup", "nowhere/b.tar.gz"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == f"There is no folder {tmp_path / 'nowhere'}.\n"


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        (["runs"], {"PORT": "eighty"}, "PORT: “eighty” is not a whole number"),
        (["serve"], {"RETRAIN_HOST": "everywhere"}, "RETRAIN_HOST: “everywhere” is not an IP address"),
        (["runs"], {"RETRAIN_SECRET_KEY": "secret"}, "RETRAIN_SECRET_KEY: 6 characters can be guessed"),
        (
            ["runs"],
            {"RETRAIN_DATABASE_URL": "sqlite:////nowhere/at/all.sqlite"},
            "the database can't be opened",
        ),
        (["serve"], {"RETRAIN_DATABASE_URL": "postgresql://retrain@127.0.0.1:1/retrain"}, "can't be opened"),
        (["certificates", "print", "IT-001", "--out", "nowhere/c.pdf"], {}, "There is no folder"),
        (["restore", "README.md"], {}, "is not a backup of Retrain"),
        (["restore", "nowhere.tar.gz"], {}, "does not exist"),
        (["backup", "nowhere/b.tar.gz"], {}, "There is no folder"),
        (["fly"], {}, "No such command"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(retrain: Run, arguments, environment, sentence):
    said = retrain(*arguments, **environment)
    assert (said.exit_code, said.stdout) == (2, "")
    assert sentence in said.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [(Refused(Refusal.of("job-not-failed")), 1), (NotThere("run"), 1), (KeyError("x"), None)],
)
def test_a_refusal_ends_a_command_with_a_sentence(app: Flask, error, code, capsys):
    def refuse() -> None:
        raise error

    guarded = cli._guarded(refuse, alone=False)
    with pytest.raises(KeyError if code is None else SystemExit) as ended:
        guarded()
    if code is not None:
        assert ended.value.code == code  # type: ignore[union-attr]
        assert capsys.readouterr().err.endswith(".\n")


@pytest.mark.parametrize(
    ("host", "public", "demo", "is_refused"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", True, False),
        ("127.0.0.1", "http://localhost:8000", True, False),
        ("127.0.0.1", "https://retrain.example.uz", True, True),  # a proxy stands before it
        ("127.0.0.1", "https://retrain.example.uz", False, False),
        ("0.0.0.0", "http://127.0.0.1:8000", False, False),
        ("0.0.0.0", "http://127.0.0.1:8000", True, True),
        ("::", "http://127.0.0.1:8000", True, True),
    ],
)
def test_demo_accounts_are_not_served_to_the_world(make_app, monkeypatch, host, public, demo, is_refused):
    app = make_app(settings={"host": host, "public_url": public})
    assert isinstance(app.config["RETRAIN"], Settings)
    with app.app_context():
        new_person(is_demo=demo)
    served = []
    monkeypatch.setattr("retrain.create_app", lambda: app)
    monkeypatch.setattr(serve, "_run", lambda *_: served.append(True))
    monkeypatch.setattr(serve, "_require_port", lambda *_: None)
    said = CliRunner().invoke(serve.serve, [])
    assert (said.exit_code, bool(served)) == ((2, False) if is_refused else (0, True))
    assert ("demo accounts" in said.output) is is_refused
