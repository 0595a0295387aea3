"""Waiting for what another process does, without guessing how long it takes."""

import time
from collections.abc import Iterator


def waiting(seconds: float, otherwise: str) -> Iterator[None]:
    """Go round again every few milliseconds; after *seconds* the test fails with *otherwise*."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield
        time.sleep(0.02)
    raise AssertionError(f"{otherwise} within {seconds:g} seconds")
