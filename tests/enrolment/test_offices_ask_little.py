"""Offices with many people send no more than fifteen statements for any page they work on."""

from retrain.extensions import db
from tests.harness.offices import OF_COLLEGE, OF_COORDINATOR, fill
from tests.harness.statements import counted

MOST = 15


def test_no_page_of_an_office_asks_more(app):
    offices = fill(app, applications=600, staff=120)
    greedy = {}
    pages = [(offices.coordinator, page) for page in OF_COORDINATOR] + [
        (offices.hr, page) for page in OF_COLLEGE
    ]
    for who, page in pages:
        db.session.remove()
        with counted() as sent:
            answer = who.browser.get(page)
        assert answer.status_code == 200, page
        asked = [each for each in sent if each != "BEGIN"]  # SQLite's own word, which asks nothing
        if len(asked) > MOST:
            greedy[page] = len(asked)
    assert greedy == {}
