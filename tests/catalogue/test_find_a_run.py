"""Anyone finds a run: in either script, with any apostrophe, by filters that stay in the address."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, update

from retrain.catalogue.models import Run
from retrain.extensions import db
from tests.harness.actors import organisation, somebody


@pytest.mark.parametrize(
    "typed",
    ["Ўқитувчи", "o'qituvchi", "oʻqituvchi", "O‘QITUVCHI", "o`qituvchi", "мастерство", "IT-001", "Buxoro 2-bino", "davlat"],
)  # fmt: skip
def test_any_way_of_writing_finds_it(client, make_run, make_course, typed):
    make_run(make_course("IT"))
    make_run(
        make_course("EL", titles={"en": "Welding"}, languages=("uz", "ru")), place_text="", region="UZ-SA"
    )
    page = client.get("/runs", query_string={"q": typed, "lang": "en"}).text
    assert "IT-001" in page
    assert ("EL-001" in page) == (typed == "davlat")


def test_what_is_not_there_is_said(client, make_run):
    make_run()
    page = client.get("/runs?q=%25zzz&lang=en&page=99999999&sort=nonsense").text
    assert "No run is like this" in page
    assert client.get("/runs?page=-1&when=2026-99&form=x&kind='&provider=\u202e").status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"IT-001", "EL-001"}),
        ({"region": "UZ-SA"}, {"EL-001"}),
        ({"language": "ru"}, {"EL-001"}),
        ({"form": "distance"}, {"EL-001"}),
        ({"kind": "event"}, set()),
        ({"open": "now"}, {"IT-001"}),
        ({"open": "free"}, {"IT-001"}),
        ({"when": "2026-10"}, {"EL-001"}),
        ({"when": "under-way"}, set()),
        ({"provider": "BXDU"}, {"IT-001"}),
        ({"provider": "nobody"}, set()),
        ({"region": "UZ-BU", "language": "ru"}, set()),
    ],
)
def test_filters(app, client, make_course, make_run, asked, found):
    make_run(make_course("IT"))
    samarkand = somebody(
        app, "coordinator", organisation("SAMDU", "Samarqand davlat universiteti", region="UZ-SA")
    )
    make_run(
        make_course("EL", by=samarkand, form="distance"), by=samarkand, region="UZ-SA", language="ru", form="distance",
        starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 10),
        enrolment_opens=datetime(2026, 9, 20, tzinfo=UTC), enrolment_closes=datetime(2026, 10, 1, tzinfo=UTC),
    )  # fmt: skip
    page = client.get("/runs", query_string=asked).text
    assert {code for code in ("IT-001", "EL-001") if code in page} == found


def test_drafts_are_for_those_who_manage_them(client, coordinator, make_run):
    run = make_run(publish=False)
    assert run.code not in client.get("/runs").text
    assert client.get(f"/runs/{run.code}").status_code == 404
    assert coordinator.browser.get(f"/runs/{run.code}").status_code == 200


def test_the_page_of_a_run_says_everything(client, coordinator, make_run):
    run = make_run(curator_id=coordinator.person_id)
    page = client.get(f"/runs/{run.code}?lang=en").text
    for text in (
        "O‘qituvchi mahorati", "Buxoro davlat universiteti", "14–19 September 2026", "30 of 30 places are free",
        "Buxoro, 2-bino", "Karimova Dilnoza", "Pedagogika", "Dars tahlili", "certificate of advanced training",
        "At most 18 hours may be missed",
    ):  # fmt: skip
        assert text in page, text
    assert '<html lang="ru"' in client.get(f"/runs/{run.code}?lang=ru").text


def test_a_full_run_says_so(client, make_run):
    run = make_run(places=2)
    db.session.execute(update(Run).values(taken=2))
    db.session.commit()
    assert "no free places" in client.get(f"/runs/{run.code}?lang=en").text
    assert run.code not in client.get("/runs?open=free").text


def test_few_queries_however_many_runs(app, client, make_course, make_run):
    course = make_course("IT")
    for _ in range(25):
        make_run(course)
    counts = {}
    for page in ("/runs?q=mahorati&region=UZ-BU&open=free", "/runs?page=2", "/runs/IT-001"):
        statements = []
        listener = lambda *arguments, kept=statements: kept.append(arguments[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        assert client.get(page).status_code == 200
        event.remove(db.engine, "before_cursor_execute", listener)
        counts[page] = len(statements)
    assert max(counts.values()) <= 12, counts
