"""Badges and status lists are what the standards ask for beside their schemas, so that programs of others take them."""

import base64
import copy
import gzip
import json
from pathlib import Path

import jsonschema
import pytest

from retrain.certificates import badges, service
from retrain.certificates.signature import keyring, keys

PUBLISHED = Path(__file__).parents[1] / "data/openbadges"
CREDENTIAL = jsonschema.Draft202012Validator(
    json.loads((PUBLISHED / "verifiable-credential-schema.json").read_text())
)


def part(text: str, number: int) -> dict:
    piece = text.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))


def listed(client, country, number=0):
    return client.get(f"/issuers/{country.provider.code}/status/{number}")


def faults_of_token(text: str) -> list[str]:
    """What a verifier refuses by Open Badges 3.0, 8.2.4: header, payload, and how they are checked."""
    head, body = part(text, 0), part(text, 1)
    issuer = body["issuer"] if isinstance(body["issuer"], str) else body["issuer"]["id"]
    rules = {
        "no other headers": head.keys() <= {"alg", "kid", "jwk", "typ"},
        "typ": head.get("typ", "JWT") == "JWT",
        "a key": head.keys() & {"kid", "jwk"},
        "iss": body.get("iss") == issuer,
        "sub": body.get("sub") == body["credentialSubject"].get("id") is not None,
        "jti": body.get("jti") == body["id"],
        "nbf": isinstance(body.get("nbf"), int),
    }
    return [name for name, holds in rules.items() if not holds]


def faults_of_list(said: dict) -> list[str]:
    """What a verifier refuses (W3C Bitstring Status List 1.0, section 2.2 and “Validate Algorithm”)."""
    subject = said["credentialSubject"]
    try:
        bits = gzip.decompress(base64.b64decode(subject["encodedList"][1:] + "==", b"-_", validate=True))
    except (ValueError, OSError):
        bits = b""
    rules = {
        "type": "BitstringStatusListCredential" in said["type"],
        "subject": subject["type"] == "BitstringStatusList",
        "purpose": subject["statusPurpose"] == "revocation",
        "multibase": subject["encodedList"][0] == "u" and "=" not in subject["encodedList"],
        "16 KB": len(bits) >= 16 * 1024,
    }
    return [name for name, holds in rules.items() if not holds]


def test_a_badge_is_a_token_that_verifiers_take(country, issued, client):
    text = client.get(f"/verify/{issued[0].token}/badge").text
    assert faults_of_token(text) == []
    body = part(text, 1)
    CREDENTIAL.validate(body)
    assert body["sub"] == f"{body['id']}#holder"
    status = body["credentialStatus"]
    assert status["id"] != status["statusListCredential"]
    assert str(int(status["statusListIndex"])) == status["statusListIndex"]
    others = client.get(f"/verify/{issued[1].token}/badge").text
    assert part(others, 1)["credentialStatus"]["statusListIndex"] != status["statusListIndex"]


def test_a_status_list_is_a_credential_as_published_and_as_the_recommendation_says(country, issued, client):
    text = listed(client, country).text
    said = part(text, 1)
    CREDENTIAL.validate(said)
    assert (faults_of_list(said), faults_of_token(text)) == ([], [])
    assert said["id"] == part(client.get(f"/verify/{issued[0].token}/badge").text, 1)["credentialStatus"][
        "statusListCredential"
    ].replace("#", "")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda said: said.update(type=["VerifiableCredential"]), "type"),
        (lambda said: said["credentialSubject"].update(type="StatusList2021"), "subject"),
        (
            lambda said: said["credentialSubject"].update(
                encodedList="u" + badges._text(gzip.compress(b"\0"))
            ),
            "16 KB",
        ),
        (lambda said: said["credentialSubject"].update(encodedList="zAAAA"), "multibase"),
    ],
    ids=["type", "subject", "16 KB", "multibase"],
)
def test_the_checks_would_find_a_list_that_is_otherwise(country, issued, client, change, fault):
    said = part(listed(client, country).text, 1)
    changed = copy.deepcopy(said)
    change(changed)
    assert fault in faults_of_list(changed)
    for name in ("@context", "issuer", "credentialSubject"):
        with pytest.raises(jsonschema.ValidationError):
            CREDENTIAL.validate({key: value for key, value in said.items() if key != name})


def test_who_asks_for_a_list_again_and_again_makes_nobody_sign(country, issued, client, clock, monkeypatch):
    """The key may be in a card that takes half a second: visitors must not keep it from the officers."""
    signed, sign = [], keys.FileSigner.sign
    monkeypatch.setattr(badges, "_LISTS", {})
    monkeypatch.setattr(keys.FileSigner, "sign", lambda self, data: signed.append(data) or sign(self, data))
    first = {listed(client, country).text for _turn in range(5)}
    assert (len(first), len(signed)) == (1, 1)
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    after = listed(client, country).text
    assert (after in first, len(signed)) == (False, 2)  # what ended is told at once all the same
    clock.advance(seconds=badges.GOOD_FOR)
    assert part(listed(client, country).text, 1)["nbf"] > part(after, 1)["nbf"]
    for number in (1, 7, 16383, 2**31):  # no document could be in these
        assert listed(client, country, number).status_code == 404
    assert len(signed) == 3


def test_a_program_that_asks_while_nothing_can_be_signed_is_told_so(
    country, issued, client, clock, monkeypatch
):
    """Not led to a page: whoever takes that for a list would find nothing revoked in it."""
    assert listed(client, country).status_code == 200
    clock.set(keyring.in_use(country.provider.id).not_after)
    answer = listed(client, country)
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.json["codes"] == ["key-expired"]
    assert "2029" in answer.json["detail"]  # in the asker's language
