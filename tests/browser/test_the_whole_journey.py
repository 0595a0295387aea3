"""From a course to a certificate that anyone can check, through the pages, at a desk and on a telephone.

The nine steps of the house: the college imports and nominates, one teacher opens an account with a printed slip
and enrols alone, the week, the register, the orders, the results, the document, and the public check.
"""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from retrain.catalogue.models import Run
from retrain.certificates.models import Certificate
from retrain.documents import slips
from retrain.extensions import db
from retrain.people import passwords, pinfl
from retrain.people.models import Setting, Teacher
from retrain.people.states import OrganisationKind, RoleKind
from retrain.tabular.write import write_xlsx
from tests import scenario

PHONE = "90 123-45-67"
PASSWORD = "a long enough password 7"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TITLE = "Payvandlash: o‘qituvchi mahorati"
SPELLINGS = ("Ўқитувчи", "o'qituvchi", "oʻqituvchi", "O‘QITUVCHI")
SCAN = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
NAMES = ("G‘ulomovaa", "G‘ulomovab", "G‘ulomovac", "G‘ulomovad")


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


@pytest.fixture
def printed(monkeypatch) -> list[slips.Slip]:
    """The slips that went to the printer: what stands on the paper a teacher is given."""
    kept: list[slips.Slip] = []
    make = slips.slips_pdf

    def noting(made, **how):
        kept.extend(made)
        return make(made, **how)

    monkeypatch.setattr(slips, "slips_pdf", noting)
    return kept


class Someone:
    """A person at a page: signs in, goes somewhere, presses things by their names; every page is checked by axe."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.looked: set[str] = set()
        self.kept: dict[str, list[Any]] = {}

    def signs_in(self, login: str, password: str = PASSWORD) -> None:
        self.page.context.clear_cookies()
        self.goes("/sign-in")
        self.page.get_by_label("E-mail or telephone").fill(login)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.presses("Sign in")
        self.kept[login] = self.page.context.cookies()

    def comes_back(self, login: str) -> None:
        """Signed in still, in a browser of their own that was left open."""
        self.page.context.clear_cookies()
        self.page.context.add_cookies(self.kept[login])

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


def roster(path: Path) -> Path:
    """A college's list with a column whose header nobody can know, and birth dates as text."""
    people = []
    for number, family in enumerate(NAMES):
        born = datetime(1980, 3, 1, tzinfo=UTC).date() + timedelta(days=number)
        code = pinfl.make(born, pinfl.Sex.FEMALE, 123, 100 + number)
        people.append([family, "Nargiza", "Botirovna", code, born.strftime("%d.%m.%Y"), "o‘qituvchi"])
    headers = ["Familiya", "Ism", "Sharif", "Raqami (14 xona)", "Tug‘ilgan sana", "Lavozim"]
    path.write_bytes(write_xlsx(headers, people, "Ro‘yxat"))
    return path


def test_from_a_course_to_a_certificate_anyone_can_check(
    country, app, page, clock, tmp_path, run_jobs, printed
):
    someone = Someone(page)
    code = publish_a_course_and_a_run(someone)
    import_a_roster(someone, roster(tmp_path / "royxat.xlsx"), run_jobs)
    nominate_all_but_the_last(someone, code)
    open_an_account_with_a_slip(someone, printed)
    enrol_in_three_clicks(someone, code, run_jobs)
    days = put_the_week_together(someone, code)
    register_the_order(someone, code, "enrolment", "17-k", scan=True)
    mark_and_sign(someone, days, clock)
    close_the_run(someone, code, clock)
    nothing_is_issued_without_the_order(someone, code)
    register_the_order(someone, code, "completion", "31-k")
    issue_print_and_hand_over(someone, code)
    check_the_certificate(someone)
    revoke_it(someone)


def the_only(what):
    """The one row there is by now, whatever this session read before."""
    db.session.rollback()
    return db.session.scalars(select(what)).one()


def publish_a_course_and_a_run(someone: Someone) -> str:
    someone.signs_in("coordinator@example.uz")
    someone.goes("/courses/new")
    someone.page.get_by_label("Title").first.fill(TITLE)
    someone.page.locator("textarea[name=topics]").fill("Seams; lecture; 4\nA seam of one's own; practical; 4")
    someone.presses("Publish and open a run")
    someone.page.locator("main form button").last.scroll_into_view_if_needed()
    someone.clicks(someone.page.get_by_role("button", name="Publish").first)
    return the_only(Run.code)


