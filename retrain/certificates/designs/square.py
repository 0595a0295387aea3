"""The QR code of a document: always the same way, so that one address gives one square for ever."""

from functools import lru_cache

import segno

MASK = 2
"""Any mask is as easily read; a fixed one makes the square a plain function of the address."""

STRIP = 7
"""Lines are cut after so many modules, so that there are few different pieces; drawn at once they leave no seam."""


def matrix(address: str, version: int | None = None) -> tuple[bytearray, ...]:
    """The modules of the square, row by row; 1 is dark."""
    code = segno.make(
        address, error="m", micro=False, boost_error=False, mode="byte", mask=MASK, version=version,
        encoding="latin1",
    )  # fmt: skip
    return tuple(bytearray(1 if module else 0 for module in row) for row in code.matrix)


@lru_cache(maxsize=64)
def svg(address: str) -> str:
    """The square as a drawing that fills its place."""
    rows = matrix(address)
    path = "".join(
        f"M{start} {down}h{end - start}" for down, row in enumerate(rows) for start, end in runs(row)
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -.5 {size} {size}" width="100%" height="100%">'
        f'<path d="{path}" stroke="#000" stroke-width="1" fill="none"/></svg>'
    )


def runs(row: bytearray) -> list[tuple[int, int]]:
    """Where the dark stretches of a row begin and end, none longer than a strip."""
    found, start = [], -1
    for at, module in enumerate([*row, 0]):
        if start >= 0 and (not module or at % STRIP == 0):
            found.append((start, at))
            start = -1
        if module and start < 0:
            start = at
    return found
