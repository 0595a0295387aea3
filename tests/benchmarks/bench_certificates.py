"""Certificates: a thousand from the press beside WeasyPrint's own way and, where it is installed, typst.

Every line compares in the same run and on one core's own time. Typst gets the same records, ground and texts,
and QR codes made by the same method; `pip install typst` once, it is no part of the program.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from retrain.certificates import press
from retrain.certificates.designs import composing, markup, places
from retrain.certificates.frozen import Frozen
from retrain.certificates.press import compiling, files, qr, shaping
from retrain.documents import grounds, pdf
from tests.benchmarks.measure import Sample, peak_megabytes, report, report_sample
from tests.certificates.papers import CERTIFICATE

MANY = 1000
ROUNDS = 3
DESIGN = ("advanced_training", "v2")
NAMES = (
    ["To‘xtayeva", "G‘ulomova", "Abdurahmonov", "Yo‘ldosheva", "Qodirov", "Тўхтаева", "Щербакова"],
    ["Dilnoza", "O‘tkir", "G‘ayrat", "Shahnoza", "Jahongir", "Ulug‘bek", "Ўктам", "Александра"],
    ["Baxtiyorovna", "O‘ktamovich", "Sharofiddinovna", "Tolibjon o‘g‘li", "Rustam qizi", "Қодир ўғли"],
)


def records(count: int) -> list[Frozen]:
    """So many documents of some thirty runs."""
    chosen, found = random.Random(7), []
    for at in range(count):
        token = urlsafe_b64encode(sha256(str(at).encode()).digest()[:16]).decode().rstrip("=")
        found.append(
            replace(
                CERTIFICATE, name=" ".join(chosen.choice(part) for part in NAMES), number=100_000 + at,
                registration_number=f"2026/{at}", check_code=f"{at:08d}", course=f"Payvandlash ishlari {at // 30}",
                workplace=f"{chosen.randrange(300)}-texnikum", check_url=f"https://retrain.example.uz/verify/{token}",
            )
        )  # fmt: skip
    return found


def forget() -> None:
    """Nothing is compiled, nothing is measured, no table of squares is made."""
    compiling.compiled.cache_clear()
    compiling._baselines.clear()
    files._starts.clear()
    composing.set_lines.cache_clear()
    qr._table.cache_clear()
    qr._strips.cache_clear()
    shaping.shape.cache_clear()


def naive(record: Frozen, drawn: places.Drawn) -> bytes:
    """One document as WeasyPrint makes it, called once for it; its ground is drawn beforehand all the same."""
    composed = composing.compose(record, drawn)
    names = [sheet.ground for sheet in composed.fixed]
    return pdf.render(
        markup.html([composed], drawn), title=composed.title, lang=composed.lang,
        finisher=lambda _document, made: grounds.put(made, drawn.grounds, names),
    )  # fmt: skip


def by_weasyprint(few: list[Frozen], drawn: places.Drawn) -> None:
    """A few of them, one call each."""
    for record in few:
        naive(record, drawn)


def each(call: Callable[[], Any], count: int) -> float:
    """Milliseconds of this process's own time for one of *count*."""
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1000 / count


def main() -> None:
    drawn, people = places.drawn(*DESIGN), records(MANY)
    naive(people[0], drawn)  # the first page of all loads libraries
    made: dict[str, bytes] = {}
    before = peak_megabytes()

    def merged() -> None:
        forget()
        made["merged"] = b"".join(press.Press(drawn).merged(people))

    def singles() -> None:
        forget()
        for sheet in press.Press(drawn).sheets(people):
            made["single"] = sheet.pdf

    ours, alone, theirs = [], [], []
    for round_ in range(ROUNDS):
        few = people[round_ * 10 : round_ * 10 + 10]
        theirs.append(each(partial(by_weasyprint, few, drawn), len(few)))
        ours.append(each(merged, MANY))
        alone.append(each(singles, MANY))
    report(
        "certificates", "memory after a thousand", peak_megabytes(), "MB", rival="before", rival_value=before
    )
    rival = Sample(tuple(theirs))
    report_sample("certificates", "WeasyPrint, one call each", rival, unit="ms each")
    for metric, values in (("1000 merged from cold", ours), ("1000 single files from cold", alone)):
        sample = Sample(tuple(values))
        report_sample(
            "certificates", metric, sample, unit="ms each", rival="WeasyPrint, one call each",
            rival_value=rival.median,
        )  # fmt: skip
        report(
            "certificates", f"{metric}: times faster than WeasyPrint", rival.median / sample.median, "times"
        )
    sound(made)
    by_typst(drawn, people, Sample(tuple(ours)).median)


