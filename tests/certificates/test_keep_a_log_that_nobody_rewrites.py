"""What is done to documents behind the program's back is found: by the office, and by whoever kept an old head."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update

from retrain.audit.models import AuditEntry
from retrain.certificates import freezing, service
from retrain.certificates.commands import certificates
from retrain.certificates.log import log_audit, public_log
from retrain.certificates.log.log_audit import Finding, Kept
from retrain.certificates.models import Certificate, CertificateEvent, PublishedHead
from retrain.certificates.states import CertificateState, EventKind, Ground
from retrain.extensions import db
from retrain.ledger import keys, tiles, tree
from retrain.ledger.models import LedgerHead, LedgerLeaf, LedgerLog, LedgerTile


@pytest.fixture
def head(issued, clock) -> Kept:
    """What somebody kept of the day after the documents were issued."""
    clock.advance(days=1)
    public_log.publish_daily()
    kept = Kept.of(json.loads(json.dumps(public_log.as_json(public_log.latest()))))
    clock.advance(days=3)
    return kept


def rewrite_the_log() -> None:
    """All of it anew from the events there are, heads too, with the program's own key: what an insider can do."""
    kept = [(row.on_date, row.at) for row in public_log.heads(100)]
    for table in (LedgerLeaf, LedgerTile, LedgerHead, PublishedHead, LedgerLog):
        db.session.execute(
            delete(table).filter_by(**{"name" if table is LedgerLog else "log": public_log.LOG})
        )
    db.session.execute(update(CertificateEvent).values(position=None))
    db.session.commit()
    public_log.seal_all()
    size = db.session.get(LedgerLog, public_log.LOG).size
    for day, at in kept:
        root = tiles.root(public_log.LOG, size).hex()
        signed = keys.sign(keys.private(), keys.statement(public_log.LOG, size, root, at.isoformat()))
        db.session.add(
            PublishedHead(log=public_log.LOG, on_date=day, size=size, root=root, at=at, signature=signed)
        )
    db.session.commit()


def take_away(row: Certificate) -> None:
    """The document, its events and what the audit says of it."""
    db.session.execute(delete(CertificateEvent).filter_by(certificate_id=row.id))
    db.session.execute(delete(AuditEntry).filter_by(subject_type="certificate", subject_id=str(row.id)))
    db.session.execute(delete(Certificate).filter_by(id=row.id))
    db.session.commit()


