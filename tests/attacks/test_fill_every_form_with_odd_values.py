"""Every page a role is led to, and every form on it, filled with what nobody types: none fails, each says why."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask

from retrain.people.states import RoleKind
from tests import scenario

pytestmark = pytest.mark.slow

MONDAY = date(2026, 9, 14)
ODD = (
    "", "ў" * 301, "\u202eאבגד 😀👩‍🔬 مرحبا", "2026-02-30", "9999-12-31", "1" + "0" * 30, "-1", "2147483648", "1e400",
    "NaN", "²", "%s {0} {{7*7}} <script>", "2026-09-14T25:61", "[]",
)  # fmt: skip
ASKED = (
    "page",
    "sort",
    "q",
    "show",
    "state",
    "college",
    "course",
    "region",
    "week",
    "day",
    "month",
    "year",
    "code",
    "in",
)
MOST_PAGES, MOST_TRIES = 400, 20_000
LEAVES = ("/sign-out", "/account/sessions")
"""What ends the walker's own session."""


class Page(HTMLParser):
    """The links of a page and its forms: (method, action, {name: value})."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].split("#")[0])
        if tag == "form":
            self.forms.append((given.get("method", "get").upper(), given.get("action", ""), {}))
        if tag in ("input", "select", "textarea", "button") and given.get("name") and self.forms:
            self.forms[-1][2].setdefault(given["name"], given.get("value", ""))


def alike(address: str) -> str:
    """The address without what tells one thing from another of its kind."""
    return re.sub(r"[A-Z]+-\d[\w-]*|\d+", "N", urlsplit(address).path)


@pytest.fixture
def people(app: Flask, clock: Any) -> dict[RoleKind, scenario.Actor]:
    """Somebody in each role at the organisations of a run in its first week."""
    found = scenario.country(MONDAY)
    found.timetable(*scenario.days(MONDAY, 4))
    clock.set(datetime(2026, 9, 14, 5, tzinfo=UTC))
    actors = {
        kind: scenario.role(scenario.person(f"Odam{number}"), kind, found.provider)
        for number, kind in enumerate(RoleKind)
    }
    ministry = scenario.organisation("MIN", "ministry", "Vazirlik")  # type: ignore[arg-type]
    for kind in (RoleKind.MINISTRY, RoleKind.ADMINISTRATOR):
        actors[kind] = scenario.role(scenario.person(f"Vazir{kind}"), kind, ministry)
    return actors | {
        RoleKind.TEACHER: scenario.Actor(found.teachers[0].person_id or 0), RoleKind.COLLEGE_HR: found.college_hr,
        RoleKind.COORDINATOR: found.coordinator, RoleKind.LECTURER: found.lecturer, RoleKind.HR_OFFICER: found.hr_officer,
    }  # fmt: skip


def walk(app: Flask, actor: scenario.Actor) -> tuple[list[str], dict[str, tuple[str, str, dict[str, str]]]]:
    """A page of each kind that links lead to from the first one, and a form of each kind on them."""
    seen: dict[str, str] = {}
    forms: dict[str, tuple[str, str, dict[str, str]]] = {}
    ahead, browser = ["/", "/account", "/messages", "/settings"], scenario.signed_in(app, actor)
    while ahead and len(seen) < MOST_PAGES:
        address = ahead.pop(0)
        if alike(address) in seen:
            continue
        seen[alike(address)] = address
        answer = browser.get(address)
        if answer.status_code != 200 or "html" not in (answer.content_type or ""):
            continue
        page = Page(answer.text)
        ahead += page.links
        for method, action, fields in page.forms:
            target = action if action.startswith("/") else urlsplit(address).path
            forms.setdefault(f"{method} {alike(target)} {sorted(fields)[:9]}", (method, target, fields))
    return list(seen.values()), forms


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("kind", list(RoleKind))
def test_no_form_and_no_list_fails(
    app: Flask, people: dict[RoleKind, scenario.Actor], kind: RoleKind
) -> None:
    pages, forms = walk(app, people[kind])
    assert len(pages) > 8
    tries: list[tuple[str, str, dict[str, str]]] = []
    for number, address in enumerate(pages):
        value = ODD[number % len(ODD)]
        tries.append(("GET", f"{urlsplit(address).path}?{urlencode(dict.fromkeys(ASKED, value))}", {}))
    for number, (method, target, fields) in enumerate(forms.values()):
        if target.startswith(LEAVES):
            continue
        for turn, name in enumerate(["", *list(fields)[:8]]):
            value = ODD[(number + turn) % len(ODD)]
            typed = fields | {name: value} if name else dict.fromkeys(fields, value)
            tries.append((method, target, typed))
    for method, address, typed in tries[:: len(tries) // MOST_TRIES + 1]:
        browser = scenario.signed_in(app, people[kind])
        answer = browser.open(address, method=method, data=typed if method == "POST" else None)
        assert answer.status_code in (200, 302, 303, 400, 403, 404, 409, 410, 422, 429), (
            method,
            address,
            typed,
        )
        if answer.status_code == 422:
            assert re.search(r'class="(field-error|alert|error-summary)', answer.text), (address, typed)
