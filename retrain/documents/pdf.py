"""HTML to PDF: our own letters only, nothing fetched, the same bytes for the same page.

WeasyPrint needs Pango, a library of the system. It is loaded at the first page and not before, so that
the program starts quickly, and starts without it too.
"""

import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

FONTS = Path(__file__).parent / "fonts"

_WRITTEN_IN = ("data:image/png;base64,", "data:image/jpeg;base64,")
"""Pictures that stand in the page itself."""

# A finisher may rework the PDF before it is written: it gets WeasyPrint's document and pydyf's PDF.
Finisher = Callable[[Any, Any], None]


class PrintingUnavailable(Exception):
    """PDFs can't be made on this machine: Pango isn't installed."""


class ForbiddenResource(Exception):
    """A page asked for a file or an address; documents may use only what is written in them."""


def available() -> bool:
    """Whether PDFs can be made here."""
    try:
        _weasyprint()
    except PrintingUnavailable:
        return False
    return True


def render(
    html: str, *, title: str, lang: str, finisher: Finisher | None = None, pictures: bool = False
) -> bytes:
    """*html*, a whole page or several, as a PDF. The title and language go into its properties.

    Raises PrintingUnavailable, or ForbiddenResource when the page refers to anything outside itself.
    """
    with laid_out(html, pictures=pictures) as document:
        document.metadata.title = title
        document.metadata.lang = lang
        pdf: bytes = document.write_pdf(pdf_identifier=_identifier(html, title, lang), finisher=finisher)
    return pdf


@contextmanager
def laid_out(html: str, *, pictures: bool = False) -> Iterator[Any]:
    """WeasyPrint's document of *html*, to be written or measured within.

    With *pictures* those that stand in the page itself are shown too.
    Raises PrintingUnavailable, or in the end ForbiddenResource when the page refers to anything outside itself.
    """
    weasyprint = _weasyprint()
    refused: list[str] = []
    source = weasyprint.HTML(string=html, url_fetcher=_refusing_fetcher(refused, pictures))
    yield source.render(font_config=_font_configuration())
    if refused:
        raise ForbiddenResource(refused[0])


def _identifier(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32].encode()


def _refusing_fetcher(refused: list[str], pictures: bool) -> Any:
    from weasyprint.urls import URLFetcher

    class Refusing(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if pictures and url.startswith(_WRITTEN_IN):
                return super().fetch(url, headers)
            # WeasyPrint swallows the error and prints without the picture: the list remembers it.
            refused.append(url[:200])
            raise ForbiddenResource(url[:200])

    return Refusing()


@cache
def _weasyprint() -> ModuleType:
    # Fontconfig reads this when Pango is loaded. Nothing else in the program uses it.
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    try:
        import weasyprint
    except (OSError, ImportError) as missing:
        raise PrintingUnavailable(str(missing)) from missing
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    loaded: ModuleType = weasyprint
    return loaded


def _font_configuration() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()
