"""Workbooks of the Office Open XML kind, streamed within limits; nothing in them is evaluated or followed."""

import posixpath
import zlib
from io import BytesIO
from typing import NoReturn, Protocol
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from retrain.tabular.sheet import SharedTexts, Sheet, Styles, local
from retrain.tabular.table import Limits, Row, Table, UnreadableFile

_CHUNK = 64 * 1024
_MOST_PARTS = 2_000
_ENCRYPTED = 0x1
_DAMAGED = (BadZipFile, zlib.error, EOFError, OSError, ValueError, IndexError, KeyError, OverflowError)


class Handler(Protocol):
    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


def read(content: bytes, limits: Limits) -> Table:
    """The first visible sheet of the workbook that has something in it."""
    try:
        return _Workbook(content, limits).table()
    except UnreadableFile:
        raise
    except (RuntimeError, NotImplementedError):  # a password, or a way of packing no office program uses
        raise UnreadableFile("encrypted") from None
    except (*_DAMAGED, expat.ExpatError):
        raise UnreadableFile("truncated") from None


class _Workbook:
    def __init__(self, content: bytes, limits: Limits) -> None:
        self._limits = limits
        self._unpacked = 0
        self._zip = ZipFile(BytesIO(content))
        self._check_parts()

    def table(self) -> Table:
        book = _Parts("sheet", "workbookPr")
        self._parse("xl/workbook.xml", book)
        from_1904 = any(
            local(name) == "date1904" and value in ("1", "true")
            for attributes in book.found["workbookPr"]
            for name, value in attributes.items()
        )
        targets = self._relations("xl/workbook.xml")
        styles = self._styles(from_1904)
        texts = self._texts(targets)
        visible = [sheet for sheet in book.found["sheet"] if sheet.get("state", "visible") == "visible"]
        names = tuple(sheet.get("name", "") for sheet in visible)
        for sheet, name in zip(visible, names, strict=True):
            _kind, path = targets[next(value for key, value in sheet.items() if key.endswith(":id"))]
            if rows := self._rows(path, texts, styles):
                return Table(name, rows, names)
        return Table("", [], names)

    def _rows(self, path: str, texts: list[str], styles: Styles) -> list[Row]:
        if path not in self._zip.namelist():
            raise UnreadableFile("truncated")
        sheet = Sheet(texts, styles, self._limits)
        self._parse(path, sheet)
        return sheet.found.rows

    def _texts(self, targets: dict[str, tuple[str, str]]) -> list[str]:
        path = next((path for kind, path in targets.values() if kind == "sharedStrings"), "")
        if path not in self._zip.namelist():
            return []
        texts = SharedTexts(self._limits)
        self._parse(path, texts)
        return texts.found

    def _styles(self, from_1904: bool) -> Styles:
        formats = _Parts("numFmt", "xf", within={"xf": "cellXfs"})
        if "xl/styles.xml" in self._zip.namelist():
            self._parse("xl/styles.xml", formats)
        own = {part.get("numFmtId", ""): part.get("formatCode", "") for part in formats.found["numFmt"]}
        dated = frozenset(
            str(at)
            for at, style in enumerate(formats.found["xf"])
            if _is_date(style.get("numFmtId", "0"), own)
        )
        return Styles(dated, from_1904)

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id → last word of the kind, path within the package."""
        folder, name = posixpath.split(path)
        relations = _Parts("Relationship")
        self._parse(f"{folder}/_rels/{name}.rels", relations)
        return {
            relation.get("Id", ""): (
                relation.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/"),
            )
            for relation in relations.found["Relationship"]
            if relation.get("TargetMode") != "External"
        }

    def _check_parts(self) -> None:
        parts = self._zip.infolist()
        if sum(part.file_size for part in parts) > self._limits.unpacked_bytes or len(parts) > _MOST_PARTS:
            raise UnreadableFile("zip-bomb", limit=self._limits.unpacked_bytes)
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise UnreadableFile("encrypted")
        names = set(self._zip.namelist())
        if "xl/workbook.xml" not in names:
            raise UnreadableFile("not-a-table" if "xl/workbook.bin" in names else "misnamed")

    def _parse(self, path: str, handler: Handler) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.text
        with self._zip.open(path) as part:
            while chunk := part.read(_CHUNK):
                # What the package says of its sizes may be a lie: what comes out is counted.
                self._unpacked += len(chunk)
                if self._unpacked > self._limits.unpacked_bytes:
                    raise UnreadableFile("zip-bomb", limit=self._limits.unpacked_bytes)
                parser.Parse(chunk, False)
        parser.Parse(b"", True)


class _Parts:
    """Attributes of the named elements, optionally only within another one."""

    def __init__(self, *names: str, within: dict[str, str] | None = None) -> None:
        self.found: dict[str, list[dict[str, str]]] = {name: [] for name in names}
        self._within = within or {}
        self._open: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        wanted = self._within.get(name)
        if name in self.found and (wanted is None or wanted in self._open):
            self.found[name].append(attributes)
        self._open.append(name)

    def end(self, name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        pass


def _is_date(number: str, own: dict[str, str]) -> bool:
    code = own.get(number) or BUILTIN_FORMATS.get(int(number), "")
    return bool(code and is_date_format(code))


def _no_doctype(*_declaration: object) -> NoReturn:
    """An office program writes none: it is there to smuggle entities."""
    raise UnreadableFile("not-a-table")
