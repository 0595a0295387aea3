"""A certificate from elsewhere: shown with its scan, recognised or refused by the college, and on the record once."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from retrain import files
from retrain.audit import Actor
from retrain.audit.models import AuditEntry
from retrain.catalogue import service as catalogue
from retrain.catalogue.states import RunState
from retrain.completion import service as completion
from retrain.completion.states import AssessmentKind
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.orders.states import OrderKind
from retrain.people import privacy_erasing
from retrain.people.states import OrganisationKind, RoleKind
from retrain.record import external, queries
from retrain.record.models import Credit, ExternalCertificate
from retrain.record.rules import Shown
from retrain.record.states import ExternalState
from retrain.refusal import Refused
from tests import scenario
from tests.documents.paper import text_of
from tests.harness.pictures import png

MONDAY = date(2026, 9, 14)
AFTER = datetime(2026, 9, 21, 5, tzinfo=UTC)


def finished(clock):
    """Two teachers have ended a run: one completed it, the other did not."""
    country = scenario.country(MONDAY, people=2)
    country.ministry = scenario.role(
        scenario.person("Vazirova"), RoleKind.MINISTRY,
        scenario.organisation("MIN", OrganisationKind.MINISTRY, "Vazirlik"),
    )  # fmt: skip
    country.stranger = scenario.role(
        scenario.person("Begona"), RoleKind.COLLEGE_HR,
        scenario.organisation("SA-09", OrganisationKind.COLLEGE, "Samarqand texnikumi"),
    )  # fmt: skip
    clock.set(AFTER)
    country.register_order(OrderKind.ENROLMENT, "1-k", MONDAY)
    catalogue.move_run(country.coordinator, country.run.code, RunState.RUNNING)
    final = completion.add_assessment(
        country.coordinator, country.run.code, {"en": "Final test"}, AssessmentKind.FINAL, 56
    )
    one, two = (row.id for row in country.enrolments)
    completion.enter_results(
        country.coordinator, country.run.code, {(final.id, one): 88, (final.id, two): 30}
    )
    completion.close_run(country.coordinator, country.run.code)
    return country


@pytest.fixture
def country(made_once, clock):
    return made_once(finished)


@pytest.fixture
def teacher(country, app):
    return scenario.signed_in(app, Actor(country.teachers[0].person_id, "teacher"))


@pytest.fixture
def office(country, app):
    return scenario.signed_in(app, country.college_hr)


def typed(**changed):
    return {
        "title": "CNC machining", "issuer": "TÜV Akademie", "number": "A-17", "issued_on": "2026-05-04",
        "hours": "72", "scan": (BytesIO(png(40, 60)), "paper.png"),
    } | changed  # fmt: skip


def show(client, country, **changed):
    url = f"/staff/{country.teachers[0].id}/record/show?lang=en"
    return client.post(url, data=typed(**changed), follow_redirects=True).text


def answer(client, **data):
    row = db.session.scalars(db.select(ExternalCertificate).order_by(ExternalCertificate.id.desc())).first()
    url = f"/certificates-from-elsewhere/{row.id}?lang=en"
    return client.post(url, data=data, follow_redirects=True)


def test_the_record_has_hours_runs_results_and_what_is_due_on_one_page_and_one_paper(country, teacher, app):
    page = teacher.get("/mine/record?lang=en").text
    for words in (
        "8 hours in all.", "Hours by year and kind", "Welding basics", "Final test: 88", "completed",
        "Your next training is due by 19 September 2029",
    ):  # fmt: skip
        assert words in page, words
    paper = text_of(teacher.get(f"/staff/{country.teachers[0].id}/record.pdf?in=en").data)
    for words in ("Record of training", "Karimova001 Aziza", "Welding basics", "19 September 2029", "88"):
        assert words in paper, words
    # How points are called is said in the paper's language, not in the page's from which it was asked for.
    teacher.get("/mine/record?lang=ru")
    assert "excellent" in text_of(teacher.get(f"/staff/{country.teachers[0].id}/record.pdf?in=en").data)
    other = scenario.signed_in(app, Actor(country.teachers[1].person_id, "teacher"))
    page = other.get("/mine/record?lang=en").text
    assert "not completed" in page
    assert "Final test: 30" in page
    assert "0 hours in all." in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("college_hr", 200), ("ministry", 200), ("stranger", 403), ("coordinator", 403), ("hr_officer", 403)],
)
def test_the_record_is_for_oneself_ones_college_and_the_ministry(country, app, who, status):
    client = scenario.signed_in(app, getattr(country, who))
    number = country.teachers[0].id
    for page in ("record", "record.pdf"):
        assert client.get(f"/staff/{number}/{page}").status_code == status
    if who == "college_hr":
        assert f"/staff/{number}/record" in client.get(f"/staff/{number}").text
    other = scenario.signed_in(app, Actor(country.teachers[1].person_id, "teacher"))
    assert other.get(f"/staff/{number}/record").status_code == 403


def test_what_is_shown_is_recognised_with_a_reason_and_counts_once(country, teacher, office, app):
    assert "The certificate is before your college." in show(teacher, country)
    assert "This certificate waits for an answer or is recognised already." in show(teacher, country)
    assert "1 certificate from elsewhere waits for your answer" in office.get("/?lang=en").text
    assert "TÜV Akademie" in office.get("/certificates-from-elsewhere?lang=en").text
    row = db.session.scalars(db.select(ExternalCertificate)).one()
    assert office.get(f"/files/{row.scan_id}").data.startswith(b"\x89PNG")
    stranger = scenario.signed_in(app, country.stranger)
    assert stranger.get(f"/files/{row.scan_id}").status_code == 404
    assert answer(stranger, answer="recognise", hours="72", why="x").status_code == 403
    assert "Recognise from 1 to 72 hours" in answer(office, answer="recognise", hours="73", why="x").text
    assert "Write the reason" in answer(office, answer="recognise", hours="60", why=" ").text
    assert (
        "Your answer is kept" in answer(office, answer="recognise", hours="60", why="Fits the subject.").text
    )
    assert queries.by_source(external.source_of(row)).hours == 60
    again = answer(office, answer="refuse", why="Sent by somebody else of the office.")
    assert "answered already" in again.text
    assert row.state is ExternalState.RECOGNISED, "a late answer undoes nothing"
    page = teacher.get("/mine/record?lang=en").text
    for words in ("68 hours in all.", "60 of 72", "Fits the subject.", "recognised from elsewhere"):
        assert words in page, words
    paper = text_of(teacher.get(f"/staff/{country.teachers[0].id}/record.pdf?in=en").data)
    assert "CNC machining" in paper
    kinds = db.session.scalars(db.select(Message.kind)).all()
    assert {"external.shown", "external.recognised"} <= set(kinds)


def test_what_is_refused_says_why_and_a_mistake_is_undone_with_the_hours(country, teacher, office):
    show(teacher, country)
    answer(office, answer="refuse", why="The scan can't be read.")
    assert "The scan can&#39;t be read." in teacher.get("/mine/record?lang=en").text
    show(teacher, country)
    answer(office, answer="recognise", hours="72", why="It can be read now.")
    number = db.session.scalar(db.select(db.func.max(ExternalCertificate.id)))
    undo = f"/certificates-from-elsewhere/{number}/undo?lang=en"
    assert "Write the reason" in office.post(undo, data={"why": ""}).text
    office.post(undo, data={"why": "It was somebody else’s."})
    assert db.session.scalars(db.select(Credit.source).where(Credit.source.like("external:%"))).all() == []
    entries = db.session.scalars(
        db.select(AuditEntry.action).where(AuditEntry.action.like("external.%")).order_by(AuditEntry.id)
    )
    assert list(entries) == [
        "external.shown", "external.refused", "external.shown", "external.recognised", "external.undone",
    ]  # fmt: skip
    show(teacher, country)
    row = db.session.scalars(db.select(ExternalCertificate).order_by(ExternalCertificate.id.desc())).first()
    teacher.post(f"/certificates-from-elsewhere/{row.id}/take-back")
    assert row.state is ExternalState.TAKEN_BACK
    assert "answered already, or taken back" in answer(office, answer="refuse", why="x").text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": " "}, "Write what the course was called."),
        ({"issuer": ""}, "Write who issued the certificate."),
        ({"issued_on": ""}, "Write on which day the certificate was issued."),
        ({"issued_on": "2027-01-01"}, "is still to come. A certificate is shown once it is issued."),
        ({"issued_on": "1950-01-01"}, "On that day the teacher was not born yet."),
        ({"hours": "0"}, "Write the hours of the certificate, from 1 to 2000."),
        ({"hours": "5000"}, "Write the hours of the certificate, from 1 to 2000."),
        ({"scan": (b"", "")}, "Add a scan or a photograph of the certificate."),
        ({"scan": (b"MZ\x90 a program", "paper.pdf")}, "PDF"),
        ({"scan": (png(40, 60)[:-20], "cut.png")}, "damaged"),
        ({"scan": (b"%PDF-1.4\n1 0 obj<</S/JavaScript/JS(x)>>\n%%EOF", "act.pdf")}, "PDF"),
    ],
)
def test_a_certificate_that_can_not_be_is_refused_in_words(country, teacher, changed, sentence):
    if "scan" in changed:
        content, name = changed["scan"]
        changed = {"scan": (BytesIO(content), name)}
    page = show(teacher, country, **changed)
    assert sentence in page
    assert "Show a certificate from elsewhere" in page
    assert db.session.scalars(db.select(ExternalCertificate)).all() == []


def test_nobody_recognises_their_own(country, app):
    """Whoever works in the office is often a teacher too."""
    one = country.teachers[0]
    own = scenario.role(one.person, RoleKind.COLLEGE_HR, country.college)
    shown = Shown("CNC", "TÜV", "", date(2026, 5, 4), 36)
    row = external.show(own, one.id, shown, BytesIO(png(40, 60)), "a.png")
    with pytest.raises(Refused) as refused:
        external.answer(own, row.id, 36, "mine")
    assert [why.code for why in refused.value.why] == ["external-own"]


def test_who_is_erased_leaves_no_scan_behind(country, teacher):
    show(teacher, country)
    scan = db.session.scalars(db.select(ExternalCertificate.scan_id)).one()
    assert files.path(scan).exists()
    administrator = scenario.role(scenario.person("Boshqaruvchi"), RoleKind.ADMINISTRATOR, country.college)
    privacy_erasing.erase(administrator, country.teachers[0].person_id)
    assert db.session.scalars(db.select(ExternalCertificate)).all() == []
    assert db.session.get(files.StoredFile, scan) is None
