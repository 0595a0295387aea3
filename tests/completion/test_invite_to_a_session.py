"""Whom a commission is to hear, and who sits there, are invited: each in their language, with an entry for the calendar."""

import pytest
from flask_babel import force_locale

from retrain.extensions import db
from retrain.messages import kinds
from retrain.messages.models import Message
from tests import scenario
from tests.completion.commission import (
    APPEAL,
    FINAL,
    at,
    compose,
    heard,
)


@pytest.fixture
def country(made_once, clock):
    return made_once(heard)


@pytest.fixture
def desk(country, app):
    return scenario.signed_in(app, country.secretary)


def test_who_is_to_be_heard_is_invited_in_their_own_language(country, desk, clock):
    compose(desk, country, FINAL)
    page = at(country, "final", "/invitation")
    assert "Invite to a session" in desk.get(at(country, "final")).text
    assert "This moment is over." in desk.post(page, data={"at": "2026-09-20T10:00", "place": "2"}).text
    assert "Say where the commission sits." in desk.post(page, data={"at": "2026-09-25T10:00"}).text
    typed = {"at": "2026-09-25T10:00", "place": "Room 204"}
    assert "2 people were invited." in desk.post(page, data=typed, follow_redirects=True).text
    assert "0 people were invited." in desk.post(page, data=typed, follow_redirects=True).text
    letters = db.session.scalars(db.select(Message).where(Message.kind == "commission.session_final")).all()
    assert {row.person_id for row in letters} == {each.person_id for each in country.teachers}
    for language, word in (("en", "Your final work"), ("ru", "работ"), ("uz", "ish")):
        with force_locale(language):
            said = kinds.text_of(letters[0].kind, letters[0].facts)
        assert word.lower() in said.subject.lower()
        assert "Room 204" in said.body
        assert "10:00" in said.body
    nobody = desk.post(at(country, "appeal", "/invitation"), data=typed)
    assert nobody.status_code == 404, "no commission of appeals is composed"
    compose(desk, country, APPEAL, "appeal")
    assert (
        "The commission has nobody to hear now."
        in desk.post(at(country, "appeal", "/invitation"), data=typed).text
    )
