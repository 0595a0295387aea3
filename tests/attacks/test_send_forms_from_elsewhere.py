"""Forms that another site sends in somebody's name, and forms that are sent twice."""

import re

import pytest

from retrain.audit.models import AuditEntry
from retrain.extensions import db
from retrain.people.states import OrganisationKind, RoleKind
from tests import scenario


@pytest.fixture
def administrator(app):
    ministry = scenario.organisation("MIN", OrganisationKind.MINISTRY, "Vazirlik")
    return scenario.role(scenario.person("Boshqaruvchi"), RoleKind.ADMINISTRATOR, ministry)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json", "text/plain"])
def test_no_form_is_taken_without_its_secret(make_app, administrator, kind):
    app = make_app(WTF_CSRF_ENABLED=True)
    browser = scenario.signed_in(app, administrator)
    before = db.session.scalar(db.select(db.func.count(AuditEntry.id)))
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]
    assert len(posts) > 60
    for rule in posts:
        address = re.sub(r"<int:\w+>", "1", re.sub(r"<\w+>", "x", rule.rule))
        answer = browser.post(address, data=b"", content_type=kind, headers={"Origin": "http://evil.example"})
        assert (answer.status_code, answer.location) == (303, "/"), address
    assert db.session.scalar(db.select(db.func.count(AuditEntry.id))) == before


def test_a_secret_of_one_visitor_is_none_of_anothers(make_app, administrator):
    app = make_app(WTF_CSRF_ENABLED=True)
    page = app.test_client().get("/sign-in").text
    stolen = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
    browser = scenario.signed_in(app, administrator)
    browser.get("/account/language")
    answer = browser.post("/account/language", data={"language": "ru", "csrf_token": stolen})
    assert (answer.status_code, answer.location) == (303, "/")
