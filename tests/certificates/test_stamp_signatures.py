"""With a time-stamp service set, each signature carries the service's word on when it existed."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from retrain.certificates import service
from retrain.certificates.signature import keyring
from retrain.refusal import Refused
from tests.certificates.signatures import hanko


def stamper() -> tuple[DummyTimeStamper, str]:
    """A service's own hand, and its certificate as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Vaqt xizmati")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(9)
        .not_valid_before(now - timedelta(days=400)).not_valid_after(now + timedelta(days=400))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    der = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    own = asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return DummyTimeStamper(own, asn1_keys.PrivateKeyInfo.load(der)), pem


@pytest.fixture
def stamps(app, monkeypatch):
    """A time-stamp service on this machine; its mood is ``good``, ``silent`` or ``strange``."""
    hand, pem = stamper()
    mood = {"is": "good"}

    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            if mood["is"] == "strange":
                asked["message_imprint"]["hashed_message"] = b"\0" * 32
            answer = hand.request_tsa_response(asked).dump() if mood["is"] != "silent" else b""
            self.send_response(200 if answer else 503)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setitem(app.config, "RETRAIN", replace(app.config["RETRAIN"], timestamp_url=url))
    yield mood, pem
    server.shutdown()
    server.server_close()


def test_a_service_says_when_the_signature_existed(country, issued, stamps):
    from retrain import files

    _mood, pem = stamps
    pdf = files.read(service.file_of(country.hr_officer, issued[0].id))
    chain = keyring.in_use(country.provider.id).chain
    status = hanko(pdf, chain, datetime.now(UTC), more=pem)
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.valid
    assert status.timestamp_validity.trusted
    assert status.intact
    assert status.valid


def test_a_service_that_does_not_answer_signs_nothing(country, issued, stamps):
    mood, _pem = stamps
    for strange in ("silent", "strange"):
        mood["is"] = strange
        with pytest.raises(Refused) as refused:
            service.file_of(country.hr_officer, issued[0].id)
        assert [why.code for why in refused.value.why] == ["stamp-missing"]
    assert service.queries.certificate(issued[0].id).file_digest is None
