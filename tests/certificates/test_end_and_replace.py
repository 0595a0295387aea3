"""An HR officer revokes a document, issues another in its place, keeps the register book, looks after a restore."""

import io
import re
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select

from retrain import clock, jobs
from retrain.audit.models import AuditEntry
from retrain.certificates import commands, numbering, queries, rules, service
from retrain.certificates.models import Certificate, NumberCounter
from retrain.certificates.states import CertificateState, Ground
from retrain.certificates.verification import lookup
from retrain.extensions import db
from retrain.orders.states import OrderKind
from retrain.people import service as people
from retrain.people.states import RoleKind
from retrain.refusal import Forbidden, Refusal, Refused
from retrain.web.words import say
from tests import scenario
from tests.harness.statements import counted


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [why.code for why in refused.value.why]


@pytest.fixture
def office(country, app):
    """The HR officer at the pages."""
    return scenario.signed_in(app, country.hr_officer)


def test_a_revoked_document_says_so_to_everybody(country, issued, office, client):
    first = issued[0]
    page = office.get(f"/manage/runs/{country.run.code}/documents?lang=en").text
    assert f"/certificates/{first.id}/revoke" in page
    assert "20 points in the final assessment; 56 are needed." in page, "who gets none is told why"
    assert office.post(f"/certificates/{first.id}/revoke", data={"reason": " "}).status_code == 422
    assert office.post(f"/certificates/{first.id}/revoke", data={"reason": "buyruq 40-k"}).status_code == 303
    assert "was revoked" in client.get(f"/verify/{first.token}?lang=en").text
    assert client.get(f"/verify/{first.token}.json").json["status"] == "revoked"
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "certificate.revoked"))
    assert (entry.why, entry.actor_id) == ("buyruq 40-k", country.hr_officer.person_id)


def test_the_order_that_revokes_is_told_with_the_reason(issued, office, client):
    row = issued[0]
    address, told = f"/certificates/{row.id}/revoke?lang=en", {"reason": "Another person’s result"}
    for half, sentence in (
        ({"order": "40-k"}, "Write the day of the order too."),
        ({"order_on": "2026-09-21"}, "Write the number of the order too"),
        ({"order": "40-k", "order_on": "2026-09-22"}, "An order of a day to come revokes nothing yet."),
    ):
        answer = office.post(address, data=told | half)
        assert (answer.status_code, sentence in answer.text) == (422, True)
    assert client.get(f"/verify/{row.token}.json").json["status"] == "valid"
    office.post(address, data=told | {"order": " 40-k ", "order_on": "2026-09-21"})
    page = " ".join(client.get(f"/verify/{row.token}?lang=en").text.split())
    assert "Another person’s result" in page
    assert "No. 40-k of 21 September 2026" in page
    said = client.get(f"/verify/{row.token}.json").json
    assert [said[name] for name in ("reason", "order", "order_on")] == [
        "Another person’s result", "40-k", "2026-09-21",
    ]  # fmt: skip
    assert "order No. 40-k, 21 September 2026" in office.get("/documents/register?lang=en").text
    assert entry_of(row.id).after["order"] == "40-k"


def entry_of(certificate_id: int) -> AuditEntry:
    """What the trail tells of its revocation."""
    asked = select(AuditEntry).where(
        AuditEntry.action == "certificate.revoked", AuditEntry.subject_id == str(certificate_id)
    )
    return db.session.scalars(asked).one()


def test_the_board_does_not_nag_about_a_revoked_document(country, issued, office):
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    assert queries.runs_to_issue(country.provider.id) == []
    assert queries.progress([country.run.id]) == {country.run.id: (1, 1, 0)}
    assert service.issue_run(country.hr_officer, country.run.code) == []
    assert "Issue the documents" not in office.get("/?lang=en").text


