"""Many browsers at once over kept-alive connections, in one lean process that shares its cores with the servers.

Started with a plan as JSON on standard input: ``{"port", "connections", "twice", "every", "seed", "people":
[[cookie, code, address], …]}``. So many are there at once as there are *connections*; with *every* one comes each so
many seconds instead, whoever is still there. Every person opens the page of their run, presses the button and follows
to the answer; a connection that breaks is opened again and what was under way on it is asked again, as a person
would. Prints JSON: for each person when they began, pressed and had their answer, and what went wrong.

It speaks HTTP itself, because a client library would take as much of the machine as the servers.
"""

import json
import random
import re
import selectors
import socket
import sys
import time
import zlib
from collections.abc import Generator
from dataclasses import dataclass, field

PATIENCE = 60.0
"""Seconds without any answer at all, after which everything still under way counts as failed."""

_TOKEN = re.compile(rb'name="csrf_token" (?:type="hidden" )?value="([^"]+)"')
_COOKIE = re.compile(rb"\r\nset-cookie: (session=[^;]*)", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: ([^\r]*)", re.IGNORECASE)


@dataclass
class Answer:
    """What came back: the status, the head as it was sent, the body unpacked."""

    status: int
    head: bytes
    body: bytes


@dataclass
class Person:
    """One visitor with their cookie, and what became of them."""

    cookie: str
    code: str
    address: str
    twice: bool = False
    began: float = 0.0
    pressed: float = 0.0
    answered: float = 0.0
    ended: float = 0.0
    wrong: str = ""

    def request(self, method: str, path: str, body: str = "") -> bytes:
        """A request as a browser sends it."""
        lines = [
            f"{method} {path} HTTP/1.1", "Host: localhost", f"Cookie: {self.cookie}",
            "Accept: text/html", "Accept-Encoding: gzip, deflate", f"X-Forwarded-For: {self.address}",
        ]  # fmt: skip
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", body]).encode()


Steps = Generator[bytes, Answer, None]


def enrol(person: Person, load: "Load") -> Steps:
    """Open the page, press, follow."""
    person.began = time.perf_counter()
    page = yield person.request("GET", f"/runs/{person.code}")
    kept(person, page)
    found = _TOKEN.search(page.body)
    if page.status != 200 or found is None:
        person.wrong = f"page: {page.status}"
        return
    press = person.request("POST", f"/runs/{person.code}/enrol", f"csrf_token={found[1].decode()}")
    person.pressed = time.perf_counter()
    if person.twice:
        load.aside(again(person, press))
    answer = yield press
    person.answered = time.perf_counter()
    kept(person, answer)
    location = _LOCATION.search(answer.head)
    if answer.status != 303 or location is None:
        person.wrong = f"press: {answer.status}"
        return
    last = yield person.request("GET", location[1].decode())
    if last.status != 200 or person.code.encode() not in last.body:
        person.wrong = f"answer: {last.status} {location[1].decode()}"
    person.ended = time.perf_counter()


def again(person: Person, press: bytes) -> Steps:
    """The same press once more at the same time."""
    answer = yield press
    if answer.status != 303:
        person.wrong = f"second press: {answer.status}"


def kept(person: Person, answer: Answer) -> None:
    """A browser keeps the newest cookie."""
    if found := _COOKIE.search(answer.head):
        person.cookie = found[1].decode()


@dataclass
class Line:
    """One connection and who is on it; *request* is what waits for its answer."""

    sock: socket.socket
    steps: Steps
    request: bytes
    aside: bool = False
    """It carries one thing and then closes: it is not one of the connections that people come to."""
    received: bytearray = field(default_factory=bytearray)


class Load:
    """The people who still have to come, and the connections."""

    def __init__(self, port: int, people: list[Person], connections: int, every: float = 0.0) -> None:
        self._port, self._waiting, self._connections = port, people[::-1], connections
        self._every = every
        self._selector = selectors.DefaultSelector()
        self.broken = 0

    def run(self) -> None:
        """Until everybody has their answer, or nothing has come for too long."""
        if self._every:
            self._by_the_clock()
        else:
            for _ in range(min(self._connections, len(self._waiting))):
                self._next(self._connect())
        while self._selector.get_map() and self._answers(PATIENCE):
            pass

    def _by_the_clock(self) -> None:
        due = time.perf_counter()
        while self._waiting:
            while (ahead := due - time.perf_counter()) > 0:
                self._answers(ahead)
            self.aside(enrol(self._waiting.pop(), self))
            due += self._every

    def _answers(self, patience: float) -> bool:
        """Read what comes next; False when nothing does within so many seconds."""
        ready = self._selector.select(patience)
        for key, _events in ready:
            self._read(key.data)
        return bool(ready)

    def aside(self, steps: Steps) -> None:
        """Do *steps* on a connection of their own, now."""
        self._send(Line(self._connect(), steps, next(steps), aside=True))

    def _connect(self) -> socket.socket:
        sock = socket.create_connection(("127.0.0.1", self._port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setblocking(False)
        return sock

    def _next(self, sock: socket.socket, *, aside: bool = False) -> None:
        """Somebody else comes to this connection; it is closed when nobody is left."""
        if aside or not self._waiting:
            sock.close()
            return
        steps = enrol(self._waiting.pop(), self)
        self._send(Line(sock, steps, next(steps)))

    def _send(self, line: Line) -> None:
        self._selector.register(line.sock, selectors.EVENT_READ, line)
        try:
            line.sock.send(line.request)
        except OSError:
            self._again(line)

    def _again(self, line: Line) -> None:
        """The connection broke, or had been closed while nothing was asked: ask again on a new one."""
        self.broken += 1
        self._selector.unregister(line.sock)
        line.sock.close()
        self._send(Line(self._connect(), line.steps, line.request, line.aside))

    def _read(self, line: Line) -> None:
        try:
            part = line.sock.recv(1 << 18)
        except OSError:
            part = b""
        if not part:
            self._again(line)
            return
        line.received += part
        if (answer := whole(line.received)) is None:
            return
        self._selector.unregister(line.sock)
        sock = line.sock
        if b"\r\nconnection: close" in answer.head.lower():
            sock.close()
            sock = self._connect()
        try:
            self._send(Line(sock, line.steps, line.steps.send(answer), line.aside))
        except StopIteration:
            self._next(sock, aside=line.aside)


def whole(received: bytearray) -> Answer | None:
    """The answer, once all of it is there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[: end + 2])
    length = _LENGTH.search(head)
    if length is None:
        raise ValueError(f"an answer without its length: {head[:400]!r}")
    body = bytes(received[end + 4 :])
    if len(body) < int(length[1]):
        return None
    if b"\r\ncontent-encoding: gzip" in head.lower():
        body = zlib.decompress(body, 31)
    return Answer(int(head[9:12]), head, body)


def main() -> None:
    """Read the plan, carry it out, say what came of it."""
    plan = json.load(sys.stdin)
    dice = random.Random(plan["seed"])
    people = [
        Person(cookie, code, address, twice=dice.random() < plan["twice"])
        for cookie, code, address in plan["people"]
    ]
    load = Load(plan["port"], people, plan["connections"], plan["every"])
    began = time.perf_counter()
    load.run()
    seconds = time.perf_counter() - began
    rows = [[each.began, each.pressed, each.answered, each.ended, each.wrong] for each in people]
    json.dump({"seconds": seconds, "broken": load.broken, "people": rows}, sys.stdout)


if __name__ == "__main__":
    main()
