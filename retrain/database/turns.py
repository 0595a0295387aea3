"""Writers of one SQLite file take turns to wait.

SQLite lets whoever asks at the right moment write next: many who wait sleep longer and longer and pass one another.
Here only one waits at the file, looking often, and the others stand in line behind a lock of the system, threads
within a process and processes among themselves. The line is held for the waiting alone, so a writer that hangs or is
killed holds nobody up longer than SQLite itself would.
"""

import fcntl
import os
import sqlite3
import threading
import time
from pathlib import Path

LOOK_AGAIN = 0.0005
"""Seconds; a write transaction of ours takes some thousandths."""


class Turns:
    """The line before one database file."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + "-turns")
        self._threads = threading.Lock()
        self._opened: tuple[int, int] | None = None  # process, file descriptor

    def begin(self, connection: sqlite3.Connection, patience: float) -> None:
        """Open a write transaction on *connection*; sqlite3's "database is locked" after *patience* seconds."""
        deadline = time.monotonic() + patience
        if not self._threads.acquire(timeout=patience):
            raise sqlite3.OperationalError("database is locked")
        try:
            line = self._line()
            fcntl.flock(line, fcntl.LOCK_EX)
            try:
                _begin(connection, deadline)
            finally:
                fcntl.flock(line, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def _line(self) -> int:
        """The file that processes stand in line at; each opens it anew, for a lock belongs to who opened it."""
        if self._opened is None or self._opened[0] != os.getpid():
            opened = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._opened = (os.getpid(), opened)
        return self._opened[1]


def _begin(connection: sqlite3.Connection, deadline: float) -> None:
    kept = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in _BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(LOOK_AGAIN)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout = {kept}")


_BUSY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_BUSY_SNAPSHOT,
    sqlite3.SQLITE_BUSY_RECOVERY,
    sqlite3.SQLITE_LOCKED,
}
