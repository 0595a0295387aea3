"""Text tables: the encoding and the delimiter found out, formulas told from telephone numbers."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from retrain.tabular.table import EMPTY, Cell, Collector, Kind, Limits, Table, UnreadableFile, text_cell

_DELIMITERS = (";", ",", "\t")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_TELEPHONE = re.compile(r"\+\s*[\d\s()./-]*")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SAMPLE_RECORDS = 60

# In cp1251 the Russian letters, Ё and the Belarusian Ў that Uzbek shares, and what Word puts between words.
_CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёў")
_TYPOGRAPHY = frozenset("‘’‚“”„«»–—…№•§°\u00a0\u00ad±©®™")
# A byte order mark, or its lack: how often every second byte of a sample must be zero.
_ZERO_SHARE = 0.3


def read(content: bytes, limits: Limits) -> Table:
    """The table in a CSV file; numbers stay text, so that no leading zero is lost."""
    text = decode(content)
    if _CONTROLS.search(text):
        raise UnreadableFile("misnamed")
    delimiter, text = _delimiter(text)
    found = Collector(limits)
    for number, record in enumerate(_records(text, delimiter), start=1):
        found.add(number, [_cell(field, number, limits) for field in record])
    return Table("", found.rows)


def decode(content: bytes) -> str:
    """The text, by its byte order mark, as UTF-8, as UTF-16, or as cp1251 when that reads as words."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strict(content, encoding)
    if b"\0" in content[:2000]:
        return _strict(content, _utf_16_order(content))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file cut inside its last letter was UTF-8 up to there.
        cut = error.reason == "unexpected end of data" and not content[: error.start].isascii()
        if cut and error.start >= len(content) - 3:
            raise UnreadableFile("truncated") from None
    return _cp1251(content)


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        cut = error.end >= len(content) - 3
        raise UnreadableFile("truncated" if cut else "encoding") from None


def _utf_16_order(content: bytes) -> str:
    sample = content[:2000]
    evens, odds = sample[::2], sample[1::2]
    if odds.count(0) > _ZERO_SHARE * len(odds) and evens.count(0) < odds.count(0):
        return "utf-16-le"
    if evens.count(0) > _ZERO_SHARE * len(evens):
        return "utf-16-be"
    raise UnreadableFile("misnamed")


def _cp1251(content: bytes) -> str:
    try:
        text = content.decode("cp1251")
    except UnicodeDecodeError:
        raise UnreadableFile("encoding") from None
    foreign = [sign for sign in text if not sign.isascii()]
    letters = sum(sign.lower() in _CYRILLIC for sign in foreign)
    strange = len(foreign) - letters - sum(sign in _TYPOGRAPHY for sign in foreign)
    # Other Cyrillic encodings read as cp1251 give signs between letters, or capitals inside words (лПМХПЪ).
    turned = len(re.findall(r"[а-яё][А-ЯЁ]", text))
    if strange * 20 > len(foreign) or turned * 20 > letters:
        raise UnreadableFile("encoding")
    return text


def _delimiter(text: str) -> tuple[str, str]:
    if said := _SEPARATOR_LINE.match(text):
        return said[1], text[said.end() :]
    return max(_DELIMITERS, key=lambda delimiter: _agreement(text[:50_000], delimiter)), text


def _agreement(sample: str, delimiter: str) -> tuple[float, int]:
    """How many records have the commonest width, and that width; a width of one says nothing."""
    widths: Counter[int] = Counter()
    for at, record in enumerate(_records(sample, delimiter)):
        if at == _SAMPLE_RECORDS:
            break
        if record:
            widths[len(record)] += 1
    width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
    return (count / widths.total(), width) if width > 1 else (0.0, 1)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The records as a spreadsheet counts them: a line break inside quotes starts no new one."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:  # a field past the module's own limit
        raise UnreadableFile("cell-too-long") from None


def _cell(field: str, number: int, limits: Limits) -> Cell:
    if len(field) > limits.cell_length:
        raise UnreadableFile("cell-too-long", row=number, limit=limits.cell_length)
    text = field.strip()
    if not text:
        return EMPTY
    if text[0] in "=@" or (text[0] == "+" and not _TELEPHONE.fullmatch(text)):
        return Cell(Kind.FORMULA, text)
    return text_cell(text)
