"""Pages in Cyrillic letters name people in them, where that form is known and holds; Latin pages don't ask."""

from datetime import date

import pytest

from retrain.enrolment import service as enrolment
from retrain.extensions import db
from retrain.language.dates import one_stop
from retrain.people.models import PersonName
from retrain.people.states import Script
from retrain.people.wording import browser
from tests.harness.statements import counted


@pytest.fixture
def named(teachers):
    """The first has a Cyrillic name; the second had one, and has married since."""
    rows = [
        (teachers[0], Script.LATIN, "Aliyev", date(2000, 1, 1)),
        (teachers[0], Script.CYRILLIC, "Алиев", date(2000, 1, 1)),
        (teachers[1], Script.CYRILLIC, "Бобоева", date(2000, 1, 1)),
        (teachers[1], Script.LATIN, "Boboyev", date(2020, 1, 1)),
    ]
    for who, script, family, since in rows:
        values = {"script": script, "family": family, "given": "Ҳ.", "patronymic": "", "valid_from": since}
        held = db.session.query(PersonName).filter_by(person_id=who.person_id, script=script).all()
        for each in held:
            db.session.delete(each)
        db.session.flush()
        db.session.add(PersonName(person_id=who.person_id, **values))
    db.session.commit()
    return teachers


@pytest.fixture
def pages(run, named, coordinator):
    """``pages(language)``: the list of people of a run in a language, and what was asked for it."""
    code = run.code
    for teacher in named[:3]:
        enrolment.enrol_self(teacher.actor, code)

    def get(language):
        coordinator.browser.get(f"/?lang={language}")
        db.session.remove()
        with counted() as sent:
            text = coordinator.browser.get(f"/manage/runs/{code}/people").text
        return text, [each for each in sent if each != "BEGIN"]

    return get


@pytest.mark.parametrize("language", ["ru", "uz-Cyrl"])
def test_a_known_name_is_shown_in_the_letters_of_the_page(pages, language):
    text, asked = pages(language)
    assert "Алиев" in text
    assert "Aliyev" not in text
    assert "Boboyev" in text, "a married name known in Latin only"
    assert "Бобоева" not in text
    assert sum("FROM person_name" in each for each in asked) == 1


def test_a_latin_page_asks_for_no_other_letters(pages):
    text, asked = pages("uz")
    assert "Aliyev" in text
    assert "Алиев" not in text
    assert not any("FROM person_name" in each for each in asked)


def test_offices_read_their_people_in_their_letters(named, office, make_run):
    office.browser.get("/?lang=ru")
    run = make_run()
    for page in ("/college", "/staff", f"/runs/{run.code}/nominate"):
        text = office.browser.get(page).text
        assert "Алиев" in text, page
        assert "Aliyev" not in text, page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 13; SM-A135F) Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/124.0 YaBrowser/24.6 Safari/537.36", "Yandex, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox, Linux"),
    ],
)  # fmt: skip
def test_a_browser_is_called_by_its_name(agent, words):
    assert browser(agent) == words


def test_a_date_and_its_sentence_share_one_stop(teachers, run):
    assert one_stop("Срок — 14 марта 2029 г..") == "Срок — 14 марта 2029 г."
    enrolment.enrol_self(teachers[0].actor, run.code)
    teachers[0].browser.get("/?lang=ru")
    page = teachers[0].browser.get("/messages").text
    assert "2026 г." in page
    assert "г.." not in page
