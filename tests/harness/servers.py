"""Servers that tests talk to over a real socket."""

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from flask import Flask
from werkzeug.serving import make_server

from tests.harness.deadline import waiting


@contextmanager
def in_thread(app: Flask) -> Iterator[str]:
    """The address of *app*, served by threads of this process, so that it shares the test's clock."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@contextmanager
def process(
    *arguments: str, environment: Mapping[str, str], log: Path, program: Sequence[str | Path] = ()
) -> Iterator["subprocess.Popen[bytes]"]:
    """``retrain …``, or another *program*, as a process of its own, ended at the end of the block."""
    with log.open("ab") as output:
        started = subprocess.Popen(
            [*(program or [Path(sys.executable).with_name("retrain")]), *arguments],
            env={**clean_environment(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(60)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait(5)


def clean_environment() -> dict[str, str]:
    """This environment without any setting of the program."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("RETRAIN_") and name != "PORT"
    }


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def await_answer(url: str, seconds: float = 120, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Return as soon as *url* answers anything at all."""
    for _ in waiting(seconds, f"{url} did not answer"):
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=30).close()
            return
        except urllib.error.HTTPError:
            return
        except (URLError, ConnectionError, TimeoutError):
            continue
