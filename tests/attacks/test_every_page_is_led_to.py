"""No page is reached only by whoever guesses its address."""

import re
from pathlib import Path

import pytest

import retrain
from retrain.people.states import OrganisationKind, RoleKind
from retrain.web import work
from tests import scenario

BY_OTHER_WAYS = {
    "static", "bootstrap.static", "web.favicon",  # asked for by browsers
    "jobs.health", "certificates.verified_json", "certificates.log_consistency",
    "certificates.issuer", "certificates.issuer_keys", "certificates.issuer_key",
    "certificates.issuer_status",  # asked for by programs, and documented
    "attendance.mentor",  # in a letter
    "attendance.opened",  # in a square on the screen
    "people.activate_with", "people.reset_with", "people.confirm_login",  # in letters
}  # fmt: skip
HOME = Path(retrain.__file__).parent


def test_every_address_is_in_some_page(app):
    texts = {path: path.read_text() for suffix in ("py", "html", "js") for path in HOME.rglob(f"*.{suffix}")}
    named = {name for text in texts.values() for name in re.findall(r'"([a-z]*\.[a-z_]+)"', text)}
    # A package's own views name their neighbours by a dot alone.
    short = {
        f"{path.relative_to(HOME).parts[0]}{name}"
        for path, text in texts.items()
        for name in re.findall(r'url_for\(\s*"(\.[a-z_]+)"', text)
        if path.suffix == ".py"
    }
    templates = {
        f"{path.parent.name}{name}"
        for path, text in texts.items()
        for name in re.findall(r'url_for\("(\.[a-z_]+)"', text)
        if path.suffix == ".html"
    }
    led = named | short | templates | BY_OTHER_WAYS
    assert sorted({rule.endpoint for rule in app.url_map.iter_rules()} - led) == []


@pytest.mark.parametrize("kind", list(RoleKind))
def test_every_destination_of_a_role_stands_in_its_menu(app, kind):
    place = scenario.organisation("MIN", OrganisationKind.MINISTRY, "Vazirlik")
    actor = scenario.role(scenario.person("Karimova"), kind, place)
    page = scenario.signed_in(app, actor).get("/account", query_string={"lang": "en"}).text
    # Seven stand in the bar, what comes after them in one's own menu.
    menu = "".join(
        re.findall(r'<nav class="destinations".*?</nav>|<li class="menu-name">.*?</ul>', page, re.DOTALL)
    )
    with app.test_request_context("/?lang=en"):
        for item in work.gather("menu", actor):
            assert f">{item.label}<" in menu, item.endpoint
