"""A coordinator hangs timetables on the wall: of a run, a room, a lecturer; a week or all, A4 or A3, in four languages."""

from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest

from retrain import jobs
from retrain.documents.timetables import (
    Hour,
    Line,
    Paper,
    Timetable,
    WeekSheet,
    timetable_html,
    timetable_pdf,
)
from retrain.extensions import db
from retrain.timetable.models import Lecturer
from tests import scenario
from tests.documents.paper import pages_of, text_of, words_of
from tests.harness.statements import counted
from tests.scenario import Country

MONDAY = date(2026, 9, 14)
TITLES = {"uz": "Dars jadvali", "uz-Cyrl": "Дарс жадвали", "ru": "Расписание занятий", "en": "Timetable"}


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.first_week, MONDAY)


def addresses(country: Country) -> list[str]:
    lecturer = db.session.scalars(db.select(Lecturer)).one()
    return [
        f"/manage/runs/{country.run.code}/timetable.pdf",
        f"/rooms/{country.rooms[0].id}/timetable.pdf",
        f"/lecturers/{lecturer.id}/timetable.pdf",
    ]


@pytest.mark.parametrize("language", TITLES)
def test_a_run_a_room_and_a_lecturer_on_paper(country, app, language):
    browser = scenario.signed_in(app, country.coordinator)
    for where in addresses(country):
        answer = browser.get(f"{where}?week={MONDAY}&in={language}")
        assert answer.content_type == "application/pdf"
        text = text_of(answer.data)
        assert TITLES[language] in text
        assert text.count("08:30") == 1
        assert text.count("Kirish") == 2
    assert "Nodirov" not in text_of(browser.get(addresses(country)[2]).data).replace("Nodirov Bek", "", 1)


def test_a_lecturer_prints_their_own_week(country, app):
    content = scenario.signed_in(app, country.lecturer).get(f"/week.pdf?week={MONDAY}&in=en").data
    assert "PAY-001" in text_of(content)


def test_the_form_leads_to_the_sheet(country, app):
    browser = scenario.signed_in(app, country.coordinator)
    page = browser.get("/manage/timetables?lang=en").text
    assert f"room:{country.rooms[0].id}" in page
    answer = browser.get(f"/manage/timetables?of=run:{country.run.code}&paper=a3&in=ru&week=")
    assert answer.location == f"/manage/runs/{country.run.code}/timetable.pdf?paper=a3&in=ru"


def test_another_provider_prints_nothing_of_it(country, app):
    place = scenario.organisation("SDU", country.provider.kind, "Samarqand universiteti")
    stranger = scenario.role(scenario.person("Begona"), scenario.RoleKind.COORDINATOR, place)
    browser = scenario.signed_in(app, stranger)
    assert {browser.get(where).status_code for where in addresses(country)} == {403}


def test_a_sheet_asks_the_database_little(country, app):
    browser = scenario.signed_in(app, country.coordinator)
    for where in addresses(country):
        browser.get(where)
        with counted() as sent:
            browser.get(where)
        assert len(sent) <= 14, sent


def long_sheet(weeks: int, topic: str, person: str) -> Timetable:
    hours = tuple(Hour(*pair) for pair in zip(STARTS, ENDS, strict=True))
    found = []
    for number in range(weeks):
        days = tuple(MONDAY + timedelta(days=7 * number + day) for day in range(6))
        cells = {
            (hour, day): [Line(topic, ("Ustaxona 1, Bosh bino", person, "PAY-001 · P-1", "amaliy"))]
            for hour in hours
            for day in days
        }
        found.append(WeekSheet(number + 1, days, {}, hours, cells))
    last = MONDAY + timedelta(days=7 * weeks - 2)
    return Timetable(
        "Toshkent davlat texnika universiteti",
        "PAY-001 · " + topic,
        "P-1",
        MONDAY,
        last,
        MONDAY,
        tuple(found),
    )


STARTS = [scenario.time(8 + 2 * number, 30) for number in range(4)]
ENDS = [scenario.time(10 + 2 * number) for number in range(4)]
TOPIC = (
    "Payvandlash ishlarini tashkil etish, texnologik jarayonlarni loyihalash va mehnat muhofazasi talablari bo‘yicha"
    " amaliy mashg‘ulot"
)
PERSON = "Abdurahmonxo‘jayeva-Muhammadyoqubova Gulchehraxon Abdurahmonxo‘ja qizi"


@pytest.mark.parametrize("paper", Paper)
def test_the_longest_names_stay_in_their_columns(paper):
    content = timetable_pdf(long_sheet(1, TOPIC, PERSON), paper, lang="uz")
    wide = 297 if paper is Paper.A4 else 420
    words = words_of(content)
    assert words
    assert all(word.left >= 9 and word.right <= wide - 9 for word in words)
    for column in range(6):
        inside = [word for word in words if word.text == "Ustaxona"]
        assert len(inside) == 24
        assert column < len({round(word.left) for word in inside})


def test_every_page_says_whose_it_is_and_which_of_how_many():
    content = timetable_pdf(long_sheet(3, TOPIC, PERSON), Paper.A4, lang="uz")
    pages = pages_of(content)
    assert pages >= 3
    words = words_of(content)
    for page in range(1, pages + 1):
        texts = [word.text for word in words if word.page == page]
        assert {"PAY-001", "Dushanba"} & set(texts) or "dushanba" in texts
        assert str(pages) in texts


def test_a_word_without_end_is_cut_and_says_so():
    html = timetable_html(long_sheet(1, "ў" * 3000, PERSON), Paper.A4, lang="uz-Cyrl")
    assert "…" in html


def job_pages(app, country, **asked: str) -> bytes:
    """What comes of asking for all in one file, followed as a coordinator follows it."""
    browser = scenario.signed_in(app, country.coordinator)
    answer = browser.post("/manage/timetables", data={"paper": "a4", "in": "ru", "week": "", **asked})
    assert answer.status_code == 303
    jobs.run_waiting()
    told = browser.get(f"{answer.location}.json").json
    assert (told["state"], told["done"]) == ("done", told["total"])
    content = browser.get(told["after"])
    assert content.content_type == "application/pdf"
    assert browser.get(told["after"]).status_code == 200
    stranger = scenario.signed_in(app, country.hr_officer)
    assert stranger.get(told["after"]).status_code == 404
    return content.data


@pytest.mark.parametrize(
    ("every", "named"), [("run", "PAY-001"), ("room", "Ауд. 101"), ("lecturer", "Nodirov Bek")]
)
def test_a_whole_term_of_all_of_them_is_one_file_with_a_list(country, app, every, named):
    content = job_pages(app, country, every=every)
    assert named in text_of(content)
    with pikepdf.open(BytesIO(content)) as bound, bound.open_outline() as outline:
        assert len(outline.root) == 1, "a room without a class has no page"
        assert bound.docinfo["/Title"] == "Расписание занятий"


def test_nothing_is_begun_where_no_class_is_published(country, app):
    browser = scenario.signed_in(app, country.coordinator)
    asked = {"every": "run", "week": "2027-03-01"}
    answer = browser.post(
        "/manage/timetables?lang=en", data=asked, headers={"Referer": "http://localhost/manage/timetables"}
    )
    assert answer.status_code == 303
    assert "No published class stands in these days." in browser.get(f"{answer.location}?lang=en").text
    assert browser.get("/jobs").text.count("/jobs/") == 0
