"""What a document says, as plain data that never changes again."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

SCHEMA = 1


@dataclass(frozen=True)
class Signatory:
    """Who signs: the post, and the name as it stands beside the signature."""

    post: str
    name: str


@dataclass(frozen=True)
class HoursPart:
    """Hours of one kind, named in the document's language."""

    kind: str
    hours: int


@dataclass(frozen=True)
class ModuleLine:
    """A line of the supplement."""

    name: str
    hours: int
    result: str = ""


@dataclass(frozen=True)
class Frozen:
    """Everything one document says. Days are ISO dates; texts are in *language* and printed as they are.

    `number` is a number; the design writes its zeros. What a document doesn't say is an empty text, and
    its line is left out. `name_second` and `course_second` stand under the main ones in the second
    language of the page (English, or Uzbek under English). `remark` says why the hours are fewer than the course's.
    """

    language: str
    series: str
    number: int
    registration_number: str
    check_code: str
    check_url: str
    provider: str
    name: str
    workplace: str
    course: str
    starts_on: str
    ends_on: str
    hours: int
    issued_on: str
    signatories: tuple[Signatory, ...]
    post: str = ""
    name_second: str = ""
    course_second: str = ""
    authority: str = ""
    speciality: str = ""
    form_of_study: str = ""
    result: str = ""
    protocol_number: str = ""
    protocol_on: str = ""
    order_number: str = ""
    order_on: str = ""
    place: str = ""
    legal_basis: str = ""
    hours_parts: tuple[HoursPart, ...] = ()
    modules: tuple[ModuleLine, ...] = ()
    duplicate_of: str = ""
    remark: str = ""
    schema: int = SCHEMA


def to_dict(frozen: Frozen) -> dict[str, Any]:
    """*frozen* as JSON keeps it, for the certificate's row."""
    kept: dict[str, Any] = json.loads(json.dumps(asdict(frozen)))
    return kept


def from_dict(kept: dict[str, Any]) -> Frozen:
    """The document a certificate's row tells of. Raises ValueError for a schema this program doesn't know."""
    if kept.get("schema") != SCHEMA:
        raise ValueError(f"a frozen document of schema {kept.get('schema')!r}")
    lists = {"signatories": Signatory, "hours_parts": HoursPart, "modules": ModuleLine}
    known = {field.name for field in fields(Frozen)}
    if strange := kept.keys() - known:
        raise ValueError(f"a frozen document with {sorted(strange)}")
    values: dict[str, Any] = {
        name: tuple(lists[name](**line) for line in value) if name in lists else value
        for name, value in kept.items()
    }
    return Frozen(**values)


def canonical_json(frozen: Frozen) -> bytes:
    """The one way *frozen* is written as bytes: sorted keys, no spaces, UTF-8."""
    return json.dumps(asdict(frozen), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(frozen: Frozen) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical_json(frozen)).hexdigest()
