"""Documents set in a design: frozen data in, a PDF out, the same bytes every time.

A design is a folder, and each version of it a folder inside that is never changed once documents were
issued from it: page, style, words in four languages, boxes for the texts that vary, ground.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import segno
from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from retrain.certificates import check_code
from retrain.certificates.frozen import (
    Frozen,
    HoursPart,
    ModuleLine,
    Signatory,
    canonical_json,
    digest,
    from_dict,
    to_dict,
)
from retrain.documents import fitting, grounds, pdf

__all__ = [
    "CURRENT",
    "DESIGNS",
    "Frozen",
    "HoursPart",
    "ModuleLine",
    "Problem",
    "Signatory",
    "canonical_json",
    "digest",
    "from_dict",
    "problems",
    "render",
    "to_dict",
]

FOLDER = Path(__file__).parent / "designs"
DESIGNS = ("advanced_training", "retraining_diploma")
CURRENT = {"advanced_training": "v1", "retraining_diploma": "v1"}

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SECOND = {"uz": "en", "uz-Cyrl": "en", "ru": "en", "en": "uz"}


@dataclass(frozen=True)
class Problem:
    """Why a document can't be printed as it is: `no-glyph` with the characters, or `too-long`."""

    field: str
    code: str
    characters: tuple[str, ...] = ()


class Unprintable(ValueError):
    """A document says something the design can't print."""

    def __init__(self, found: list[Problem]) -> None:
        self.problems = found
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in found))


@dataclass(frozen=True)
class Version:
    """One version of a design, read from its folder."""

    page: Template
    style: str
    words: dict[str, dict[str, Any]]
    boxes: dict[str, fitting.Box]
    grounds: dict[str, bytes]


def render(frozen: Sequence[Frozen], design: str, version: str) -> bytes:
    """One PDF of all the documents, in the order given; the same documents give the same bytes.

    A page takes about an eighth of a second and 1.7 MB of memory: print thousands in parts.
    Raises Unprintable with every problem of every document, or PrintingUnavailable.
    """
    if not frozen:
        raise ValueError("no document to print")
    chosen = _version(design, version)
    if found := [problem for one in frozen for problem in problems(one, design, version)]:
        raise Unprintable(found)
    sheets = [chosen.page.render(**_context(one, chosen, at)) for at, one in enumerate(frozen)]
    lang = frozen[0].language
    html = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><style>{chosen.style}</style></head>'
        f"<body>{''.join(sheets)}</body></html>"
    )
    return pdf.render(html, title=_title(frozen, chosen), lang=lang, finisher=_finisher(chosen))


def problems(frozen: Frozen, design: str, version: str) -> list[Problem]:
    """What keeps *frozen* from being printed in this design; to be asked before a number is taken."""
    chosen = _version(design, version)
    found = []
    for field, text in _texts(frozen):
        if missing := fitting.without_glyph(text):
            found.append(Problem(field, "no-glyph", tuple(missing)))
    if found:
        return found
    for name, text in _boxed(frozen, chosen):
        try:
            fitting.fit(text, chosen.boxes[name.partition(".")[0]])
        except fitting.DoesNotFit:
            found.append(Problem(name, "too-long"))
    return found


def _texts(frozen: Frozen) -> list[tuple[str, str]]:
    """Every text of the document with the field it stands in."""
    found = []
    for field, value in vars(frozen).items():
        for one in value if isinstance(value, tuple) else (value,):
            texts = vars(one).values() if hasattr(one, "__dict__") else (one,)
            found += [(field, text) for text in texts if isinstance(text, str)]
    return found


def _boxed(frozen: Frozen, chosen: Version) -> list[tuple[str, str]]:
    """Texts that must fit a box, by the box's name; `box.part` where one box serves several texts."""
    plain = {
        "name": frozen.name,
        "name_second": frozen.name_second,
        "authority": frozen.authority,
        "provider": frozen.provider,
        "work": _work(frozen),
        "course": frozen.course,
        "course_second": frozen.course_second,
        "speciality": frozen.speciality,
        "legal_basis": frozen.legal_basis,
        "facts": " · ".join(_facts(frozen, chosen)),
    }
    found = [(name, text) for name, text in plain.items() if text and name in chosen.boxes]
    found += [(f"label.{label}", text) for label, text in _table(frozen, chosen)]
    for signatory in frozen.signatories:
        found += [("post.signatories", signatory.post), ("signer.signatories", signatory.name)]
    return found


