"""What no page of ours sends: addresses, forms and headers made by hand. None of it may be our failure."""

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from retrain.attendance import service as attendance
from retrain.attendance.models import MarkChange
from retrain.extensions import db
from retrain.people.models import Organisation
from retrain.people.states import OrganisationKind, RoleKind
from retrain.web.forms import local_target
from tests import scenario

TOO_LARGE = (2**31, 2**63, 10**30)


@pytest.fixture
def administrator(app: Flask):
    ministry = scenario.organisation("MIN", OrganisationKind.MINISTRY, "Vazirlik")
    return scenario.role(scenario.person("Boshqaruvchi"), RoleKind.ADMINISTRATOR, ministry)


@pytest.fixture
def browser(app: Flask, administrator):
    return scenario.signed_in(app, administrator)


def test_a_number_too_large_for_any_row_is_the_address_of_nothing(app, browser):
    numbered = [
        rule
        for rule in app.url_map.iter_rules()
        if any(isinstance(each, IntegerConverter) for each in rule._converters.values())
    ]
    assert len(numbered) > 20
    for rule in numbered:
        for number in TOO_LARGE if rule is numbered[0] else TOO_LARGE[:1]:
            address = rule.rule
            for name in rule.arguments:
                whole = isinstance(rule._converters[name], IntegerConverter)
                kind = "int:" if f"<int:{name}>" in address else ""
                address = address.replace(f"<{kind}{name}>", str(number) if whole else "x")
            method = "GET" if "GET" in rule.methods else "POST"
            assert browser.open(address, method=method).status_code == 404, address


@pytest.mark.parametrize("page", ["99999999999999999999", "-3", "abc", "²", "", "999999999"])
@pytest.mark.parametrize(
    "address",
    ["/messages", "/admin/outbox", "/admin/accounts", "/admin/organisations", "/staff", "/runs", "/courses"],
)
def test_a_page_that_is_none_is_no_failure(browser, address, page):
    assert browser.get(address, query_string={"page": page}).status_code in (200, 404)


def test_no_text_holds_a_nul(browser):
    for address in (
        "/runs/a%00b",
        "/verify/a%00b",
        "/verify?number=a%00b&code=1",
        "/staff?q=%00",
        "/staff?%00=1",
    ):
        assert browser.get(address).status_code == 400, address
    assert browser.post("/account/phone", data={"phone": "9\x00"}).status_code == 400
    assert browser.post("/account/phone", data={"pho\x00ne": "9"}).status_code == 400


@pytest.mark.parametrize("body", [b"[1, 2]", b"{}", b"7", b"{bad", b"null", b'{"language": "ru"}'])
def test_a_form_is_not_read_out_of_json(browser, body):
    answer = browser.post("/account/language", data=body, content_type="application/json")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe=\xff&language=%FF", "application/x-www-form-urlencoded"),
        (
            b"--x\r\nContent-Disposition: form-data; name=language\r\n\r\nru",
            "multipart/form-data; boundary=x",
        ),
        (b"abc", "multipart/form-data"),
        (b"language=ru", "text/plain; charset=nothing"),
    ],
)
def test_a_body_that_is_broken_is_refused(browser, body, kind):
    assert browser.post("/account/language", data=body, content_type=kind).status_code in (400, 422)


@pytest.mark.parametrize(
    "before", ["http://[", "//[", "http://localhost:99999999/x", "\x01", "http://evil.example/"]
)
def test_a_strange_page_before_leads_to_a_page_of_ours(browser, before):
    answer = browser.post("/staff/slips", headers={"Referer": before})
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize(
    "target",
    ["/\t/[", "/\t//evil.example", "/\t/evil.example", "/\n//evil.example", "//[", "/\\evil", "http:/x", ""],
)
def test_no_address_leads_out(target):
    assert local_target(target, "/") == "/"


def test_an_address_of_raw_bytes_can_not_be_read(app, browser):
    for client in (app.test_client(), browser):
        answer = client.get("/account", environ_overrides={"QUERY_STRING": "x=\xff\xfe"})
        assert answer.status_code == 400
    assert app.test_client().get("/account?x=%ff").location.startswith("/sign-in?next=")


def test_a_host_made_up_by_the_visitor_is_in_no_answer(app, browser):
    odd = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    for client, address in ((app.test_client(), "/account"), (browser, "/"), (browser, "/account")):
        answer = client.get(address, headers=odd)
        assert "evil.example" not in answer.text + str(answer.headers), address
    data = {"login": "nobody@example.uz", "password": "x", "next": "/account"}
    answer = app.test_client().post("/sign-in", data=data, headers=odd)
    assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("x.html", b"<script>alert(1)</script>"),
        ("../../x.csv", b"\x00" * 2000),
        ("x.xlsx", b"PK\x03\x04zz"),
        ("x" * 400 + ".csv", b"a;b\n\xff;1\n"),
        ("\u202excod.csv", b"\xff\xfe"),
    ],
)
def test_a_file_that_is_no_roster_is_said_to_be_none(browser, name, content):
    sent = {"file": (BytesIO(content), name, "text/csv"), "college": "0"}
    assert browser.post("/staff/import", data=sent, content_type="multipart/form-data").status_code == 422


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"[" * 100_000, 422),
        (b"\xff\xfe", 422),
        (b'{"a": 1}', 422),
        (b'[1, null, {"code": 1, "region": [], "kind": {}, "name_uz": "a"}]', 303),
        (b'[{"code": "AAA", "region": "UZ-TK", "name_uz": "a\\u0000"}]', 303),
        (b'[{"code": "AAA", "region": "UZ-TK", "name_uz": "a\\ud800"}]', 303),
    ],
)
def test_a_list_of_colleges_that_is_none_brings_none(browser, content, status):
    sent = {"file": (BytesIO(content), "x.json", "application/json")}
    answer = browser.post("/admin/organisations/import", data=sent, content_type="multipart/form-data")
    assert answer.status_code == status
    assert db.session.scalar(db.select(db.func.count(Organisation.id))) == 1


