"""Whoever sends a request one letter at a time holds up nobody but themselves."""

import socket
import urllib.request

from retrain.extensions import db
from tests.harness import servers

SLOW = 200
"""Many more than the server has threads."""


def test_pages_are_answered_while_many_send_slowly(app, database, tmp_path):
    db.session.remove()
    db.engine.dispose()
    port = servers.free_port()
    environment = {
        "RETRAIN_DATABASE_URL": database.url, "RETRAIN_INSTANCE": str(tmp_path), "PORT": str(port),
        "RETRAIN_SECRET_KEY": "the secret of a test that nobody else knows",
    }  # fmt: skip
    with servers.process("serve", environment=environment, log=tmp_path / "log") as web:
        servers.await_answer(f"http://127.0.0.1:{port}/verify", process=web)
        held = [socket.create_connection(("127.0.0.1", port)) for _ in range(SLOW)]
        try:
            for each in held:
                each.sendall(b"GET /verify HTTP/1.1\r\nHost: loc")
            for _ in range(10):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/verify", timeout=20) as answer:
                    assert answer.status == 200
        finally:
            for each in held:
                each.close()
