"""Sheets an HR officer has signed: the hand-over list, the proof of names, the act of spoiled blanks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from retrain.documents import dates, pdf, sheets
from retrain.documents.office_wording import OFFICE


@dataclass(frozen=True)
class Heading:
    """What stands above each of these sheets."""

    organisation: str
    course: str
    group: str
    starts: date
    ends: date
    day: date


@dataclass(frozen=True)
class HandedOver:
    """One line of the hand-over list: who signs for which document on which blank."""

    name: str
    number: str
    blank: str = ""
    on: str = ""


@dataclass(frozen=True)
class Proof:
    """One line of the proof: what the document will bear, to be signed by whom it names."""

    names: tuple[str, ...]
    workplace: str
    post: str
    standing: str


@dataclass(frozen=True)
class SpoiledBlank:
    """One line of the act: a blank and why it can't be used."""

    number: str
    reason: str


@dataclass(frozen=True)
class Act:
    """The act of spoiled blanks; without number and day while it is a draft."""

    organisation: str
    document: str
    number: str
    day: date | None
    members: tuple[str, ...]
    blanks: tuple[SpoiledBlank, ...]


def hand_over_pdf(heading: Heading, lines: Sequence[HandedOver], *, lang: str) -> bytes:
    """The sheet on which a group signs for its documents, in the order they were printed."""
    words = OFFICE[lang]
    columns = (
        ("name", ""),
        ("number", "code"),
        ("blank", "sheet"),
        ("received", "day"),
        ("signature", "hand"),
    )
    rows = [(line.name, line.number, line.blank, line.on, "") for line in lines]
    return _listed("hand_over", heading, columns, rows, words, lang)


def proof_pdf(heading: Heading, lines: Sequence[Proof], *, lang: str) -> bytes:
    """The sheet on which a group reads the lines of its documents before they are printed, and signs."""
    words = OFFICE[lang]
    columns = (
        ("lines", ""),
        ("workplace", "place"),
        ("post", "post"),
        ("standing", "state"),
        ("signature", "hand"),
    )
    rows = [("\n".join(line.names), line.workplace, line.post, line.standing, "") for line in lines]
    return _listed("proof", heading, columns, rows, words, lang)


def act_pdf(act: Act, *, lang: str) -> bytes:
    """The act by which a commission writes blanks off, with lines for what is not known yet."""
    words = OFFICE[lang]
    says = words["act_says"].format(count=len(act.blanks), document=act.document)
    html = sheets.html("blank_act.html", lang, words["act"], words, act=act, says=says)
    return pdf.render(html, title=words["act"], lang=lang)


def _listed(
    name: str,
    heading: Heading,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    words: dict[str, str],
    lang: str,
) -> bytes:
    facts = [
        (words["course"], heading.course),
        (words["group"], heading.group),
        (words["period"], dates.period(heading.starts, heading.ends, lang)),
    ]
    html = sheets.html(
        "signed_list.html", lang, words[name], words, heading=heading, columns=columns, rows=rows,
        facts=[fact for fact in facts if fact[1]], foot=words["people"].format(n=len(rows)),
    )  # fmt: skip
    return pdf.render(html, title=words[name], lang=lang)