@pytest.fixture
def country(made_once, clock):
    return made_once(scenario.first_week, date(2026, 9, 14))


DAYS = ("0001-01-01", "9999-12-31", "2026-02-30")


def test_a_day_of_no_calendar_is_none(app, country):
    browser, code = scenario.signed_in(app, country.coordinator), country.run.code
    for day in DAYS:
        for address in ("/week", f"/manage/runs/{code}/timetable"):
            asked = {"week": day, "day": day, "pair": "99999999999999999999"}
            assert browser.get(address, query_string=asked).status_code == 200, (address, day)
        assert browser.post(f"/manage/runs/{code}/copy", data={"starts_on": day}).status_code == 303
        typed = {
            "starts_on": day,
            "ends_on": day,
            "enrolment_opens": f"{day}T00:00",
            "enrolment_closes": f"{day}T00:00",
        }
        page = browser.post(f"/manage/runs/{code}/change", data=typed, query_string={"lang": "en"})
        assert page.status_code == 200
        assert "There is no such day." in page.text, day


def test_numbers_that_are_none_choose_nobody(app, country):
    code, meeting = country.run.code, country.sessions[0].id
    college, provider = (scenario.signed_in(app, each) for each in (country.college_hr, country.coordinator))
    for number in ("9" * 5000, "2147483648", "-1", "²"):
        for client, address, data in (
            (college, "/staff/slips", {"teachers": number}),
            (college, "/staff/links", {"teachers": number}),
            (college, "/act-as", {"role": number}),
            (college, "/messages/read", {"message": number}),
            (college, f"/runs/{code}/nominate", {"teachers": number}),
            (provider, f"/manage/runs/{code}/people/add", {"teachers": number}),
            (provider, f"/manage/runs/{code}/people/remove", {"people": number, "reason": "x"}),
            (provider, f"/manage/runs/{code}/results", {f"points-{number}-{number}": "3"}),
            (provider, f"/manage/runs/{code}/timetable/{meeting}", {"lock": number, "room_id": number}),
            (provider, f"/manage/runs/{code}/timetable/{meeting}/cancel", {"reason": ""}),
            (provider, f"/registers/{meeting}", {f"mark-{number}": "present"}),
            (
                provider,
                f"/registers/{meeting}/correct",
                {f"mark-{number}": "present", "who": number, "why": "x"},
            ),
        ):
            assert client.post(address, data=data).status_code in (200, 303, 422), (address, number)


def test_a_reason_longer_than_its_field_is_kept_as_far_as_it_goes(app, country):
    browser, meeting = scenario.signed_in(app, country.coordinator), country.sessions[0].id
    everyone = {f"mark-{row.id}": "present" for row in country.enrolments}
    browser.post(f"/registers/{meeting}", data=everyone | {"topic": "x" * 5000})
    attendance.sign(country.lecturer, meeting)
    number = country.enrolments[0].id
    typed = {f"mark-{number}": "absent", "who": str(number), "why": "ы" * 5000}
    assert browser.post(f"/registers/{meeting}/correct", data=typed).status_code == 303
    assert db.session.scalars(db.select(MarkChange.why)).one() == "ы" * 500


def test_a_filter_may_be_called_what_an_address_has_of_its_own(app, country):
    """Whatever stands behind the address of a list is handed on to its table, and names no other address."""
    odd = {
        "code": "x",
        "endpoint": "web.home",
        "_scheme": "javascript",
        "_external": "1",
        "_anchor": "x",
        "in": "y",
    }
    code = country.run.code
    for actor, address in (
        (country.coordinator, f"/manage/runs/{code}/people"),
        (country.coordinator, "/manage/people"),
        (country.coordinator, "/manage/places"),
        (country.coordinator, "/manage/where"),
        (country.college_hr, "/staff"),
    ):
        page = scenario.signed_in(app, actor).get(address, query_string=odd)
        assert page.status_code == 200, address
        assert f"{address}.xlsx?" in page.text or ".xlsx?" in page.text, address
        assert "javascript:" not in page.text, address


def test_an_endless_question_is_refused_in_words(app, country):
    for actor, address in ((country.coordinator, "/roles"), (country.college_hr, "/staff")):
        answer = scenario.signed_in(app, actor).get(address, query_string={"q": "x" * 60_000, "lang": "en"})
        assert answer.status_code == 400, address
        assert answer.text.count("<h1") == 1
