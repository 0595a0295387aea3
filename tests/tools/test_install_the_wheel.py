"""The wheel holds everything the program needs: installed elsewhere it serves, translated, with its tables."""

import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.harness.servers import await_answer, clean_environment, free_port

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a clean copy of what is committed or would be."""
    source, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(made), str(source))
    return next(made.glob("retrain-*.whl"))


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def test_it_holds_pages_translations_static_files_and_migrations(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    missing = [
        wanted
        for wanted in (
            "retrain/templates/layout.html",
            "retrain/static/css/retrain.css",
            "retrain/migrations/env.py",
            "retrain/people/permissions.csv",
            *(
                f"retrain/translations/{name}/LC_MESSAGES/messages.mo"
                for name in ("uz", "uz_Cyrl", "ru", "en")
            ),
        )
        if wanted not in names
    ]
    assert missing == []
    assert [name for name in names if name.startswith(("tests/", "scripts/"))] == []


def test_installed_elsewhere_it_serves(wheel, tmp_path):
    """The libraries are those of this environment; the program is only in the wheel."""
    place, port = tmp_path / "installed", free_port()
    pip("install", "--no-deps", "--target", str(place), str(wheel))
    environment = clean_environment() | {
        "PYTHONPATH": str(place),
        "PORT": str(port),
        "RETRAIN_INSTANCE": str(tmp_path / "instance"),
    }
    shown = subprocess.run(
        [sys.executable, "-P", "-c", "import retrain; print(retrain.__file__)"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(shown.stdout.strip()).is_relative_to(place)
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-P", place / "bin" / "retrain", "serve"],
            cwd=tmp_path,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        await_answer(f"http://127.0.0.1:{port}/health", process=server)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/?lang=ru") as answer:
            page = answer.read().decode()
    finally:
        server.terminate()
        server.wait(20)
    assert '<html lang="ru"' in page
    assert "Войти" in page, "the Russian catalogue is not in use"
