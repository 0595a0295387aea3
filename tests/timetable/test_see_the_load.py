"""A provider sees what its lecturers teach against the norm, how its rooms are used, and whom it shares."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from retrain.extensions import db
from retrain.people.states import OrganisationKind, RoleKind
from retrain.timetable import load, service
from retrain.timetable.models import Lecturer
from tests import scenario
from tests.harness.statements import counted
from tests.scenario import Country

MONDAY = date(2026, 9, 14)


@pytest.fixture
def country(made_once, clock) -> Country:
    return made_once(scenario.first_week, MONDAY)


def lecturer_row() -> Lecturer:
    return db.session.scalars(db.select(Lecturer)).first()


def test_hours_by_kind_held_and_left_to_the_norm(country, clock):
    lecturer_row().hours_a_year = 6
    db.session.commit()
    (found,) = load.lecturers(country.provider.id, 2026, date(2026, 9, 16))
    assert {kind.value: hours for kind, hours in found.by_kind.items()} == {"lecture": 4, "practical": 4}
    assert (found.hours, found.held, found.left) == (8, 4, -2)
    assert load.lecturers(country.provider.id, 2025, MONDAY)[0].hours == 0


def test_without_a_norm_nothing_is_left_or_beyond(country):
    (found,) = load.lecturers(country.provider.id, 2026, MONDAY)
    assert (found.norm, found.left) == (None, None)


def test_a_cancelled_class_is_no_load(country):
    service.cancel_session(country.coordinator, country.sessions[0].id, "flood")
    assert load.lecturers(country.provider.id, 2026, MONDAY)[0].hours == 6


def test_a_lecturer_shared_with_another_provider_has_one_total(country, app):
    other = scenario.organisation("SDU", OrganisationKind.UNIVERSITY, "Samarqand universiteti")
    db.session.add(Lecturer(person_id=country.lecturer.person_id, provider_id=other.id))
    db.session.commit()
    theirs = scenario.role(scenario.person("Begona"), RoleKind.COORDINATOR, other)
    (found,) = load.lecturers(other.id, 2026, MONDAY)
    assert (found.hours, found.elsewhere, found.everywhere) == (0, {country.provider.id: 8}, 8)
    page = scenario.signed_in(app, theirs).get("/load?lang=en").text
    assert "Texnika universiteti: 8" in page


def test_rooms_are_a_map_of_the_week(country, app):
    each, together, weeks = load.rooms(country.provider.id, 2026)
    assert weeks == 1
    assert each[0].use == {(day, 1): 1.0 for day in (1, 2, 3, 4)}
    assert (each[1].use, together.use[1, 1]) == ({}, 0.5)
    page = scenario.signed_in(app, country.coordinator).get("/load/rooms?lang=en").text
    assert page.count('class="heat-4">50%') == 4


def test_tables_to_take_away(country, app):
    browser = scenario.signed_in(app, country.coordinator)
    sheet = load_workbook(BytesIO(browser.get("/load/lecturers.xlsx?lang=en").data)).active
    assert [cell.value for cell in sheet[1]][:2] == ["Lecturer", "Post"]
    assert sheet["A2"].value == "Nodirov Bek"
    rooms = load_workbook(BytesIO(browser.get("/load/rooms.xlsx?lang=en").data)).active
    assert [rooms["A2"].value, rooms["D2"].value] == ["101", 4]


def test_the_ministry_and_the_region_see_their_own(country, app):
    ministry = scenario.organisation("MIN", OrganisationKind.MINISTRY, "Vazirlik")
    centre = scenario.organisation(
        "RC", OrganisationKind.REGIONAL_CENTRE, "Samarqand markazi", region="UZ-SA"
    )
    of_all = scenario.role(scenario.person("Vazirov"), RoleKind.MINISTRY, ministry)
    of_region = scenario.role(scenario.person("Samarqandiy"), RoleKind.REGIONAL_CENTRE, centre)
    where = f"/load?provider={country.provider.code}&lang=en"
    assert "Nodirov" in scenario.signed_in(app, of_all).get(where).text
    assert scenario.signed_in(app, of_region).get(where).status_code == 403
    assert scenario.signed_in(app, country.lecturer).get("/load").status_code == 403


@pytest.mark.parametrize("page", ["/load", "/load/rooms"])
def test_the_load_asks_the_database_little(country, app, page):
    browser = scenario.signed_in(app, country.coordinator)
    browser.get(page)
    with counted() as sent:
        browser.get(page)
    assert len(sent) <= 14
