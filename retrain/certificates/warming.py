"""What the first printing in a process would wait for, got ready beforehand."""

from retrain.catalogue.states import DocumentType
from retrain.certificates import freezing
from retrain.documents import pdf


def make_ready() -> None:
    """Load what draws pages, the letters of the designs, and the table of squares; without Pango there is nothing to."""
    if not pdf.available():
        return
    from retrain.certificates.designs import places
    from retrain.certificates.designs.composing import FixedSheet
    from retrain.certificates.press import compiling, qr

    drawn = places.drawn(*freezing.DESIGNS[DocumentType.ADVANCED_TRAINING_CERTIFICATE])
    compiling.compiled(drawn, (FixedSheet("", (), ()),), "uz")
    qr.path(freezing.check_address("A" * qr.TAIL))
