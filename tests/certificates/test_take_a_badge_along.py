"""Each document is an Open Badge 3.0 as well, which programs of others read, check and see revoked."""

import base64
import gzip
import json
import subprocess
from datetime import datetime
from pathlib import Path

import jsonschema
import pytest
from joserfc import jws
from joserfc.jwk import KeySet, import_key
from sqlalchemy import select

from retrain import files
from retrain.catalogue.states import DocumentType
from retrain.certificates import badges, service
from retrain.certificates.models import Certificate
from retrain.certificates.signature import keyring
from retrain.certificates.states import Ground
from retrain.extensions import db
from tests.certificates.signatures import hanko

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "data/openbadges/ob_v3p0_achievementcredential_schema.json").read_text()
)


def read(client, token: str) -> tuple[dict, dict]:
    """Head and body of the badge, its signature checked by another library with the key it names."""
    answer = client.get(f"/verify/{token}/badge")
    assert answer.status_code == 200
    assert answer.mimetype == "application/vc+jwt"
    return checked(client, answer.text)


def checked(client, text: str) -> tuple[dict, dict]:
    head = json.loads(base64.urlsafe_b64decode(text.split(".")[0] + "=="))
    key = client.get(head["kid"].removeprefix("http://localhost")).json
    found = jws.deserialize_compact(text, import_key(key), algorithms=[head["alg"]])
    return head, json.loads(found.payload)


