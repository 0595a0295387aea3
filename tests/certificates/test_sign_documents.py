"""Each document is signed: two readers of PDFs say so, and that every change to the file shows."""

import io
import shutil
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from retrain.certificates import service
from retrain.certificates.commands import certificates
from retrain.certificates.models import SigningKey
from retrain.certificates.signature import keyring, keys
from retrain.config import Settings
from retrain.extensions import db
from retrain.refusal import Forbidden, Refused
from tests import scenario
from tests.certificates.signatures import hanko, poppler


@pytest.fixture
def office(country, app):
    return scenario.signed_in(app, country.hr_officer)


def codes(refused) -> list[str]:
    return [why.code for why in refused.value.why]


def opened(office, row) -> bytes:
    answer = office.get(f"/certificates/{row.id}.pdf")
    assert answer.status_code == 200, answer.text
    return answer.data


def authority(clock, name="Milliy markaz"):
    """Somebody who certifies keys: what signs, and the own certificate."""
    key, called = ec.generate_private_key(ec.SECP256R1()), named(name)
    own = certified(clock, key.public_key(), called, key, called, ca=True)
    return key, own


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certified(clock, public, subject, by_key, issuer, *, days=400, since=timedelta(hours=1), ca=False):
    usage = x509.KeyUsage(True, True, False, False, False, ca, ca, False, False)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.moment - since)
        .not_valid_after(clock.moment + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca, None), True)
        .add_extension(usage, True)
        .sign(by_key, hashes.SHA256())
    )


def as_pem(key, *chain, password=b"") -> bytes:
    locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    return private + keys.pem(chain).encode()


@pytest.mark.parametrize("algorithm", ["p256", "rsa"])
def test_two_readers_find_the_signature_valid(country, issued, office, clock, tmp_path, algorithm):
    keyring.make(country.hr_officer, country.provider.id, algorithm)
    pdf = opened(office, issued[0])
    row = keyring.in_use(country.provider.id)
    status = hanko(pdf, row.chain, clock.moment)
    assert status.bottom_line, status.pretty_print_details()
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.signer_reported_dt == clock.moment.replace(microsecond=0)
    told = poppler(pdf, tmp_path)
    assert not told or ("Signature is Valid" in told and "Total document signed" in told)
    assert opened(office, issued[0]) == pdf


def test_a_changed_byte_a_page_more_or_a_signature_on_top_breaks_it(country, issued, office, clock):
    pdf = opened(office, issued[0])
    chain = keyring.in_use(country.provider.id).chain
    middle = len(pdf) // 3
    changed = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.pages.append(file.pages[0])
        longer = io.BytesIO()
        file.save(longer)
    for file in (changed, longer.getvalue()):
        assert not hanko(file, chain, clock.moment).bottom_line


def test_the_secret_half_is_in_the_data_folder_for_the_program_alone(country, issued, office, app):
    opened(office, issued[0])
    settings: Settings = app.config["RETRAIN"]
    row = db.session.query(SigningKey).one()
    file = settings.key_folder / row.place
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE KEY" in file.read_bytes()
    assert "PRIVATE" not in row.chain
    file.unlink()
    keyring._LAYOUTS.clear()
    answer = office.get(f"/certificates/{issued[1].id}.pdf?lang=en", follow_redirects=True)
    assert "is not in the data folder" in answer.text


def test_an_expired_key_signs_nothing_and_says_so_before(country, issued, office, clock):
    opened(office, issued[0])
    assert "signing key expires" not in office.get("/?lang=en", follow_redirects=True).text
    clock.set(keyring.in_use(country.provider.id).not_after - timedelta(days=20, hours=1))
    office = scenario.signed_in(office.application, country.hr_officer)
    assert "The signing key expires in 20 days" in office.get("/?lang=en", follow_redirects=True).text
    assert "expires in 20 days" in office.get("/documents/keys?lang=en").text
    clock.advance(days=21)
    office = scenario.signed_in(office.application, country.hr_officer)
    answer = office.get(f"/certificates/{issued[1].id}.pdf?lang=en", follow_redirects=True)
    assert "an expired key signs nothing" in answer.text
    assert "has expired" in office.get("/?lang=en", follow_redirects=True).text
    assert opened(office, issued[0]).startswith(b"%PDF")  # what was signed in time stays
    assert office.post("/documents/keys").status_code == 303
    assert opened(office, issued[1]).startswith(b"%PDF")
    page = office.get("/documents/keys?lang=en").text
    assert page.count("in use") >= 1
    assert "replaced on" in page


def test_an_authority_certifies_the_key(country, issued, office, clock, tmp_path):
    assert "No key yet" in office.get("/documents/keys?lang=en").text
    office.post("/documents/keys")
    asked = x509.load_pem_x509_csr(office.get("/documents/keys/request").data)
    assert asked.is_signature_valid
    by, root = authority(clock)
    own = certified(clock, asked.public_key(), asked.subject, by, root.subject)
    wrong = certified(clock, by.public_key(), asked.subject, by, root.subject)
    late = certified(
        clock, asked.public_key(), asked.subject, by, root.subject, days=-1, since=timedelta(days=9)
    )
    other, _other_root = authority(clock, "Boshqa")
    forged = certified(clock, asked.public_key(), asked.subject, other, root.subject)

    def add(*chain) -> str:
        file = (io.BytesIO(keys.pem(chain).encode()), "chain.pem")
        answer = office.post("/documents/keys/certificate?lang=en", data={"file": file})
        return answer.text if answer.status_code == 422 else str(answer.status_code)

    assert "belongs to another key" in add(wrong, root)
    assert "The certificate expired on" in add(late, root)
    assert "is not signed by the next one" in add(forged, root)
    assert add(root, own) == "303"  # in whatever order the authority put them
    row = keyring.in_use(country.provider.id)
    assert "Milliy markaz" in office.get("/documents/keys?lang=en").text
    pdf = opened(office, issued[0])
    assert hanko(pdf, row.chain, clock.moment).bottom_line


