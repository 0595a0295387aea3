"""``make run``: migrate, start the web server, fill an empty database with the demo country, start the worker.

One process starts all and stops all: at Ctrl-C, at a TERM signal, when one of them ends by itself, and, by
the kernel's hand, when this process is killed.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("retrain")
GRACE_SECONDS = 15
START_SECONDS = 60
_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Run until told to stop; 0 after a clean stop."""
    signal.signal(signal.SIGTERM, _interrupt)
    children: list[subprocess.Popen[bytes]] = []
    try:
        return run(children)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(children)


def run(children: "list[subprocess.Popen[bytes]]") -> int:
    """Start one after the other, noting each in *children*; the exit code of what ended first."""
    port = os.environ.setdefault("PORT", "8000")
    instance = Path(os.environ.get("RETRAIN_INSTANCE", "instance"))
    taken = is_taken(int(port))
    children.append(start("serve", "--upgrade"))
    if taken:  # what answers there is another program: ours is about to say so and end
        return watch(children)
    if not await_answer(f"http://127.0.0.1:{port}/health", children):
        return watch(children)
    if not (instance / "demo.json").exists():
        # The pages answer meanwhile. A database that holds data is left alone.
        print(f"The pages are at http://127.0.0.1:{port}; the demo country takes a minute.", flush=True)
        if code := finish(children, "demo", "--if-empty"):
            return code
    children.append(start("worker"))
    announce(instance, port)
    return watch(children)


def is_taken(port: int) -> bool:
    """Whether something listens on *port* already."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def finish(children: "list[subprocess.Popen[bytes]]", *arguments: str) -> int:
    """Do one step to its end; its exit code. While it lasts it is one of the *children*."""
    children.append(start(*arguments))
    code = children[-1].wait()
    children.pop()
    return code


def start(*arguments: str) -> "subprocess.Popen[bytes]":
    """A part of the program, in a group of its own, so that Ctrl-C reaches it only through us."""
    return subprocess.Popen([PROGRAM, *arguments], preexec_fn=_follow_parent)  # noqa: PLW1509 (there are no threads here)


def _follow_parent() -> None:
    os.setpgid(0, 0)
    if sys.platform == "linux":
        # Ends with this process even when that is killed outright.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def await_answer(url: str, children: "Sequence[subprocess.Popen[bytes]]") -> bool:
    """Whether *url* answers before time is up or a child has ended."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and all(child.poll() is None for child in children):
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
    return False


def announce(instance: Path, port: str) -> None:
    """Print the address, and one sign-in for each role of the demo country."""
    print(f"\n  Retrain is at  http://127.0.0.1:{port}   (Ctrl-C stops it)\n", flush=True)
    try:
        demo = json.loads((instance / "demo.json").read_text())
    except FileNotFoundError:
        return
    for account in demo["accounts"]:
        print(f"  {account['role']:<22} {account['email']:<40} {account['password']}")
    print(flush=True)


def watch(children: "Sequence[subprocess.Popen[bytes]]") -> int:
    """Wait until one of them ends; its exit code."""
    while all(child.poll() is None for child in children):
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    return next(abs(child.returncode) for child in children if child.returncode is not None) or 1


def stop(children: "Sequence[subprocess.Popen[bytes]]") -> None:
    """End them gently, and what does not end in time by force."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
