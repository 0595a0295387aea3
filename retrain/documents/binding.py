"""Several PDFs bound into one file, with a list at its side of what begins where."""

from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO


def bind(parts: Iterable[tuple[str, bytes]], to: BinaryIO, *, title: str, lang: str) -> int:
    """Write the PDFs, each under its name, one after another into *to*; how many pages there are.

    A part is asked for when the one before it is in: so many as one likes take little memory before the writing.
    """
    # Loaded by who binds: a web process never does.
    import pikepdf

    with pikepdf.new() as bound:
        begins: list[tuple[str, int]] = []
        for name, content in parts:
            with pikepdf.open(BytesIO(content)) as part:
                begins.append((name, len(bound.pages)))
                bound.pages.extend(part.pages)
        with bound.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(name, page) for name, page in begins)
        bound.docinfo["/Title"] = title
        bound.Root.Lang = pikepdf.String(lang)
        bound.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        bound.save(to, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return len(bound.pages)
