"""WeasyPrint's own rendering beside the press's, and how both look."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from retrain.certificates.designs import composing, markup, places
from retrain.certificates.frozen import Frozen
from retrain.documents import grounds, pdf


def by_weasyprint(records: Sequence[Frozen], drawn: places.Drawn) -> bytes:
    """One WeasyPrint document of all *records*, and nothing of the press."""
    composed = [composing.compose(record, drawn) for record in records]
    names = [sheet.ground for one in composed for sheet in one.fixed]
    return pdf.render(
        markup.html(composed, drawn),
        title=composed[0].title,
        lang=composed[0].lang,
        finisher=lambda _document, made: grounds.put(made, drawn.grounds, names),
        pictures=True,
    )


def pictures(made: bytes, dpi: int, *, only: str = "") -> Iterator[bytes]:
    """Each page of a PDF as pixels."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made.pdf"
        file.write_bytes(made)
        subprocess.run(["pdftoppm", "-r", str(dpi), *only.split(), file, Path(folder) / "page"], check=True)
        for page in sorted(Path(folder).glob("page-*.ppm")):
            yield page.read_bytes()
            page.unlink()
