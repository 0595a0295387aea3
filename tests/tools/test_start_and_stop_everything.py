"""`make run` starts web server and worker together, and nothing of them is left when it ends, however it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from tests.harness.deadline import waiting
from tests.harness.servers import clean_environment, free_port

ROOT = Path(__file__).resolve().parents[2]

# Stands in for the program: notes that it was called, and serves or waits as the real one does.
STAND_IN = """\
    import http.server, json, os, pathlib, signal, sys
    instance = pathlib.Path(os.environ["RETRAIN_INSTANCE"])
    name = sys.argv[1]
    with open(instance / "calls", "a") as calls:
        print(*sys.argv[1:], file=calls)
    draft = instance / (name + ".draft")
    draft.write_text(str(os.getpid()))
    draft.rename(instance / (name + ".pid"))
    if name in os.environ.get("BROKEN", "").split():
        sys.exit("broken on purpose")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if name == "demo":
        accounts = [{"role": "teacher", "email": "teacher@example.uz", "password": "a-demo-word"}]
        instance.joinpath("demo.json").write_text(json.dumps({"url": "", "accounts": accounts}))
    if name == "serve":
        http.server.HTTPServer(
            ("127.0.0.1", int(os.environ["PORT"])), http.server.SimpleHTTPRequestHandler
        ).serve_forever()
    if name == "worker":
        signal.pause()
"""


@dataclass
class Launched:
    """The launcher at work, and where its children say who they are."""

    process: "subprocess.Popen[str]"
    instance: Path
    output: Path
    port: int

    def announced(self) -> str:
        for _ in waiting(120, "nothing was announced"):
            written = all((self.instance / f"{name}.pid").exists() for name in ("serve", "worker"))
            if written and "teacher@example.uz" in self.output.read_text():
                break
        return self.output.read_text()

    def pid(self, name: str) -> int:
        return int((self.instance / f"{name}.pid").read_text())

    def gone(self, name: str) -> bool:
        try:
            os.kill(self.pid(name), 0)
        except ProcessLookupError:
            return True
        return False

    def all_gone(self) -> bool:
        for _ in waiting(60, "something goes on running"):
            if self.gone("serve") and self.gone("worker"):
                break
        return True


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[object]:
    started: list[Launched] = []
    program = tmp_path / "retrain"
    program.write_text(f"#!{sys.executable}\n{dedent(STAND_IN)}")
    program.chmod(0o755)

    def one(**environment: str) -> Launched:
        port, output = free_port(), tmp_path / "output"
        code = f"import pathlib; from scripts import run; run.PROGRAM = pathlib.Path({str(program)!r}); "
        with output.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-c", code + "raise SystemExit(run.main())"],
                cwd=ROOT,
                text=True,
                stdout=file,
                stderr=file,
                start_new_session=True,
                env=clean_environment()
                | {"RETRAIN_INSTANCE": str(tmp_path), "PORT": str(port)}
                | environment,
            )
        started.append(Launched(process, tmp_path, output, port))
        return started[-1]

    yield one
    for launched in started:
        launched.process.kill()
        launched.process.wait()


def test_it_prepares_starts_both_and_says_where_and_how_to_sign_in(launch):
    launched = launch()
    said = launched.announced()
    assert f"http://127.0.0.1:{launched.port}" in said
    assert "a-demo-word" in said
    calls = (launched.instance / "calls").read_text().splitlines()
    assert calls == ["serve --upgrade", "demo --if-empty", "worker"]


def test_the_second_start_leaves_the_demo_country_alone(launch):
    first = launch()
    first.announced()
    first.process.terminate()
    first.process.wait(120)
    for name in ("calls", "serve.pid", "worker.pid"):
        (first.instance / name).unlink()
    launch().announced()
    assert "demo --if-empty" not in (first.instance / "calls").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_end_ends_all_of_it_cleanly(launch, number):
    launched = launch()
    launched.announced()
    launched.process.send_signal(number)
    assert launched.process.wait(120) == 0
    assert launched.all_gone()


def test_nothing_goes_on_when_the_launcher_is_killed(launch):
    launched = launch()
    launched.announced()
    launched.process.kill()
    assert launched.all_gone()


@pytest.mark.parametrize(("ending", "other"), [("serve", "worker"), ("worker", "serve")])
def test_when_one_part_dies_the_other_is_ended_too(launch, ending, other):
    launched = launch()
    launched.announced()
    os.kill(launched.pid(ending), signal.SIGKILL)
    assert launched.process.wait(120) != 0
    assert launched.gone(other)


def test_it_ends_when_the_web_server_can_not_start(launch):
    launched = launch(BROKEN="serve")
    assert launched.process.wait(120) == 1
    assert "broken on purpose" in launched.output.read_text()
    assert not (launched.instance / "worker.pid").exists()


def test_a_port_that_is_taken_promises_nothing(launch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        launched = launch(PORT=str(other.getsockname()[1]), BROKEN="serve")
        assert launched.process.wait(120) == 1
    assert "The pages are at" not in launched.output.read_text()
    assert (launched.instance / "calls").read_text().splitlines() == ["serve --upgrade"]


def test_what_was_started_is_ended_when_the_demo_country_fails(launch):
    launched = launch(BROKEN="demo")
    assert launched.process.wait(120) == 1
    assert launched.gone("serve")
    assert not (launched.instance / "worker.pid").exists()


def test_the_accounts_are_shown_one_a_line(launch):
    launched = launch()
    line = next(line for line in launched.announced().splitlines() if "teacher@" in line)
    accounts = json.loads((launched.instance / "demo.json").read_text())["accounts"]
    assert line.split() == [accounts[0][name] for name in ("role", "email", "password")]
