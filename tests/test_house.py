"""The order of the house and its rooms, which a reader may rely on."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import retrain

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "retrain"
FLOW = (
    "people",
    "record",
    "catalogue",
    "enrolment",
    "allocation",
    "planning",
    "orders",
    "timetable",
    "attendance",
    "completion",
    "certificates",
)


def modules(pattern: str) -> list[Path]:
    return sorted(path for path in CODE.glob(pattern) if "migrations" not in path.parts)


def named(path: Path) -> str:
    return str(path.relative_to(CODE))


def test_a_stage_knows_only_the_stages_before_it():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_packages_are_put_together_in_the_order_of_the_flow():
    stages = [package for package in retrain.PACKAGES if package in FLOW]
    assert stages == list(FLOW)


def test_only_the_clock_tells_the_time():
    tells = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
    found = [named(path) for path in modules("*/**/*.py") if tells.search(path.read_text())]
    assert found == []


def test_a_door_writes_nothing_itself():
    writes = re.compile(r"session\.(add|add_all|delete|commit|flush|merge)\(")
    doors = [
        path for room in ("views", "pages", "forms", "api", "work") for path in modules(f"*/**/{room}.py")
    ]
    assert [named(path) for path in doors if writes.search(path.read_text())] == []


def test_nothing_falls_silent():
    silent = [
        f"{named(path)}:{node.lineno}"
        for path in modules("**/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and is_broad(node) and isinstance(node.body[0], ast.Pass)
    ]
    assert silent == []


def is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException")
