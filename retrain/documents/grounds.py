"""The drawn ground under a page, put into the PDF once and shown on every page that has it.

A ground has thousands of fine lines. Laid out with each page it would cost seconds and megabytes a page,
so it is compiled to PDF drawing commands (`compile_ground`, kept beside the design) and laid under the
text by the finisher.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from retrain.documents import pdf

# What a ground may use: lines, areas, colours, clips. No text, pictures, shadings or transparency.
_COMMANDS = "q Q cm w J j M d m l c v y h re S s f f* B b W W* n rg RG g G k K"
_PLAIN = frozenset(_COMMANDS.split())


class NotAGround(ValueError):
    """A drawing uses more than plain lines and areas."""


def compile_ground(svg: str) -> bytes:
    """*svg*, a drawing with its size in millimetres, as compressed PDF drawing commands."""
    taken: list[bytes] = []

    def take(_document: Any, made: Any) -> None:
        page = made.objects[made.pages["Kids"][0]]
        stream = made.objects[int(page["Contents"].split()[0])]
        taken.append(b"\n".join(_bytes(part) for part in stream.stream))

    size = svg[svg.index("width=") : svg.index("viewBox")].replace('"', "").split()
    width, height = (part.partition("=")[2] for part in size)
    style = f"@page{{size:{width} {height};margin:0}}body{{margin:0}}svg{{display:block}}"
    pdf.render(f"<style>{style}</style>{svg}", title="", lang="", finisher=take)
    return zlib.compress(b"\n".join(_plain_only(taken[0])), 9)


def _plain_only(content: bytes) -> list[bytes]:
    kept = []
    for line in content.split(b"\n"):
        operator = line.split()[-1].decode() if line.split() else "n"
        if operator == "gs":  # full opacity: WeasyPrint says so before every colour
            continue
        if operator not in _PLAIN:
            raise NotAGround(operator)
        kept.append(line)
    return kept


def laid(grounds: Mapping[str, bytes], which: Callable[[Any], str]) -> pdf.Finisher:
    """A finisher that puts under each page the ground *which* names for it (given WeasyPrint's page)."""

    def lay(document: Any, made: Any) -> None:
        put(made, grounds, [which(page) for page in document.pages])

    return lay


def put(made: Any, grounds: Mapping[str, bytes], names: Sequence[str]) -> None:
    """Put under the pages of pydyf's PDF the grounds of these *names*, page after page; an empty name puts none."""
    pages = [made.objects[number] for number in made.pages["Kids"][::3]]
    resources = made.objects[int(pages[0]["Resources"].split()[0])]
    for name in sorted(set(names) & grounds.keys()):
        form = _form(grounds[name], pages[0]["MediaBox"])
        made.add_object(form)
        resources["XObject"][name] = form.reference
    for name, page in zip(names, pages, strict=False):
        if name in grounds:
            stream = made.objects[int(page["Contents"].split()[0])]
            stream.stream.insert(0, f"q /{name} Do Q".encode())


def _form(commands: bytes, box: Any) -> Any:
    import pydyf  # type: ignore[import-untyped]

    extra = pydyf.Dictionary({"Type": "/XObject", "Subtype": "/Form", "BBox": box, "Filter": "/FlateDecode"})
    return pydyf.Stream([commands], extra)


def _bytes(part: Any) -> bytes:
    if isinstance(part, bytes):
        return part
    data: bytes = part.data if hasattr(part, "data") else str(part).encode("latin-1")
    return data
