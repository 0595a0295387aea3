"""QR codes of many addresses that differ in a few characters, at a few microseconds each.

With version, mask and length fixed, every module of the square is a sum without carry of the address's bits:
each bit turns over the same modules whatever the others are. So the square of one address is made once, and
for every bit that may differ, which modules it turns over; another address is a handful of XORs.
`tests/certificates/test_press_squares.py` compares with segno's own squares.
"""

import re
from functools import lru_cache

from retrain.certificates.designs import square

_RUN = re.compile("1+")
_BITS = 7
TAIL = 22
"""How many of an address's last characters differ from document to document: a token of 128 bits."""


class Table:
    """Squares of addresses that begin alike and have *length* characters."""

    def __init__(self, head: str, length: int) -> None:
        self.head, self.length = head, length
        blank = head.encode("latin1") + b"A" * (length - len(head))
        first = square.matrix(blank.decode("latin1"))
        self.size = len(first)
        self._base = _number(first)
        version = (self.size - 17) // 4
        self._turned = [self._column(blank, at, version) for at in range(len(head), length)]

    def _column(self, blank: bytes, at: int, version: int) -> list[int]:
        """For each of the characters that may stand at *at*: the modules it turns over."""
        bits = []
        for bit in range(_BITS):
            other = bytearray(blank)
            other[at] ^= 1 << bit
            bits.append(_number(square.matrix(other.decode("latin1"), version)) ^ self._base)
        found = []
        for sign in range(1 << _BITS):
            turned, differs = 0, sign ^ blank[at]
            for bit in range(_BITS):
                if differs >> bit & 1:
                    turned ^= bits[bit]
            found.append(turned)
        return found

    def rows(self, address: str) -> str:
        """The modules of the address's square, row after row, as 0 and 1."""
        found = self._base
        for turned, sign in zip(self._turned, address[len(self.head) :].encode("ascii"), strict=True):
            found ^= turned[sign]
        return f"{found:0{self.size * self.size}b}"


def _number(rows: tuple[bytearray, ...]) -> int:
    return int("".join("".join(map(str, row)) for row in rows), 2)


@lru_cache(maxsize=8)
def _table(head: str, length: int) -> Table:
    return Table(head, length)


def path(address: str, *, many: bool = True) -> bytes:
    """The square as horizontal lines of a PDF path, one module thick, from its top left corner.

    Making the table costs as much as some hundred squares: for one document it is not made.
    """
    head = address[:-TAIL]
    if many and address.isascii() and len(address) > TAIL:
        table = _table(head, len(address))
        size, told = table.size, table.rows(address)
    else:
        rows = square.matrix(address)
        size, told = len(rows), "".join("".join(map(str, row)) for row in rows)
    return _drawn(told, size).encode()


def _drawn(told: str, size: int) -> str:
    strips = _strips(size)
    return "".join([strip[told[at : at + width]] for at, width, strip in strips])


@lru_cache(maxsize=8)
def _strips(size: int) -> list[tuple[int, int, dict[str, str]]]:
    """For each strip of a row and each pattern of modules in it: the lines that draw it."""
    found = []
    for down in range(size):
        for start in range(0, size, square.STRIP):
            width = min(square.STRIP, size - start)
            patterns = (f"{number:0{width}b}" for number in range(1 << width))
            lines = {pattern: _lines(pattern, start, down) for pattern in patterns}
            found.append((down * size + start, width, lines))
    return found


def _lines(pattern: str, start: int, down: int) -> str:
    return "".join(
        f"{start + run.start()} {down} m\n{start + run.end()} {down} l\n" for run in _RUN.finditer(pattern)
    )


def size_of(address: str) -> int:
    """How many modules a side the square of an address like this has."""
    return _size(len(address.encode()))


@lru_cache(maxsize=64)
def _size(length: int) -> int:
    return len(square.matrix("A" * length))
