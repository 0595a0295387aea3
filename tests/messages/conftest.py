"""Servers of every channel's protocol, in the test process, and a kind of message to send over them."""

import json
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask_babel import gettext as _

from retrain.database.use_case import use_case
from retrain.messages import Channel, Kind, Recipient, kinds, later, recipients
from tests.ground import new_person
from tests.harness.servers import free_port


@dataclass
class MailServer:
    """An SMTP server that keeps what it takes; *answers* are given first, one for each mail."""

    port: int
    mails: list[Any] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(envelope)
        return "250 taken"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    handler = MailServer(free_port())
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@dataclass
class WebServer:
    """An HTTP server that keeps what is posted to it; *answers* are given first."""

    url: str = ""
    posts: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


@pytest.fixture
def web() -> Iterator[WebServer]:
    kept = WebServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.posts.append((self.path, body, dict(self.headers)))
            status, answer = kept.answers.pop(0) if kept.answers else (200, {"ok": True})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    kept.url = f"http://127.0.0.1:{server.server_port}"
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def kind(app: Flask) -> str:
    """A kind of message that only tests know."""
    known = kinds.declared(app)
    known["test.moved"] = Kind(
        lambda facts: f"{_('Messages')}: {facts['run']}", "%(run)s, %(day)s, %(title)s"
    )
    known["test.link"] = Kind("reset", "open %(link)s", essential=True, channels={Channel.EMAIL})
    return "test.moved"


@dataclass
class Country:
    """Who can be reached where, and which channels the administrator switched on."""

    people: dict[int, Recipient] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)

    def new(self, **addresses: str) -> int:
        """A person reached at these addresses."""
        person = new_person()
        self.people[person.id] = Recipient(**({"name": "Bek Aliyev", "language": "en"} | addresses))
        return person.id

    def reached(self, numbers: Collection[int]) -> dict[int, Recipient]:
        return {number: self.people[number] for number in numbers if number in self.people}


@pytest.fixture
def country(monkeypatch: pytest.MonkeyPatch) -> Country:
    made = Country()
    monkeypatch.setattr(recipients._Directory, "ask", staticmethod(made.reached))
    monkeypatch.setattr(recipients._Directory, "settings", staticmethod(lambda: made.channels))
    return made


@use_case
def tell(person_id: int, kind: str = "test.moved", **more: Any) -> None:
    """Write a message."""
    facts = {
        "run": "IT-014",
        "day": "2026-09-05",
        "title": {"uz": "Payvandlash", "ru": "Сварка", "en": "Welding"},
    }
    later(person_id, kind, more.pop("facts", facts), **({"key": f"{kind}:{person_id}"} | more))