def bit(client, entry: dict) -> bool:
    """What the status list says of a badge, read as the W3C recommendation tells."""
    answer = client.get(entry["statusListCredential"].removeprefix("http://localhost"))
    _head, said = checked(client, answer.text)
    assert said["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    subject = said["credentialSubject"]
    assert subject["statusPurpose"] == entry["statusPurpose"] == "revocation"
    encoded = subject["encodedList"]
    assert encoded[0] == "u"  # multibase: base64url without padding
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    assert len(bits) == 16 * 1024
    place = int(entry["statusListIndex"])
    return bool(bits[place // 8] >> (7 - place % 8) & 1)


@pytest.mark.parametrize("algorithm", ["p256", "rsa"])
def test_a_badge_is_as_the_published_schema_says(country, issued, client, algorithm):
    keyring.make(country.hr_officer, country.provider.id, algorithm)
    head, body = read(client, issued[0].token)
    jsonschema.Draft201909Validator(SCHEMA).validate(body)
    assert head["alg"] == {"p256": "ES256", "rsa": "RS256"}[algorithm]
    assert body["credentialSubject"]["identifier"][0]["identityHash"] == issued[0].frozen["public"]["name"]
    assert body["credentialSubject"]["achievement"]["name"] == "Payvandlash asoslari"
    assert body["id"].endswith(f"/verify/{issued[0].token}")
    assert datetime.fromisoformat(body["validFrom"]) == issued[0].issued_at.replace(microsecond=0)
    assert (body["iss"], body["jti"]) == (body["issuer"]["id"], body["id"])
    assert country.teachers[0].pinfl not in json.dumps(body)


HARD_NAMES = (
    "Ў",
    "To‘xtayeva‑Abdurahmonova " * 4 + "Oʻgʻiloy",
    'Щербакова <"Ёлка"> & ко\\',
    "Ñandú 𝔘nicode",
    "Qodir\u0301",
)


def test_badges_of_every_kind_name_and_state_are_as_the_schema_says(country, issued, client):
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    service.replace(country.hr_officer, issued[1].id, Ground.LOST, "ariza")
    validator, rows = jsonschema.Draft201909Validator(SCHEMA), db.session.scalars(select(Certificate)).all()
    assert {row.state for row in rows} == {"revoked", "replaced", "issued"}
    for row in rows:
        validator.validate(read(client, row.token)[1])
        for kind in DocumentType:
            for name in HARD_NAMES:
                public = row.frozen["public"] | {"name": name, "titles": {"uz": name}}
                other = Certificate(
                    id=row.id, token=row.token, frozen=row.frozen | {"public": public}, document_type=kind,
                    registration_number=row.registration_number, issued_at=row.issued_at, state=row.state,
                )  # fmt: skip
                said = json.loads(json.dumps(badges.credential(other, country.provider.code)))
                validator.validate(said)
                assert said["credentialSubject"]["identifier"][0]["identityHash"] == name


def test_the_page_of_an_issuer_is_a_profile_of_the_schema(country, issued, client):
    issuer = client.get(f"/issuers/{country.provider.code}").json
    validator = jsonschema.Draft201909Validator({"$ref": "#/$defs/Profile", "$defs": SCHEMA["$defs"]})
    validator.validate({name: value for name, value in issuer.items() if name != "@context"})
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(issuer | {"id": 7})


def test_the_schema_would_find_a_badge_that_lacks_something(country, issued, client):
    _head, body = read(client, issued[0].token)
    del body["credentialSubject"]["achievement"]["criteria"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft201909Validator(SCHEMA).validate(body)


def test_the_badge_is_in_the_file_under_the_signature(country, issued, client, clock, tmp_path):
    pdf = files.read(service.file_of(country.hr_officer, issued[0].id))
    path, out = tmp_path / "document.pdf", tmp_path / "badge.jwt"
    path.write_bytes(pdf)
    listed = subprocess.run(
        ["pdfdetach", "-list", str(path)], capture_output=True, text=True, check=True
    ).stdout
    assert "badge.jwt" in listed
    subprocess.run(["pdfdetach", "-save", "1", "-o", str(out), str(path)], check=True)
    assert client.get(f"/verify/{issued[0].token}/badge").data == out.read_bytes()
    assert checked(client, out.read_text())[1]["id"].endswith(issued[0].token)
    status = hanko(pdf, keyring.in_use(country.provider.id).chain, clock.moment)
    assert status.bottom_line, status.pretty_print_details()
    assert status.coverage.name == "ENTIRE_FILE"


def test_a_status_list_says_at_once_what_ended(country, issued, client):
    entries = [read(client, row.token)[1]["credentialStatus"] for row in issued]
    assert [bit(client, entry) for entry in entries] == [False, False]
    service.revoke(country.hr_officer, issued[0].id, "buyruq 40-k")
    assert [bit(client, entry) for entry in entries] == [True, False]
    new = service.replace(country.hr_officer, issued[1].id, Ground.LOST, "ariza")
    assert [bit(client, entry) for entry in entries] == [True, True]
    assert not bit(client, read(client, new.token)[1]["credentialStatus"])


def test_others_find_issuer_and_keys_of_before_too(country, issued, client):
    old = client.get(f"/verify/{issued[0].token}/badge").text
    keyring.make(country.hr_officer, country.provider.id, "rsa")
    code = country.provider.code
    issuer = client.get(f"/issuers/{code}").json
    assert (issuer["type"], issuer["name"]) == (["Profile"], "Texnika universiteti")
    keys = client.get(f"/issuers/{code}/keys").json
    assert {key["kty"] for key in keys["keys"]} == {"EC", "RSA"}
    head = json.loads(base64.urlsafe_b64decode(old.split(".")[0] + "=="))
    key = next(each for each in KeySet.import_key_set(keys) if head["kid"].endswith(each.kid))
    assert jws.deserialize_compact(old, key, algorithms=["ES256"]).payload
    for address in ("/issuers/nobody", f"/issuers/{code}/keys/none", f"/issuers/{code}/status/99999999999",
                    f"/issuers/{country.college.code}", "/verify/nothing/badge"):  # fmt: skip
        assert client.get(address).status_code == 404


def test_a_changed_badge_is_found_out(issued, client):
    head, body, signature = client.get(f"/verify/{issued[0].token}/badge").text.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    said["credentialSubject"]["identifier"][0]["identityHash"] = "Boshqa Odam"
    forged = ".".join((head, badges._json(said), signature))
    with pytest.raises(Exception, match=r"(?i)signature"):
        checked(client, forged)


def test_the_page_of_a_document_leads_to_its_badge(issued, client):
    assert f"/verify/{issued[0].token}/badge" in client.get(f"/verify/{issued[0].token}").text
