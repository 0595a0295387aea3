"""A person has messages come into their own Telegram chat: the bot is a real server of its protocol."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from retrain.extensions import db
from retrain.people import service
from retrain.people.models import Person
from tests import scenario


class Bot:
    """What a bot's server knows: who pressed Start with which word."""

    def __init__(self) -> None:
        self.url = ""
        self.updates: list[dict[str, object]] = []
        self.broken = False

    def start(self, chat: int, word: str) -> None:
        said = {"chat": {"id": chat}, "text": f"/start {word}"}
        self.updates.append({"update_id": 100 + len(self.updates), "message": said})

    def answer(self, method: str, asked: dict[str, int]) -> object:
        if method == "getMe":
            return {"username": "retrain_bot"}
        if "offset" in asked:
            self.updates = [each for each in self.updates if each["update_id"] >= asked["offset"]]
        return self.updates


@pytest.fixture
def bot(administrator) -> Iterator[Bot]:
    kept = Bot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            result = kept.answer(self.path.rsplit("/", 1)[1], asked)
            self.send_response(500 if kept.broken else 200)
            self.end_headers()
            self.wfile.write(json.dumps({"ok": True, "result": result}).encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    kept.url = f"http://127.0.0.1:{server.server_port}"
    channels = {"telegram": {"on": True, "url": kept.url, "token": "12:ab"}}
    service.set_setting(administrator, None, "channels", scenario.LONG_AGO, channels)
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def someone(college):
    return scenario.teacher(1, college).person


def word_on(page: str) -> str:
    return re.search(r"https://t\.me/retrain_bot\?start=([\w-]{1,64})\"", page).group(1)


def test_connected_by_pressing_start(bot, someone, as_user):
    me = as_user(scenario.Actor(someone.id))
    assert "/account/telegram" in me.get("/account").text
    word = word_on(me.get("/account/telegram").text)
    early = me.post("/account/telegram?lang=en")
    assert early.status_code == 422
    assert "The bot has not heard from you yet" in early.text
    bot.start(777, word)
    assert me.post("/account/telegram").status_code == 303
    assert db.session.get(Person, someone.id).telegram == "777"
    assert bot.updates == [], "what was read is not read again"
    me.post("/account/telegram/leave")
    assert db.session.get(Person, someone.id).telegram is None


def test_whoever_comes_first_brings_in_the_others(bot, college, as_user):
    people = [scenario.teacher(number, college).person for number in (1, 2)]
    for chat, each in enumerate(people):
        bot.start(chat + 1, word_on(as_user(scenario.Actor(each.id)).get("/account/telegram").text))
    as_user(scenario.Actor(people[0].id)).post("/account/telegram")
    assert [db.session.get(Person, each.id).telegram for each in people] == ["1", "2"]


def test_a_word_that_is_forged_or_old_connects_nobody(bot, someone, as_user, clock):
    me = as_user(scenario.Actor(someone.id))
    word = word_on(me.get("/account/telegram").text)
    bot.start(1, word[:-1] + ("A" if word[-1] != "A" else "B"))
    bot.start(2, f"{someone.id}-99999999999-")
    bot.start(3, "salom")
    assert me.post("/account/telegram").status_code == 422
    bot.start(4, word)
    clock.advance(minutes=16)
    assert me.post("/account/telegram").status_code == 422
    assert db.session.get(Person, someone.id).telegram is None


def test_a_silent_bot_is_said_to_be_silent(bot, someone, as_user):
    bot.broken = True
    page = as_user(scenario.Actor(someone.id)).get("/account/telegram?lang=en", follow_redirects=True)
    assert page.status_code == 200
    assert "Telegram does not answer just now" in page.text
