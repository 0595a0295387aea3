"""From a course to a certificate that anyone can check, through the pages, at a desk and on a telephone.

Here the college nominates; a teacher's own activation and enrolment are tried in the tests of their packages.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from retrain.catalogue.models import Run
from retrain.certificates.models import Certificate
from retrain.extensions import db
from retrain.people import passwords, pinfl
from retrain.people.models import Person, Setting
from retrain.people.states import OrganisationKind, RoleKind
from retrain.tabular.write import write_xlsx
from tests import scenario

PASSWORD = "a long enough password 7"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def country(app, clock):
    """A university and a college with the people who work there; no course, no teacher."""
    provider = scenario.organisation("TDTU", OrganisationKind.UNIVERSITY, "Toshkent texnika universiteti")
    college = scenario.organisation("TK-04", OrganisationKind.COLLEGE, "Toshkent kimyo-texnologiya texnikumi")
    people = {
        "coordinator": (RoleKind.COORDINATOR, provider), "lecturer": (RoleKind.LECTURER, provider),
        "officer": (RoleKind.HR_OFFICER, provider), "college": (RoleKind.COLLEGE_HR, college),
    }  # fmt: skip
    for name, (kind, place) in people.items():
        person = scenario.person(
            name.title(), email=f"{name}@example.uz", password_hash=passwords.digest(PASSWORD)
        )
        scenario.role(person, kind, place)
    signatories = [{"post": "Rektor", "name": "A. Rahimov"}]
    db.session.add(
        Setting(
            organisation_id=provider.id, key="signatories", valid_from=scenario.LONG_AGO, value=signatories,
            created_at=datetime(2020, 1, 1, tzinfo=UTC),
        )
    )  # fmt: skip
    db.session.commit()
    return provider


class Someone:
    """A person at a page: signs in, goes somewhere, presses things by their names; every page is checked by axe."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.looked: set[str] = set()

    def signs_in(self, login: str, password: str = PASSWORD) -> None:
        self.page.context.clear_cookies()
        self.goes("/sign-in")
        self.page.get_by_label("E-mail or telephone").fill(login)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.presses("Sign in")

    def goes(self, path: str) -> None:
        self.page.goto(path + ("&" if "?" in path else "?") + "lang=en")
        self.looks()

    def presses(self, name: str) -> None:
        self.clicks(self.page.locator("main").get_by_role("button", name=name, exact=True).first)

    def follows(self, name: str) -> None:
        self.clicks(self.page.get_by_role("link", name=name).first)

    def clicks(self, what: Locator) -> None:
        """Clicks and waits for the page it leads to: until then the old one still counts as loaded."""
        with self.page.expect_navigation():
            what.click()
        self.looks()

    def looks(self) -> None:
        """Axe looks at each kind of page once: with the digits taken out, addresses of one kind are alike."""
        kind = re.sub(r"\d+", "", urlsplit(self.page.url).path)
        if kind in self.looked:
            return
        self.looked.add(kind)
        found = (
            Axe().run(self.page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
        )
        assert found == [], (self.page.url, [(one["id"], one["nodes"][0]["html"]) for one in found])

    def sees(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text)


def roster(path: Path, count: int) -> Path:
    """A college's list with a title above the header and birth dates as text."""
    people = []
    for number in range(count):
        born = datetime(1980, 3, 1, tzinfo=UTC).date() + timedelta(days=number)
        code = pinfl.make(born, pinfl.Sex.FEMALE, 123, 100 + number)
        people.append(
            [
                f"G‘ulomova{'abc'[number]}",
                "Nargiza",
                "Botirovna",
                code,
                born.strftime("%d.%m.%Y"),
                "o‘qituvchi",
            ]
        )
    path.write_bytes(
        write_xlsx(["Familiya", "Ism", "Sharif", "JSHSHIR", "Tug‘ilgan sana", "Lavozim"], people, "Ro‘yxat")
    )
    return path


@pytest.mark.slow
def test_from_a_course_to_a_certificate_anyone_can_check(country, app, page, clock, tmp_path, run_jobs):
    someone = Someone(page)
    code = publish_a_course_and_a_run(someone)
    import_and_nominate(someone, code, roster(tmp_path / "royxat.xlsx", 2), run_jobs)
    find_the_run_as_a_visitor(someone, code)
    days = put_the_week_together(someone, code, country)
    register_the_order(someone, code, "enrolment", "17-k")
    mark_and_sign(someone, days, clock)
    close_the_run(someone, code, clock)
    register_the_order(someone, code, "completion", "31-k")
    issue_print_and_hand_over(someone, code)
    check_the_certificate(someone)


def the_only(what):
    """The one row there is by now, whatever this session read before."""
    db.session.rollback()
    return db.session.scalars(select(what)).one()


def publish_a_course_and_a_run(someone: Someone) -> str:
    someone.signs_in("coordinator@example.uz")
    someone.goes("/courses/new")
    someone.page.get_by_label("Title").first.fill("Welding basics")
    someone.page.locator("textarea[name=topics]").fill("Seams; lecture; 4\nA seam of one's own; practical; 4")
    someone.presses("Publish and open a run")
    someone.page.locator("main form button").last.scroll_into_view_if_needed()
    someone.clicks(someone.page.get_by_role("button", name="Publish").first)
    return the_only(Run.code)


def import_and_nominate(someone: Someone, code: str, file: Path, run_jobs) -> None:
    someone.signs_in("college@example.uz")
    someone.goes("/staff/import")
    someone.page.locator("input[type=file]").set_input_files(file)
    someone.presses("Look at it")
    someone.clicks(someone.page.locator("main form button[type=submit], main form button:not([type])").last)
    run_jobs()
    someone.goes(f"/runs/{code}/nominate")
    for box in someone.page.locator("main input[type=checkbox][name=teachers]").all():
        box.check()
    someone.clicks(someone.page.locator("main button.btn-primary").last)
    someone.sees("G‘ulomovaa")


def find_the_run_as_a_visitor(someone: Someone, code: str) -> None:
    run = the_only(Run)
    assert run.taken == 2
    someone.page.context.clear_cookies()
    someone.goes("/runs?q=WELDING")
    someone.follows("Welding basics")
    someone.sees(code)


def put_the_week_together(someone: Someone, code: str, provider) -> list:
    someone.signs_in("coordinator@example.uz")
    someone.goes("/rooms")
    someone.page.get_by_label("Room", exact=True).fill("101")
    someone.page.get_by_label("Seats").fill("30")
    someone.presses("Add the room")
    someone.page.get_by_label("E-mail or telephone").fill("lecturer@example.uz")
    someone.presses("Add the lecturer")
    run = the_only(Run)
    days = [run.starts_on + timedelta(days=number) for number in range(2)]
    for day, topic in zip(days, ("Seams", "A seam"), strict=True):
        for pair in ("1", "2"):
            someone.goes(f"/manage/runs/{code}/timetable?week={day}&day={day}&pair={pair}")
            form = someone.page.locator("#put")
            option = form.locator("select[name=topic_id] option", has_text=topic).first.get_attribute("value")
            form.locator("select[name=topic_id]").select_option(option)
            form.locator("select[name=room_id]").select_option(index=1)
            form.locator("select[name=lecturer_id]").select_option(index=1)
            someone.presses("Put it in")
    someone.presses("Publish the timetable")
    someone.sees("4 classes are public now.")
    return days


def register_the_order(someone: Someone, code: str, kind: str, number: str) -> None:
    someone.signs_in("coordinator@example.uz")
    someone.goes(f"/manage/runs/{code}/orders")
    someone.clicks(someone.page.locator(f"form[action*='/orders/{kind}/draft'] button"))
    someone.goes(f"/manage/runs/{code}/orders/{kind}")
    someone.page.locator("input[name=number]").fill(number)
    someone.clicks(someone.page.locator("main form button.btn-primary").last)
    someone.sees(number)


def mark_and_sign(someone: Someone, days: list, clock) -> None:
    for day in days:
        clock.set(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        someone.signs_in("lecturer@example.uz")
        someone.goes("/teaching")
        addresses = [
            link.get_attribute("href")
            for link in someone.page.locator("section[aria-labelledby=today] a.task-link").all()
        ]
        for address in addresses:
            someone.goes(address)
            someone.presses("All 2 present")
            someone.presses("Sign the register")
            someone.sees("The register is signed.")


def close_the_run(someone: Someone, code: str, clock) -> None:
    clock.advance(days=30)
    someone.signs_in("coordinator@example.uz")
    someone.goes(f"/manage/runs/{code}/results")
    someone.page.locator("main input[name=title]").fill("Final test")
    someone.presses("Add the assessment")
    for number, box in enumerate(someone.page.locator("input.points").all()):
        box.fill(("90", "20")[number])
    someone.presses("Save the results")
    someone.goes(f"/manage/runs/{code}/completion")
    someone.sees("20 points in the final assessment; 56 are needed.")
    someone.page.locator("main").get_by_role("button", name="Close the run").click()
    sure = someone.page.locator("dialog button.btn-primary, dialog button.btn-danger")
    if sure.count():
        sure.first.click()
    someone.sees("The run is closed: 1 completed, 1 did not.")


def issue_print_and_hand_over(someone: Someone, code: str) -> None:
    someone.signs_in("officer@example.uz")
    someone.goes(f"/manage/runs/{code}/documents")
    someone.presses("Issue 1 document")
    pdf = someone.page.request.get(f"/manage/runs/{code}/documents.pdf")
    assert pdf.body().startswith(b"%PDF")
    certificate = the_only(Certificate)
    single = f"/certificates/{certificate.id}.pdf"
    assert someone.page.request.get(single).body() == someone.page.request.get(single).body()
    someone.goes(f"/certificates/{certificate.id}/hand-over")
    someone.presses("Record the hand-over")
    someone.sees("The hand-over is recorded.")


def check_the_certificate(someone: Someone) -> None:
    certificate = the_only(Certificate)
    someone.page.context.clear_cookies()
    someone.goes("/verify")
    someone.page.get_by_label("Series and number").fill(f"{certificate.series} {certificate.number}")
    someone.page.get_by_label("Check code").fill(certificate.check_code)
    someone.presses("Check")
    someone.sees("Genuine")
    someone.sees("G‘ulomovaa")
    holder = db.session.scalars(select(Person).where(Person.family == "G‘ulomovaa")).one()
    assert holder.teacher.pinfl not in someone.page.content()