def test_a_lost_document_is_followed_by_one_that_says_the_same(country, issued, office, client):
    old = issued[0]
    typed = {"ground": "lost", "reason": "ariza, 12-oktabr"}
    assert office.post(f"/certificates/{old.id}/replace", data=typed).status_code == 303
    new = db.session.scalar(select(Certificate).order_by(Certificate.id.desc()).limit(1))
    old = db.session.get(Certificate, old.id)
    assert (old.state, old.replaced_by_id, old.end_reason) == (
        CertificateState.REPLACED,
        new.id,
        "ariza, 12-oktabr",
    )
    assert (new.state, new.number) == (CertificateState.ISSUED, issued[-1].number + 1)
    own = {"number", "registration_number", "check_code", "check_url", "issued_on", "duplicate_of"}
    before, after = old.frozen["document"], new.frozen["document"]
    assert {key for key in before if before[key] != after[key]} <= own
    assert lookup.by_token(old.token).status == "replaced"
    assert lookup.by_token(new.token).status == "valid"
    again = office.post(f"/certificates/{old.id}/replace?lang=en", data=typed)
    assert again.status_code == 422
    assert "Another document was already issued" in again.text
    number = new.id
    jobs.run_waiting()
    assert db.session.get(Certificate, number).file_digest, (
        "the worker makes its file, before anybody opens it"
    )


def test_a_changed_name_stands_on_the_new_document_alone(country, issued, app):
    old, teacher = issued[0], country.teachers[0]
    people.change_name(country.college_hr, teacher.id, "Yangiyeva", "Aziza", "", clock.today())
    new = service.replace(country.hr_officer, old.id, Ground.NAME_CHANGED, "nikoh guvohnomasi")
    assert "Yangiyeva" in new.frozen["public"]["name"]
    assert "Yangiyeva" not in old.frozen["public"]["name"]
    assert scenario.signed_in(app, country.hr_officer).get(f"/certificates/{new.id}.pdf").data[:4] == b"%PDF"


def test_a_mistake_is_put_right_where_the_officer_says_so(country, issued, office, clock):
    old = issued[0]
    person = country.teachers[0].person
    before = dict(old.frozen["document"])
    people.change_name(
        country.college_hr, country.teachers[0].id, "Yangiyeva", "Aziza", "", clock.moment.date()
    )
    run = country.run
    run.ends_on, run.version.titles = date(2026, 9, 19), {**run.version.titles, "uz": "Boshqa nom"}
    db.session.commit()
    typed = {"ground": "mistake", "reason": "ariza"}
    nothing = office.post(f"/certificates/{old.id}/replace?lang=en", data=typed)
    assert nothing.status_code == 422
    assert "Choose what is put right" in nothing.text
    right = office.post(f"/certificates/{old.id}/replace", data=typed | {"parts": ["period"]})
    assert right.status_code == 303
    new = db.session.scalar(select(Certificate).order_by(Certificate.id.desc()).limit(1))
    after = new.frozen["document"]
    assert after["ends_on"] == new.frozen["public"]["ends_on"] == "2026-09-19"
    assert (after["name"], after["course"]) == (before["name"], before["course"])
    assert new.frozen["public"]["titles"] == db.session.get(Certificate, old.id).frozen["public"]["titles"]
    assert "Yangiyeva" not in after["name"]
    assert person.family == "Yangiyeva"
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "certificate.replaced"))
    assert entry.after["changed"] == ["period"]


def test_whose_document_was_revoked_by_mistake_gets_another(country, issued):
    service.revoke(country.hr_officer, issued[0].id, "xato")
    with pytest.raises(Refused) as refused:
        service.revoke(country.hr_officer, issued[0].id, "xato")
    assert codes(refused) == ["ended-already"]
    new = service.replace(country.hr_officer, issued[0].id, Ground.MISTAKE, "xato bekor qilindi")
    assert db.session.get(Certificate, issued[0].id).state is CertificateState.REVOKED
    assert new.state is CertificateState.ISSUED
    with pytest.raises(Refused) as refused:
        service.replace(country.hr_officer, issued[0].id, Ground.MISTAKE, "yana")
    assert codes(refused) == ["replaced-already"]


def test_only_an_hr_officer_of_the_provider_ends_documents(country, issued, app):
    for call in (
        lambda: service.revoke(country.coordinator, issued[0].id, "x"),
        lambda: service.replace(country.coordinator, issued[0].id, Ground.LOST, "x"),
        lambda: numbering.confirm(country.coordinator, country.provider.id, {}),
    ):
        with pytest.raises(Forbidden):
            call()


def test_what_can_not_be_printed_takes_no_number(country, office):
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    for teacher in country.teachers:
        for row in (teacher.person, *teacher.person.names):
            row.given = "Азиза 龍"
    db.session.commit()
    answer = office.post(f"/manage/runs/{country.run.code}/documents?lang=en", follow_redirects=True)
    assert "龍" in answer.text
    assert "the document can&#39;t show these characters" in answer.text.replace("&#x27;", "&#39;").replace(
        "’", "&#39;"
    )
    assert db.session.scalar(select(func.count(Certificate.id))) == 0
    assert db.session.scalar(select(func.count()).select_from(NumberCounter)) == 0