def import_a_roster(someone: Someone, file: Path, run_jobs) -> None:
    """The unknown column is named once; the same file again needs no naming and changes nothing."""
    someone.signs_in("college@example.uz")
    someone.goes("/staff/import")
    someone.page.locator("input[type=file]").set_input_files(file)
    someone.presses("Look at it")
    assert someone.page.url.split("?")[0].endswith("/columns")
    someone.page.get_by_label("Raqami (14 xona)").select_option("pinfl")
    someone.presses("Go on with these")
    assert db.session.scalar(select(db.func.count(Teacher.id))) == 0, "a preview writes nothing"
    someone.clicks(someone.page.locator("main form button[type=submit], main form button:not([type])").last)
    # The page that follows the work goes on by itself when it is done; who leaves it meanwhile is pulled back.
    with someone.page.expect_navigation():
        run_jobs()
    assert db.session.scalar(select(db.func.count(Teacher.id))) == len(NAMES)
    someone.goes("/staff/import")
    someone.page.locator("input[type=file]").set_input_files(file)
    someone.presses("Look at it")
    assert not someone.page.url.split("?")[0].endswith("/columns")
    someone.sees("nothing changes")


def nominate_all_but_the_last(someone: Someone, code: str) -> None:
    someone.goes(f"/runs/{code}/nominate")
    for box in someone.page.locator("main input[type=checkbox][name=teachers]").all()[:-1]:
        box.check()
    someone.clicks(someone.page.locator("main button.btn-primary").last)
    someone.sees(NAMES[0])
    assert the_only(Run).taken == len(NAMES) - 1


def open_an_account_with_a_slip(someone: Someone, printed: list[slips.Slip]) -> None:
    """The last teacher has neither mailbox nor telephone: the college prints a slip."""
    someone.goes("/staff/slips")
    someone.page.locator("main input[type=checkbox][name=teachers]").last.check()
    token = someone.page.locator("main input[name=csrf_token]").first.input_value()
    chosen = someone.page.locator("main input[type=checkbox][name=teachers]").last.get_attribute("value")
    answer = someone.page.request.post("/staff/slips", form={"csrf_token": token, "teachers": chosen})
    assert answer.body().startswith(b"%PDF")
    [slip] = printed
    someone.page.context.clear_cookies()
    someone.goes("/activate")
    someone.page.locator("section[aria-labelledby=with-slip] input.form-control").fill(
        slip.code.lower().replace("-", " ")
    )
    someone.presses("Go on")
    someone.page.get_by_label("E-mail or telephone to sign in with").fill(PHONE)
    for box in someone.page.locator("main input[type=password]").all():
        box.fill(PASSWORD)
    someone.clicks(someone.page.locator("main form button.btn-primary").last)
    someone.sees("Your account is open.")
    someone.signs_in(PHONE)


def enrol_in_three_clicks(someone: Someone, code: str, run_jobs) -> None:
    for spelling in SPELLINGS:
        someone.goes(f"/runs?q={spelling}")
        someone.sees(TITLE)
    someone.follows(TITLE)
    someone.presses("Take a place")
    someone.sees("You have a place")
    assert the_only(Run).taken == len(NAMES)
    run_jobs()
    someone.goes("/messages")
    someone.sees(TITLE)
    entry = someone.page.request.get(f"/mine/{code}.ics")
    assert entry.ok
    assert "BEGIN:VEVENT" in entry.text()


def put_the_week_together(someone: Someone, code: str) -> list[date]:
    someone.comes_back("coordinator@example.uz")
    someone.goes("/rooms")
    someone.page.get_by_label("Room", exact=True).fill("101")
    someone.page.get_by_label("Seats").fill("30")
    someone.presses("Add the room")
    someone.goes("/lecturers")
    someone.page.get_by_label("E-mail or telephone").fill("lecturer@example.uz")
    someone.presses("Add the lecturer")
    run = the_only(Run)
    days = [run.starts_on + timedelta(days=number) for number in range(2)]
    for day, topic in zip(days, ("Seams", "A seam"), strict=True):
        for pair in ("1", "2"):
            put_in(someone, code, day, pair, topic)
        if day == days[0]:
            put_in(someone, code, day, "2", "A seam")
            someone.sees("The group already has a class then: “Seams”")
            someone.sees("101")
    someone.goes(f"/manage/runs/{code}/timetable?week={days[0]}")
    someone.presses("Publish the timetable")
    someone.sees("4 classes are public now.")
    return days


def put_in(someone: Someone, code: str, day: date, pair: str, topic: str) -> None:
    someone.goes(f"/manage/runs/{code}/timetable?week={day}&day={day}&pair={pair}")
    form = someone.page.locator("#put")
    option = form.locator("select[name=topic_id] option", has_text=topic).first.get_attribute("value")
    form.locator("select[name=topic_id]").select_option(option)
    form.locator("select[name=room_id]").select_option(index=1)
    form.locator("select[name=lecturer_id]").select_option(index=1)
    someone.presses("Put it in")


def register_the_order(someone: Someone, code: str, kind: str, number: str, *, scan: bool = False) -> None:
    someone.comes_back("coordinator@example.uz")
    someone.goes(f"/manage/runs/{code}/orders")
    someone.clicks(someone.page.locator(f"form[action*='/orders/{kind}/draft'] button"))
    someone.goes(f"/manage/runs/{code}/orders/{kind}")
    someone.page.locator("input[name=number]").fill(number)
    if scan:
        paper = {"name": "buyruq.pdf", "mimeType": "application/pdf", "buffer": SCAN}
        someone.page.locator("input[type=file]").set_input_files(paper)
    someone.clicks(someone.page.locator("main form button.btn-primary").last)
    someone.sees(number)
    if scan:
        kept = someone.page.get_by_role("link", name="Scan of the signed order").get_attribute("href")
        assert someone.page.request.get(kept).body() == SCAN


