"""Opens pages at a fixed rate over kept-alive connections, in a lean process of its own, however long answers take.

Started with a plan as JSON on standard input: ``{"port", "rate", "connections", "paths"}``. Each path is asked at its
time; when no connection is free by then the wait counts, as it does for whoever stands in a queue. Prints JSON: for each
path how many seconds after its time its answer was there, and how many answers were not 200.
"""

import asyncio
import json
import re
import sys
import time
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
PATIENCE = 120.0


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _visitor(
    port: int, due: "asyncio.Queue[tuple[float, str]]", took: list[float], bad: list[int]
) -> None:
    line: Line | None = None
    while True:
        at, path = await due.get()
        for _again in range(3):  # the server closes a line on which nothing was said for long
            try:
                line = line or await asyncio.open_connection("127.0.0.1", port)
                head = await _asked(line, path, len(took))
                break
            except (asyncio.IncompleteReadError, ConnectionError):
                line, head = None, b""
        took.append(time.perf_counter() - at)
        if b" 200 " not in head[:16]:
            bad.append(1)
        due.task_done()


async def _asked(line: Line, path: str, number: int) -> bytes:
    """The head of the answer, once all of it is there."""
    reader, writer = line
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n"
        f"X-Forwarded-For: 10.9.{number % 250}.{number // 250 % 250}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    await reader.readexactly(int(length[1]) if length else 0)
    return head


async def _knock(plan: dict[str, Any]) -> dict[str, Any]:
    due: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
    took: list[float] = []
    bad: list[int] = []
    visitors = [
        asyncio.create_task(_visitor(plan["port"], due, took, bad)) for _ in range(plan["connections"])
    ]
    began = time.perf_counter()
    for number, path in enumerate(plan["paths"]):
        at = began + number / plan["rate"]
        if (wait := at - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        due.put_nowait((at, path))
    everything = asyncio.create_task(due.join())
    await asyncio.wait({everything, *visitors}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    if not everything.done():
        raise next((each.exception() for each in visitors if each.done()), None) or TimeoutError("no answer")
    seconds = time.perf_counter() - began
    for visitor in visitors:
        visitor.cancel()
    return {"took": took, "bad": len(bad), "seconds": seconds}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_knock(json.load(sys.stdin)))))