def sound(made: dict[str, bytes]) -> None:
    """That the files are ones: read by two programs, with every page and every name."""
    with pikepdf.open(BytesIO(made["merged"])) as opened:
        assert opened.check_pdf_syntax() == []
        assert len(opened.pages) == MANY
    with pikepdf.open(BytesIO(made["single"])) as opened:
        assert opened.check_pdf_syntax() == []
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=made["merged"], capture_output=True, check=True
    ).stdout.decode()
    found = sum(f"{100_000 + at}" in text for at in range(MANY))
    report("certificates", "numbers found in the merged file", found, "of 1000")


def by_typst(drawn: places.Drawn, people: list[Frozen], ours: float) -> None:
    """Typst on the same lines of text and the same square's lines, in one file and each alone."""
    try:
        import typst  # type: ignore[import-not-found]
    except ImportError:
        print("typst is not installed: pip install typst", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        draw_for_typst(Path(folder), drawn)
        compiler = typst.Compiler(str(Path(folder) / "page.typ"), root=folder, font_paths=[str(pdf.FONTS)])

        def run(some: list[Frozen]) -> bytes:
            made = compiler.compile(format="pdf", sys_inputs={"data": told_to_typst(drawn, some)})
            assert isinstance(made, bytes)
            return made

        run(people[:1])
        whole = each(lambda: run(people), MANY)
        report(
            "certificates",
            "1000 merged from cold beside typst",
            ours,
            "ms each",
            rival="typst",
            rival_value=whole,
        )
        report("certificates", "1000 merged: times faster than typst", whole / ours, "times")
        few = people[:30]
        report(
            "certificates",
            "typst, one call each",
            each(lambda: [run([one]) for one in few], len(few)),
            "ms each",
        )


def told_to_typst(drawn: places.Drawn, people: list[Frozen]) -> str:
    """The lines of every document, and its square as the path the press draws."""
    told = []
    for record in people:
        composed = composing.compose(record, drawn)
        size = qr.size_of(record.check_url)
        path = qr.path(record.check_url).decode().replace(" m\n", " L").replace(" l\n", " M").rstrip("M")
        square = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -.5 {size} {size}"><path d="M{path}" '
            'stroke="#000" stroke-width="1"/></svg>'
        )
        lines = [
            [one.text, one.left, one.top, one.width, one.side, *places.FACES[one.face], one.size, one.ink]
            for one in (*composed.fixed[0].lines, *composed.lines[0])
        ]
        told.append({"lines": lines, "square": square})
    return json.dumps(told)


def draw_for_typst(folder: Path, drawn: places.Drawn) -> None:
    """The page as typst wants it, with the same ground."""
    from retrain.certificates.designs import guilloche

    (folder / "ground.svg").write_text(guilloche.drawings(drawn.name)["ground-face"])
    left, top, size = drawn.square
    (folder / "page.typ").write_text(
        f"""#set page(width: {drawn.paper[0]}mm, height: {drawn.paper[1]}mm, margin: 0mm)
#let data = json(bytes(sys.inputs.data))
#for (i, one) in data.enumerate() {{
  if i > 0 {{ pagebreak() }}
  place(image("ground.svg", width: {drawn.paper[0]}mm))
  for (words, x, y, w, side, family, weight, style, size, ink) in one.lines {{
    place(dx: x * 1mm, dy: y * 1mm, box(width: w * 1mm, align(
      if side == "center" {{ center }} else if side == "right" {{ right }} else {{ left }},
      text(font: family, weight: weight, style: style, size: size * 1pt, fill: rgb(ink), words))))
  }}
  place(dx: {left}mm, dy: {top}mm, image(bytes(one.square), format: "svg", width: {size}mm))
}}
"""
    )


if __name__ == "__main__":
    main()