def mark_and_sign(someone: Someone, days: list[date], clock) -> None:
    """The first class has every kind of mark, at the others all are present."""
    first = True
    someone.signs_in("lecturer@example.uz")
    for day in days:
        clock.set(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        someone.goes("/teaching")
        addresses = [
            link.get_attribute("href")
            for link in someone.page.locator("section[aria-labelledby=today] a.task-link").all()
        ]
        for address in addresses:
            someone.goes(address)
            main = someone.page.locator("main")
            expect(someone.page.locator("[data-register][data-kept]")).to_be_attached()
            main.get_by_role("button", name=f"All {len(NAMES)} present").click()
            if first:
                mark_each_otherwise(someone)
                first = False
            main.get_by_role("button", name="Sign the register").click()
            expect(main).to_contain_text("Signed by")
            someone.looks()


def mark_each_otherwise(someone: Someone) -> None:
    lines = someone.page.locator("fieldset.register-line")
    for number, kind in ((1, "late"), (2, "excused"), (3, "absent")):
        lines.nth(number).locator(f"label[for$='-{kind}']").click()
    lines.nth(1).locator("input[name^=missed]").fill("0,5")
    lines.nth(2).locator("input[name^=reason]").fill("No. 14")


def close_the_run(someone: Someone, code: str, clock) -> None:
    clock.advance(days=30)
    someone.signs_in("coordinator@example.uz")
    someone.goes(f"/manage/runs/{code}/results")
    someone.page.locator("main input[name=title]").fill("Final test")
    someone.presses("Add the assessment")
    for number, box in enumerate(someone.page.locator("input.points").all()):
        box.fill(("90", "20", "80", "70")[number])
    someone.presses("Save the results")
    someone.goes(f"/manage/runs/{code}/completion")
    someone.sees("20 points in the final assessment; 56 are needed.")
    someone.page.wait_for_selector("html[data-enhanced]", state="attached")
    someone.page.locator("main").get_by_role("button", name="Close the run").click()
    someone.clicks(someone.page.locator("dialog button.btn-primary"))
    someone.sees("The run is closed:")


def nothing_is_issued_without_the_order(someone: Someone, code: str) -> None:
    someone.signs_in("officer@example.uz")
    someone.goes(f"/manage/runs/{code}/documents")
    someone.sees("The order of completion is not registered.")
    assert someone.page.get_by_role("button", name=re.compile("^Issue ")).count() == 0


def issue_print_and_hand_over(someone: Someone, code: str) -> None:
    someone.comes_back("officer@example.uz")
    someone.goes(f"/manage/runs/{code}/documents")
    someone.clicks(someone.page.get_by_role("button", name=re.compile("^Issue ")).first)
    pages = someone.page.request.get(f"/manage/runs/{code}/documents.pdf")
    assert pages.body().startswith(b"%PDF")
    single = f"/certificates/{the_first().id}.pdf"
    assert someone.page.request.get(single).body() == someone.page.request.get(single).body()
    someone.goes(f"/certificates/{the_first().id}/hand-over")
    someone.presses("Record the hand-over")
    someone.sees("The hand-over is recorded.")


def the_first() -> Certificate:
    db.session.rollback()
    return db.session.scalars(select(Certificate).order_by(Certificate.number)).first()


def check_the_certificate(someone: Someone) -> None:
    certificate = the_first()
    someone.page.context.clear_cookies()
    for code, words in (
        (certificate.check_code[::-1], "No document has this number and this check code."),
        (certificate.check_code, "Genuine"),
    ):
        someone.goes("/verify")
        someone.page.get_by_label("Series and number").fill(f"{certificate.series} {certificate.number}")
        someone.page.get_by_label("Check code").fill(code)
        someone.presses("Check")
        someone.sees(words)
        name = certificate.frozen["public"]["name"]
        assert (name in someone.page.content()) == (words == "Genuine")
    someone.goes(f"/verify/{certificate.token}")
    holder = db.session.get(Teacher, certificate.enrolment.teacher_id)
    assert holder.pinfl not in someone.page.content()
    someone.goes(f"/verify/{certificate.token[:-1]}x")
    assert certificate.frozen["public"]["name"] not in someone.page.content()


def revoke_it(someone: Someone) -> None:
    someone.comes_back("officer@example.uz")
    someone.goes(f"/certificates/{the_first().id}/revoke")
    someone.page.get_by_label("Reason").fill("40-k")
    someone.presses("Revoke the document")
    someone.page.context.clear_cookies()
    someone.goes(f"/verify/{the_first().token}")
    someone.sees("It was revoked on")
