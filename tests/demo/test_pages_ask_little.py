"""Every page that can be reached by links from each role's first page, with the whole country inside."""

import re
from html import unescape

import pytest
from flask import Flask

from retrain.extensions import db
from retrain.people.states import RoleKind
from tests.harness.statements import counted

MOST = 25
"""Statements of one page, from the session to the last word."""

DEEP = 3
"""Links followed from the first page; of addresses alike but for their numbers and codes one is opened."""

NOT_PAGES = re.compile(r"\.(pdf|xlsx|ics|zip|svg)\b|^/static|^/bootstrap|/sign-out|/files/")


def kind_of(address: str) -> str:
    """The address without what tells one thing from another of its kind."""
    path, _, query = address.partition("?")
    names = "&".join(sorted(part.partition("=")[0] for part in query.split("&")))
    return re.sub(r"[A-Z]{2,4}-\d+|\d+", "N", path) + "?" + names


@pytest.mark.parametrize("role", [kind.value for kind in RoleKind])
def test_no_page_asks_more_than_it_may(
    country: Flask, accounts: dict[str, dict[str, str]], role: str
) -> None:
    client = country.test_client()
    signing = accounts[role]
    answer = client.post("/sign-in", data={"login": signing["email"], "password": signing["password"]})
    assert answer.status_code == 303
    waiting, seen, greedy, broken = [("/", 0)], {"/?"}, {}, {}
    while waiting:
        address, depth = waiting.pop(0)
        db.session.remove()
        with counted() as sent:
            answer = client.get(address)
        if answer.status_code in (302, 303):
            waiting.append((answer.location, depth))
        if answer.status_code not in (200, 302, 303):
            broken[address] = answer.status_code
        if len(sent) > MOST:
            greedy[address] = len(sent)
        if depth < DEEP and answer.status_code == 200 and answer.mimetype == "text/html":
            for link in map(unescape, re.findall(r'<a [^>]*href="(/[^"#]*)', answer.text)):
                if kind_of(link) not in seen and not NOT_PAGES.search(link):
                    seen.add(kind_of(link))
                    waiting.append((link, depth + 1))
    assert (greedy, broken) == ({}, {})
    assert len(seen) >= 8, "the walk went somewhere"
