"""The short way: one page with a title, hours and a pasted plan, then a run of it, in four requests."""

from datetime import date

import pytest

from retrain.catalogue import queries
from retrain.catalogue.plan import pasted_plan, written_plan
from retrain.catalogue.states import HourKind

PASTED = """1. Kasbiy pedagogika:
Kirish; ma’ruza; 4
Dars tahlili\tамалий\t8 soat
2. Raqamli vositalar
LMS bilan ishlash; mustaqil; 6"""


def test_from_a_title_to_a_published_run(coordinator):
    browser = coordinator.browser
    assert browser.get("/courses/new").status_code == 200
    made = browser.post(
        "/courses/new",
        data={
            "title": "Raqamli ta’lim vositalari",
            "language": "uz",
            "kind": "advanced_training",
            "topics": PASTED,
        },
    )
    assert made.status_code == 303, made.text
    form = browser.get(made.location).text
    for proposed in ('value="2026-09-14"', 'value="2026-09-16"', 'value="30"', 'value="2026-09-11T23:59"'):
        assert proposed in form
    opened = browser.post(made.location, data=proposal_in(form))
    assert opened.status_code == 303, opened.text
    run = queries.run(opened.location.rpartition("/")[2])
    assert (run.state, run.starts_on, run.ends_on) == ("published", date(2026, 9, 14), date(2026, 9, 16))
    assert run.curator_id == coordinator.person_id
    assert run.group_name
    assert run.policy["max_unexcused_hours"] == 18
    assert "Raqamli" in browser.get(f"/runs/{run.code}").text


def proposal_in(page):
    """What a browser would send back of the proposed form."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        def __init__(self):
            super().__init__()
            self.values, self.select = {}, ""

        def handle_starttag(self, tag, attributes):
            found = dict(attributes)
            if tag == "input" and found.get("name"):
                self.values[found["name"]] = found.get("value") or ""
            if tag == "select":
                self.select = found["name"]
            if tag == "option" and "selected" in found:
                self.values[self.select] = found["value"]

    reader = Fields()
    reader.feed(page.partition('class="page-form"')[2])
    return reader.values


def test_a_pasted_plan_is_understood():
    read = pasted_plan(PASTED, "uz", "Kurs")
    assert read.refusals == ()
    assert [module.titles["uz"] for module in read.modules] == ["Kasbiy pedagogika", "Raqamli vositalar"]
    assert [topic.kind for topic in read.modules[0].topics] == [HourKind.LECTURE, HourKind.PRACTICAL]
    assert read.hours == 18
    assert pasted_plan(written_plan(read.modules, "uz"), "uz", "Kurs").modules == read.modules


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Mavzu; ma’ruza; ko‘p", "plan-line-hours"),
        ("Mavzu; tushlik; 4", "plan-line-kind"),
        ("; lecture; 4", "plan-line-topic"),
    ],
)  # fmt: skip
def test_a_line_that_is_not_understood_is_named(coordinator, line, code):
    read = pasted_plan(f"Modul\nKirish; lecture; 2\n{line}", "uz", "Kurs")
    assert [(refusal.code, refusal.facts["line"]) for refusal in read.refusals] == [(code, 3)]
    data = {"title": "Kurs nomi", "language": "uz", "kind": "event", "topics": f"Kirish; lecture; 2\n{line}"}
    answer = coordinator.browser.post("/courses/new", data=data)
    assert answer.status_code == 200
    assert "Line 2" in answer.text
    assert "Kirish; lecture; 2" in answer.text


def test_the_hours_must_agree(coordinator):
    data = {
        "title": "Kurs nomi",
        "language": "ru",
        "kind": "retraining",
        "hours": "72",
        "topics": "Тема; лекция; 36",
    }
    answer = coordinator.browser.post("/courses/new", data=data)
    assert "The topics have 36 hours, the course 72" in answer.text


def test_hours_alone_are_enough(coordinator):
    data = {
        "title": "Payvandlash asoslari",
        "language": "uz",
        "kind": "retraining",
        "hours": "576",
        "then": "draft",
    }
    code = coordinator.browser.post("/courses/new", data=data).location.split("/")[2]
    version = queries.course(code).versions[0]
    assert (version.hours, version.published_at) == (576, None)
    assert version.document_type == "retraining_diploma"
    assert version.languages == ["uz", "uz-Cyrl"]
