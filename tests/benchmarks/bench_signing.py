"""A thousand documents each in a PDF of its own, signed with P-256, beside WeasyPrint and pyHanko with its key loaded.

Ours carry their Open Badge as well. Every line is one core's own time in the same run, from cold. Then every file is
checked: all of ours by pyHanko and by poppler's pdfsig.
"""

import datetime
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.measure import Sample, houses, peak_megabytes, report, report_sample  # isort: skip

from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.registry import SimpleCertificateStore

from retrain import clock
from retrain.certificates import badges, press
from retrain.certificates.designs import places
from retrain.certificates.frozen import Frozen, to_dict
from retrain.certificates.models import Certificate
from retrain.certificates.signature import keys, signing
from retrain.certificates.signature.cms import Layout
from retrain.certificates.states import CertificateState
from tests.benchmarks.bench_certificates import DESIGN, each, forget, naive, records
from tests.certificates.signatures import hanko, roots

MANY, FEW, ROUNDS = 1000, 10, 3


def main() -> None:
    people, drawn = records(MANY), places.drawn(*DESIGN)
    made = keys.make("p256", "Texnika universiteti", clock.now())
    theirs = pyhanko(made)
    naive(people[0], drawn)  # the first page of all loads libraries
    kept: list[bytes] = []
    with houses(["sqlite"]) as apps:
        app, _database = next(apps)
        with app.app_context():
            rows = [document(record) for record in people]
            ours: list[float] = []
            rival: list[float] = []
            for round_ in range(ROUNDS):
                few = people[round_ * FEW : round_ * FEW + FEW]
                rival.append(each(partial(by_pyhanko, few, drawn, theirs), FEW))
                kept.clear()
                ours.append(each(lambda: kept.extend(signed(people, rows, drawn, made)), MANY))
    sample, other = Sample(tuple(ours)), Sample(tuple(rival))
    report_sample("signing", "WeasyPrint and pyHanko, key loaded", other, unit="ms each")
    report_sample(
        "signing", "1000 single signed files from cold", sample, unit="ms each",
        rival="WeasyPrint and pyHanko, key loaded", rival_value=other.median,
    )  # fmt: skip
    report("signing", "times faster", other.median / sample.median, "times")
    report("signing", "memory", peak_megabytes(), "MB")
    report("signing", "size of a signed file with its badge", sum(map(len, kept)) / len(kept) / 1024, "KB")
    check(kept, keys.pem(made.chain))


def signed(
    people: list[Frozen], rows: list[Certificate], drawn: places.Drawn, made: keys.Material
) -> Iterator[bytes]:
    """Each document's own file as its holder gets it."""
    forget()
    layout = Layout(keys.FileSigner(made.private, made.chain))
    for row, record, sheet in zip(rows, people, press.Press(drawn).sheets(people), strict=True):
        badge = badges.jwt(layout.signer, "TDPU", badges.credential(row, "TDPU")).encode()
        attached = signing.Attachment(badges.FILE, badges.MEDIA_TYPE, badge, "Open Badge 3.0")
        about = signing.About("Texnika universiteti", clock.now(), record.check_url)
        yield signing.signed(sheet.pdf, layout, about, [attached])


def document(record: Frozen) -> Certificate:
    """The row that the record stands in."""
    public = {
        "name": record.name, "titles": {"uz": record.course}, "hours": record.hours, "starts_on": record.starts_on,
        "ends_on": record.ends_on, "issued_on": record.issued_on, "issuer": {"uz": record.provider},
    }  # fmt: skip
    return Certificate(
        id=record.number, token=record.check_url[-22:], frozen={"document": to_dict(record), "public": public},
        document_type="advanced_training_certificate", registration_number=record.registration_number,
        issued_at=clock.now(), state=CertificateState.ISSUED,
    )  # fmt: skip


def pyhanko(made: keys.Material) -> signers.SimpleSigner:
    """pyHanko's own signer with the same key, loaded once."""
    der = made.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = roots(keys.pem(made.chain))[0]
    return signers.SimpleSigner(certificate, PrivateKeyInfo.load(der), SimpleCertificateStore())  # type: ignore[no-untyped-call]


def by_pyhanko(few: list[Frozen], drawn: places.Drawn, signer: signers.SimpleSigner) -> None:
    """A few the plain way: one call of WeasyPrint, then one of pyHanko."""
    for record in few:
        writer = IncrementalPdfFileWriter(BytesIO(naive(record, drawn)))
        meta = signers.PdfSignatureMetadata(field_name="Signature1", name="Texnika universiteti")
        signers.sign_pdf(writer, meta, signer, output=BytesIO())


def check(files: list[bytes], chain: str) -> None:
    """That each of them is valid to two readers who had no part in it."""
    now = datetime.datetime.now(datetime.UTC)
    sound = 0
    for pdf in files:
        status = hanko(pdf, chain, now)
        sound += status.bottom_line and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    report("signing", "valid by pyHanko", sound, f"of {len(files)}")
    with tempfile.TemporaryDirectory() as folder:
        path, valid = Path(folder) / "signed.pdf", 0
        for pdf in files:
            path.write_bytes(pdf)
            told = subprocess.run(
                ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True
            )
            valid += "Signature is Valid" in told.stdout and "Total document signed" in told.stdout
    report("signing", "valid by pdfsig", valid, f"of {len(files)}")


if __name__ == "__main__":
    main()
