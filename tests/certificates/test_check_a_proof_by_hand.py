"""An auditor with the guide's own program, a head kept and a document's proof needs nothing of Retrain."""

import copy
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from retrain.certificates import freezing, service
from retrain.certificates.log import public_log
from retrain.certificates.models import Certificate, CertificateEvent
from retrain.certificates.states import Ground
from retrain.extensions import db
from tests.certificates.test_keep_a_log_that_nobody_rewrites import rewrite_the_log

PROGRAM = Path(__file__).parents[2] / "docs/check_by_hand.py"


@pytest.fixture
def head(issued, clock, client) -> dict:
    """The head of the day after, as anybody fetches it."""
    clock.advance(days=1)
    public_log.publish_daily()
    kept = client.get("/log/heads.json").json["heads"][0]
    clock.advance(days=3)
    return kept


@pytest.fixture
def told(tmp_path):
    """``told(kept, proof, …)``: exit code and words of the program."""

    def run(*contents: dict) -> tuple[int, str]:
        paths = [tmp_path / f"{number}.json" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_text(json.dumps(content))
        done = subprocess.run(
            [sys.executable, str(PROGRAM), *map(str, paths)],
            check=False,
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def proof_of(client, row: Certificate) -> dict:
    return client.get(f"/verify/{row.token}/proof.json").json


def consistency(client, before: dict) -> dict:
    after = client.get("/log/heads.json").json["heads"][0]
    return client.get(f"/log/consistency.json?from={before['size']}&to={after['size']}").json


def test_a_true_document_is_proved_and_each_change_is_named(country, issued, head, client, told):
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    new = service.replace(country.hr_officer, issued[1].id, Ground.LOST, "ariza")
    public_log.publish_daily()
    grown = consistency(client, head)
    for row in (*issued, new):
        assert told(head, proof_of(client, row), grown) == (0, "all is as it should be\n")
    proof = proof_of(client, issued[0])
    for change, words in (
        (lambda it: it["events"][0]["statement"].update(number="MO 000099/2026"), "not in the log"),
        (lambda it: it["events"][1].update(position=3), "not in the log"),
        (lambda it: it["events"][1]["statement"].update(event="issued"), "not in the log"),
        (lambda it: it["head"].update(root="00" * 32), "is not signed"),
        (lambda it: it["head"].update(key=head["key"][::-1][1:] + "="), "different keys"),
    ):
        forged = copy.deepcopy(proof)
        change(forged)
        code, said = told(head, forged)
        assert (code, words in said) == (1, True), said
    assert told(head, proof, grown | {"proof": grown["proof"][::-1]})[0] == 1
    assert told(head | {"size": 1}, proof)[0] == 1
    assert told(head)[0] == 1


def test_a_back_dated_document_is_found_by_who_kept_a_head(country, issued, head, client, told):
    """The insider holds database and keys and makes log and heads anew: what is outside speaks all the same."""
    late = service.replace(country.hr_officer, issued[0].id, Ground.LOST, "ariza")
    public_log.seal_all()
    moment = late.issued_at - timedelta(days=9)
    frozen = json.loads(json.dumps(late.frozen))
    frozen["public"]["issued_on"] = frozen["document"]["issued_on"] = moment.date().isoformat()
    db.session.execute(
        update(Certificate)
        .filter_by(id=late.id)
        .values(frozen=frozen, issued_at=moment, digest=freezing.digest(frozen))
    )
    db.session.execute(update(CertificateEvent).filter_by(certificate_id=late.id).values(at=moment))
    db.session.commit()
    rewrite_the_log()
    public_log.publish_daily()
    code, said = told(head, proof_of(client, late))
    assert (code, "back-dated, the head that was kept is later and without it" in said) == (1, True)


def test_a_rewritten_log_is_found_and_an_empty_one_asks_for_patience(
    country, issued, head, client, told, clock
):
    proof = proof_of(client, issued[1])
    db.session.execute(update(CertificateEvent).filter_by(certificate_id=issued[0].id).values(salt="0" * 32))
    service.revoke(country.hr_officer, issued[1].id, "buyruq 40-k")
    rewrite_the_log()
    public_log.publish_daily()
    after = client.get("/log/heads.json").json["heads"][0]
    code, said = told(head, proof_of(client, issued[1]), consistency(client, head))
    assert (code, "rewritten since" in said) == (1, True), (after, said)
    assert told(head, proof | {"head": None}) == (1, "no head was published yet: ask again tomorrow\n")