def _context(frozen: Frozen, chosen: Version, at: int) -> dict[str, Any]:
    words = chosen.words[frozen.language]
    return {
        "doc": frozen,
        "at": at,
        "words": words,
        "second": chosen.words[_SECOND[frozen.language]],
        "second_lang": _SECOND[frozen.language],
        "number": check_code.shown(frozen.series, frozen.number),
        "code": check_code.grouped(frozen.check_code),
        "work": _work(frozen),
        "facts": " · ".join(_facts(frozen, chosen)),
        "table": _table(frozen, chosen),
        "square": _square(frozen.check_url),
        "issued": _written(frozen.issued_on, words),
        "period": _period(frozen, words),
        "fit": lambda name, text: _fitted(text, chosen.boxes[name]),
        "printed": fitting.printed,
    }


def _work(frozen: Frozen) -> str:
    return ", ".join(part for part in (frozen.workplace, frozen.post) if part)


def _facts(frozen: Frozen, chosen: Version) -> list[str]:
    words = chosen.words[frozen.language]
    hours = words["hours"].format(n=frozen.hours)
    if frozen.hours_parts:
        hours += f" ({', '.join(f'{part.kind} {part.hours}' for part in frozen.hours_parts)})"
    found = [_period(frozen, words), hours, frozen.form_of_study]
    if frozen.result:
        found.append(words["result"].format(result=frozen.result))
    return [fact for fact in found if fact]


def _table(frozen: Frozen, chosen: Version) -> list[tuple[str, str]]:
    words = chosen.words[frozen.language]
    rows = [
        ("registration", frozen.registration_number),
        ("protocol", _dated(frozen.protocol_on, frozen.protocol_number, words)),
        ("order", _dated(frozen.order_on, frozen.order_number, words)),
        ("place", frozen.place),
        ("issued", _written(frozen.issued_on, words)),
    ]
    return [(words[label], value) for label, value in rows if value]


def _dated(day: str, number: str, words: dict[str, Any]) -> str:
    if not (day and number):
        return _written(day, words) if day else number
    dated: str = words["dated"].format(day=_written(day, words), number=number)
    return dated


def _written(day: str, words: dict[str, Any]) -> str:
    told = date.fromisoformat(day)
    month = words["months"].split()[told.month - 1]
    written: str = words["day"].format(year=told.year, month=month, day=told.day)
    return written.replace(" ", "\u00a0")


def _period(frozen: Frozen, words: dict[str, Any]) -> str:
    return f"{_written(frozen.starts_on, words)} — {_written(frozen.ends_on, words)}"


def _fitted(text: str, box: fitting.Box) -> Markup:
    """The lines of *text* and the style that puts them inside the box."""
    set_ = fitting.fit(text, box)
    lines = Markup("<br>").join(set_.lines)
    return Markup('<span style="font-size:{}pt;padding-top:{}mm">{}</span>').format(
        set_.size, set_.top, lines
    )


def _square(url: str) -> Markup:
    code = segno.make(url, error="m", micro=False, boost_error=False)
    return Markup(code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))  # noqa: S704 - ours


def _title(frozen: Sequence[Frozen], chosen: Version) -> str:
    first = frozen[0]
    words = chosen.words[first.language]
    title = f"{words['document']} {check_code.shown(first.series, first.number)}"
    if len(frozen) > 1:
        title += f" … {check_code.shown(frozen[-1].series, frozen[-1].number)}"
    return title


def _finisher(chosen: Version) -> pdf.Finisher:
    def which(page: Any) -> str:
        face = any(anchor.startswith("face-") for anchor in page.anchors)
        return "ground-face" if face else "ground-supplement"

    return grounds.laid(chosen.grounds, which)


@cache
def _version(design: str, version: str) -> Version:
    folder = FOLDER / design / version
    if not (_NAME.fullmatch(design) and _NAME.fullmatch(version) and folder.is_dir()):
        raise LookupError(f"no design {design} {version}")
    written = json.loads((folder / "boxes.json").read_text("utf-8"))
    return Version(
        page=_environment(folder).get_template("page.html"),
        style=(folder / "style.css").read_text("utf-8"),
        words=json.loads((folder / "words.json").read_text("utf-8")),
        boxes={name: fitting.Box(**box) for name, box in written.items()},
        grounds={file.stem: file.read_bytes() for file in sorted(folder.glob("ground-*.ops"))},
    )


def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
