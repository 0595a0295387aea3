"""Sheets of slips to cut apart: each gives one person the code that opens their account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import segno

from retrain.documents import pdf, sheets
from retrain.documents.wording import SLIP

_A_ROW = 2


@dataclass(frozen=True)
class Slip:
    """What one slip says. *sign_in_name* is the e-mail, telephone or number the person will type."""

    name: str
    college: str
    sign_in_name: str
    code: str
    valid_until: date
    lang: str = "uz"


def slips_pdf(slips: Sequence[Slip], *, address: str, lang: str = "uz") -> bytes:
    """A4 sheets of eight slips. *address* is the page where a code is typed; each slip in its own language."""
    return pdf.render(slips_html(slips, address=address, lang=lang), title=SLIP[lang]["title"], lang=lang)


def slips_html(slips: Sequence[Slip], *, address: str, lang: str = "uz") -> str:
    """The same sheets before they become a PDF."""
    square = segno.make(address, error="m", micro=False, boost_error=False)
    return sheets.html(
        "slips.html",
        lang,
        SLIP[lang]["title"],
        SLIP[lang],
        rows=[slips[at : at + _A_ROW] for at in range(0, len(slips), _A_ROW)],
        words_of=SLIP,
        address=address.removeprefix("https://").removeprefix("http://"),
        square=square.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None),
    )