def test_a_head_is_published_once_a_day_and_proves_each_document(country, issued, client, clock):
    token = issued[0].token
    assert client.get(f"/verify/{token}/proof.json").json["head"] is None
    assert "No head yet" in client.get("/log?lang=en").text
    for _again in range(2):
        public_log.publish_daily()
    assert len(public_log.heads(9)) == 1
    shown = client.get(f"/verify/{token}/proof.json").json
    (event,) = shown["events"]
    said = json.dumps(event["statement"], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    leaf = tree.leaf_hash(said)
    steps, root = [bytes.fromhex(step) for step in event["proof"]], bytes.fromhex(shown["head"]["root"])
    assert tree.includes(leaf, event["position"], shown["head"]["size"], steps, root)
    assert event["statement"]["document"] == issued[0].digest
    assert Kept.of(shown["head"]).is_signed
    public_page = client.get("/log?lang=en").text + client.get("/log/heads.json").text
    assert "Karimova" not in public_page
    assert client.get(f"/log/heads/{clock.moment.date()}.json").json == shown["head"]
    assert client.get("/log/heads/yesterday.json").status_code == 404
    assert client.get("/verify/nothing/proof.json").status_code == 404


def test_each_later_head_continues_the_one_before(country, issued, head, client):
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    service.replace(country.hr_officer, issued[1].id, Ground.LOST, "ariza")
    public_log.publish_daily()
    latest = Kept.of(client.get("/log/heads.json").json["heads"][0])
    assert (head.size, latest.size) == (2, 5)
    proof = client.get(f"/log/consistency.json?from={head.size}&to={latest.size}").json["proof"]
    roots = bytes.fromhex(head.root), bytes.fromhex(latest.root)
    assert tree.continues(head.size, roots[0], latest.size, roots[1], [bytes.fromhex(step) for step in proof])
    assert (
        client.get("/log/consistency.json?from=1&to=5").status_code == 404
    )  # no head of that size was published
    assert client.get("/log/consistency.json?from=x").status_code == 404
    told = [
        each["statement"]["event"]
        for each in client.get(f"/verify/{issued[1].token}/proof.json").json["events"]
    ]
    assert told == ["issued", "replaced"]
    assert log_audit.verify([head]) == []


def test_a_quietly_removed_document_is_found(issued, head):
    take_away(issued[0])
    public_log.seal_all()
    assert Finding("leaf 0", "removed") in log_audit.verify()
    rewrite_the_log()
    assert log_audit.verify() == []  # who rewrites everything and holds the key leaves no trace here
    assert log_audit.verify([head]) == [Finding(f"{head.at:%Y-%m-%d}", "rewritten")]


def test_a_back_dated_document_is_found(country, issued, head, clock):
    service.revoke(country.hr_officer, issued[0].id, "xato")
    late = service.replace(country.hr_officer, issued[0].id, Ground.MISTAKE, "xato")
    assert log_audit.verify([head]) == []
    early = head.at - timedelta(days=2)
    frozen = json.loads(json.dumps(late.frozen))
    frozen["public"]["issued_on"] = frozen["document"]["issued_on"] = early.date().isoformat()
    late.frozen, late.issued_at = frozen, early
    late.digest = freezing.digest(frozen)
    event = db.session.query(CertificateEvent).filter_by(certificate_id=late.id).one()
    event.at = early
    db.session.commit()
    public_log.seal_all()
    assert Finding(late.registration_number, "back-dated") in log_audit.verify([head])


def test_a_day_of_issue_other_than_the_log_tells_is_found(country, issued, head):
    late = service.replace(country.hr_officer, issued[0].id, Ground.LOST, "ariza")
    frozen = json.loads(json.dumps(late.frozen))
    frozen["public"]["issued_on"] = "2026-01-15"
    late.frozen, late.digest = frozen, freezing.digest(frozen)
    db.session.commit()
    public_log.seal_all()
    assert Finding(late.registration_number, "back-dated") in log_audit.verify()


def test_what_a_document_says_can_not_be_changed_unseen(issued, head):
    row = issued[0]
    frozen = json.loads(json.dumps(row.frozen))
    frozen["public"]["name"] = frozen["document"]["name"] = "Boshqa Odam"
    row.frozen = frozen
    db.session.commit()
    assert Finding(row.registration_number, "changed") in log_audit.verify()
    row.digest = freezing.digest(frozen)
    db.session.commit()
    kinds = {each.kind for each in log_audit.verify() if each.about == row.registration_number}
    assert kinds == {"changed", "smuggled"}


def test_a_revocation_taken_back_in_the_database_is_found(country, issued, head):
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    public_log.seal_all()
    db.session.execute(
        update(Certificate).filter_by(id=issued[0].id).values(state=CertificateState.ISSUED, ended_on=None)
    )
    db.session.commit()
    assert log_audit.verify() == [Finding(issued[0].registration_number, "unlogged")]
    db.session.execute(
        delete(CertificateEvent).filter_by(certificate_id=issued[0].id, kind=EventKind.REVOKED)
    )
    db.session.commit()
    assert Finding("leaf 2", "removed") in log_audit.verify()


def test_a_document_nobody_issued_is_found(issued, head):
    values = {column.name: getattr(issued[0], column.name) for column in Certificate.__table__.columns}
    smuggled = Certificate(
        **values | {"id": None, "number": 99, "registration_number": "MO 000099/2026", "token": "x" * 22,
                    "state": CertificateState.REVOKED, "ended_on": date(2026, 9, 22)}
    )  # fmt: skip
    db.session.add(smuggled)
    db.session.commit()
    kinds = {each.kind for each in log_audit.verify() if each.about == "MO 000099/2026"}
    assert kinds == {"unlogged", "smuggled"}


def test_a_head_says_nothing_when_the_clock_went_back(issued, head, clock):
    clock.advance(days=-30)
    public_log.publish_daily()
    assert len(public_log.heads(9)) == 1


def test_the_command_says_what_it_found(issued, head, tmp_path):
    file = tmp_path / "head.json"
    file.write_text(json.dumps(public_log.as_json(public_log.latest())))
    run = lambda *words: CliRunner().invoke(certificates, ["audit", *words])  # noqa: E731
    assert run("--head", str(file)).exit_code == 0
    take_away(issued[0])
    rewrite_the_log()
    answer = run("--head", str(file))
    assert answer.exit_code == 1
    assert "was rewritten since the head that was kept" in answer.output
    assert json.loads(run("--head", str(file), "--json").output)["ok"] is False
    file.write_text("[]")
    assert run("--head", str(file)).exit_code == 2


def test_an_auditor_asks_nothing_but_public_pages(issued, head, live_server, country, tmp_path):
    file = tmp_path / "head.json"
    file.write_text(json.dumps(public_log.as_json(public_log.latest())))
    asked = ["audit", "--head", str(file), "--from", live_server]
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    public_log.publish_daily()
    assert CliRunner().invoke(certificates, asked).output == "0 findings.\n"
    take_away(issued[0])
    rewrite_the_log()
    answer = CliRunner().invoke(certificates, asked)
    assert (answer.exit_code, "was rewritten since the head that was kept" in answer.output) == (1, True)
    db.session.execute(delete(PublishedHead))
    db.session.commit()
    assert CliRunner().invoke(certificates, asked).exit_code == 1
    assert CliRunner().invoke(certificates, ["audit", "--from", live_server]).exit_code == 2