def test_issuing_asks_no_more_for_more_people(app, clock, country):
    """The employments of a whole group are one question."""
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    with counted() as asked:
        service.issue_run(country.hr_officer, country.run.code)
    assert len([each for each in asked if "FROM employment" in each]) == 1
    read = [each for each in asked if each.startswith("SELECT")]
    assert len(read) <= 30, read


def test_after_a_restore_nothing_is_issued_until_the_numbers_are_confirmed(country, issued, office):
    numbering.hold()
    assert "Confirm the last numbers of documents" in office.get("/?lang=en", follow_redirects=True).text
    page = office.get("/documents?lang=en").text
    assert "paper may be ahead" in page
    with pytest.raises(Refused) as refused:
        service.replace(country.hr_officer, issued[0].id, Ground.LOST, "ariza")
    assert codes(refused) == ["numbers-held"]
    form = office.get("/documents/numbers?lang=en").text
    names, last = re.findall(r'name="(series-[A-Z0-9]+)"', form), issued[-1].number
    mine = f"series-{issued[0].series}"
    assert set(names) > {mine}
    assert "at least one series" in office.post("/documents/numbers?lang=en", data={}).text
    below = office.post("/documents/numbers?lang=en", data={mine: str(last - 1)})
    assert below.status_code == 422
    assert f"less than {last}" in below.text.replace("&#39;", "'")
    assert office.post("/documents/numbers", data={mine: str(last + 3)}).status_code == 303
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == numbering.CONFIRMED))
    book = f"{issued[0].series}/{issued[0].year}"
    assert (entry.before, entry.after) == ({book: last}, {book: last + 3})
    assert {f"series-{series}" for series in numbering.held_series(country.provider.id)} == {*names} - {mine}
    new = service.replace(country.hr_officer, issued[0].id, Ground.LOST, "ariza")
    assert new.number == last + 4
    book = office.get("/documents/register?lang=en").text
    assert "used on paper before the data came back" in book
    lost = [rules.registration_number(new.series, new.year, number) for number in (last + 1, last + 3)]
    assert " – ".join(lost) in book


def test_the_command_waits_with_the_same_sentence(country, app):
    country.register_order(OrderKind.COMPLETION, "31-k", date(2026, 9, 21))
    numbering.hold()
    said = app.test_cli_runner().invoke(commands.certificates, ["issue", country.run.code])
    assert said.exit_code == 1
    assert said.stdout == ""
    assert said.stderr.strip() == say(Refusal.of("numbers-held"))
    assert db.session.scalar(select(func.count(Certificate.id))) == 0


def test_another_provider_confirms_for_itself(country, issued, clock):
    numbering.hold()
    mine = {row.series: row.number for row in numbering.to_confirm(country.provider.id)}
    numbering.confirm(country.hr_officer, country.provider.id, mine)
    assert not numbering.held_series(country.provider.id)
    assert numbering.held_series(country.college.id)
    clock.advance(minutes=1)
    numbering.hold()
    assert numbering.held_series(country.provider.id) == set(mine)


def test_the_register_book_counts_every_document(country, issued, office):
    service.hand_over(country.hr_officer, issued[0].id, clock.today(), "self", "")
    service.revoke(country.hr_officer, issued[1].id, "buyruq 40-k")
    page = office.get("/documents/register?lang=en").text
    for row in issued:
        assert row.registration_number in page
    assert "buyruq 40-k" in page
    sheet = openpyxl.load_workbook(io.BytesIO(office.get("/documents/register.xlsx?lang=en").data)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [row.registration_number for row in issued]
    assert [row[7].value for row in sheet.iter_rows(min_row=2)] == ["handed over", "revoked"]
    assert [row[9].value for row in sheet.iter_rows(min_row=2)] == ["by the holder", None]
    assert "buyruq 40-k" in sheet["K3"].value


def test_a_signatory_may_read_the_book_and_not_carry_it_off(country, issued, app):
    signatory = scenario.role(scenario.person("Rektor"), RoleKind.SIGNATORY, country.provider)
    reader = scenario.signed_in(app, signatory)
    assert reader.get("/documents/register").status_code == 200
    assert reader.get("/documents/register.xlsx").status_code == 403


def test_no_book_is_begun_yet(country, office):
    assert "Nothing issued yet" in office.get("/documents/register?lang=en").text