def test_a_key_is_imported_from_a_file(country, issued, office, clock):
    by, root = authority(clock)
    mine = rsa.generate_private_key(65537, 2048)
    own = certified(clock, mine.public_key(), named("TDPU"), by, root.subject)
    locked = serialization.BestAvailableEncryption(b"parol")
    file = pkcs12.serialize_key_and_certificates(b"TDPU", mine, own, [root], locked)

    def bring(content, password="") -> str:
        data = {"file": (io.BytesIO(content), "key.p12"), "password": password}
        answer = office.post("/documents/keys/import?lang=en", data=data)
        return answer.text if answer.status_code == 422 else str(answer.status_code)

    assert "or the password is another" in bring(file, "boshqa")
    assert "holds no key" in bring(b"not a key")
    edwards = ed25519.Ed25519PrivateKey.generate()
    of_edwards = certified(clock, edwards.public_key(), named("TDPU"), by, root.subject)
    assert "neither a P-256 nor an RSA key" in bring(as_pem(edwards, of_edwards))
    short = rsa.generate_private_key(65537, 1024)
    of_short = certified(clock, short.public_key(), named("TDPU"), by, root.subject)
    assert "can be broken" in bring(as_pem(short, of_short))
    assert bring(file, "parol") == "303"
    assert hanko(
        opened(office, issued[0]), keyring.in_use(country.provider.id).chain, clock.moment
    ).bottom_line
    assert keyring.in_use(country.provider.id).algorithm == "rsa"


def test_only_an_hr_officer_of_the_provider_touches_keys(country, issued, app):
    for actor in (country.coordinator, country.college_hr):
        with pytest.raises(Forbidden):
            keyring.make(actor, country.provider.id)
        assert scenario.signed_in(app, actor).get("/documents/keys").status_code == 403


def test_the_command_line_makes_lists_and_rotates(country, issued, app, clock, tmp_path):
    def run(*words: str):
        return CliRunner().invoke(certificates, ["keys", *words], obj=None)

    code = country.provider.code
    assert run("list", code).exit_code == 0
    assert "in use" in run("make", code).output
    assert "in use" in run("make", code, "--algorithm", "rsa").output
    listed = run("list", code).output
    assert ("retired" in listed, "in use" in listed) == (True, True)
    assert "BEGIN CERTIFICATE REQUEST" in run("request", code).output
    assert run("list", "no-such").exit_code == 2
    clock.set(keyring.in_use(country.provider.id).not_after - timedelta(days=3))
    assert run("list", code).exit_code == 1


SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"


@pytest.mark.skipif(shutil.which("softhsm2-util") is None, reason="softhsm2 is not installed")
@pytest.mark.parametrize("algorithm", ["p256", "rsa"])
def test_a_key_in_a_device_signs(country, issued, office, clock, tmp_path, monkeypatch, app, algorithm):
    conf, tokens = tmp_path / "softhsm2.conf", tmp_path / "tokens"
    tokens.mkdir()
    conf.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    util = ["softhsm2-util", "--module", SOFTHSM]
    start = [*util, "--init-token", "--free", "--label", "HR", "--pin", "1234", "--so-pin", "5678"]
    subprocess.run(start, check=True, capture_output=True)
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if algorithm == "p256"
        else rsa.generate_private_key(65537, 2048)
    )
    pem = tmp_path / "key.pem"
    pem.write_bytes(as_pem(key))
    bring = [
        *util,
        "--import",
        str(pem),
        "--token",
        "HR",
        "--label",
        "documents",
        "--id",
        "01",
        "--pin",
        "1234",
    ]
    subprocess.run(bring, check=True, capture_output=True)
    by, root = authority(clock)
    chain = keys.pem([certified(clock, key.public_key(), named("TDPU"), by, root.subject), root]).encode()
    address = "pkcs11:token=HR;object=documents"
    settings = app.config["RETRAIN"]
    from dataclasses import replace
    from pathlib import Path

    monkeypatch.setitem(
        app.config, "RETRAIN", replace(settings, pkcs11_module=Path(SOFTHSM), pkcs11_pin="1234")
    )
    # The library is loaded once a process and keeps its first folder of tokens.
    import pkcs11

    pkcs11.lib(SOFTHSM).reinitialize()
    row = keyring.use_device(country.hr_officer, country.provider.id, address, chain)
    assert hanko(opened(office, issued[0]), row.chain, clock.moment).bottom_line
    from retrain.certificates.signature.devices import DeviceProblem

    with pytest.raises(DeviceProblem):
        keyring.use_device(country.hr_officer, country.provider.id, "pkcs11:token=HR;object=other", chain)
    with pytest.raises(Refused) as refused:
        keyring.request(country.hr_officer, country.provider.id)
    assert codes(refused) == ["key-in-device"]
    assert service.file_of(country.hr_officer, issued[0].id).size
