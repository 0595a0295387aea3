"""Keeps files: bytes in the store, a row that says what they are."""

import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from retrain import clock
from retrain.audit import Actor
from retrain.database.use_case import after_commit, use_case
from retrain.extensions import db
from retrain.files import sniff, store
from retrain.files.models import StoredFile
from retrain.refusal import NotThere, Refusal, Refused

LIMIT = 10 * 1024 * 1024

Check = Callable[[Actor, StoredFile], bool]
Faults = Callable[[BinaryIO, str, str | None], list[Refusal]]
"""Why a file of that media type won't do, said at the form's field."""
_READERS: dict[str, Check] = {}


@use_case
def keep(
    content: bytes | BinaryIO,
    filename: str,
    *,
    allowed: Collection[str],
    limit: int = LIMIT,
    actor: Actor | None = None,
    purpose: str | None = None,
    field: str | None = "file",
    faults: Faults | None = None,
) -> StoredFile:
    """The row of the file, kept if it is of an *allowed* media type, at most *limit* bytes and without *faults*.

    Raises Refused with file-empty, file-too-big, file-of-other-kind or what *faults* found at the form's *field*. If the
    transaction around it fails, bytes without a row stay behind, which harms nobody.
    """
    stream = BytesIO(content) if isinstance(content, bytes) else content
    try:
        stream.seek(0)  # the use case may be tried a second time
        draft, digest, size = store.receive(stream, limit)
    except store.TooBig:
        raise Refused(Refusal.of("file-too-big", field, megabytes=round(limit / 1024 / 1024, 1))) from None
    try:
        with draft.open("rb") as file:
            kind = sniff.media_type(file)
        if size == 0:
            raise Refused(Refusal.of("file-empty", field))
        if kind not in allowed:
            raise Refused(Refusal.of("file-of-other-kind", field, allowed=sorted(allowed)))
        if faults is not None:
            with draft.open("rb") as file:
                if why := faults(file, kind, field):
                    raise Refused(why)
        store.settle(draft, digest)
    finally:
        draft.unlink(missing_ok=True)
    row = StoredFile(
        digest=digest, name=safe_name(filename, kind), media_type=kind, size=size, purpose=purpose,
        kept_by_id=actor.person_id if actor else None, kept_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


@dataclass(frozen=True)
class Made:
    """A file that the program made itself, on disk already."""

    digest: str
    name: str
    size: int


def write_made(contents: Sequence[tuple[str, bytes]]) -> list[Made]:
    """Bring many files of the program's own to the disk, each with its name; before the transaction that enters them.

    Those that no row comes to know harm nobody.
    """
    digests = store.write_all(content for _name, content in contents)
    return [
        Made(digest, name, len(content)) for digest, (name, content) in zip(digests, contents, strict=True)
    ]


@use_case
def enter_made(made: Sequence[Made], media_type: str, purpose: str) -> None:
    """The rows of such files."""
    now = clock.now()
    if rows := [
        {
            "digest": one.digest, "name": one.name, "media_type": media_type, "size": one.size, "purpose": purpose,
            "kept_at": now,
        }
        for one in made
    ]:  # fmt: skip
        db.session.execute(db.insert(StoredFile), rows)


def safe_name(filename: str, kind: str) -> str:
    """The name without folders, control characters or a misleading ending."""
    bare = filename.replace("\\", "/").rsplit("/", 1)[-1]
    bare = "".join(sign for sign in bare if unicodedata.category(sign)[0] != "C").strip(" .")
    ending = sniff.SUFFIXES.get(kind, "")
    stem, dot, suffix = bare.rpartition(".")
    if not dot or (ending and f".{suffix.lower()}" != ending):
        stem = bare if not dot else stem
        suffix = ending.removeprefix(".")
    stem = (stem or "file")[: 200 - len(suffix)]
    return f"{stem}.{suffix}" if suffix else stem


def readable(purpose: str) -> Callable[[Check], Check]:
    """Declare who may read files kept for *purpose*: a function of the actor and the row."""

    def declare(check: Check) -> Check:
        _READERS[purpose] = check
        return check

    return declare


def may_read(actor: Actor, row: StoredFile) -> bool:
    """Whether *actor* may have the file: as its purpose says, and always whoever brought it."""
    if actor.person_id is not None and actor.person_id == row.kept_by_id:
        return True
    check = _READERS.get(row.purpose or "")
    return check is not None and check(actor, row)


def for_reader(actor: Actor, stored_file_id: int) -> StoredFile:
    """The row, if *actor* may have the file; else NotThere, as for one that does not exist."""
    row = db.session.get(StoredFile, stored_file_id)
    if row is None or not may_read(actor, row):
        raise NotThere("stored_file")
    return row


def path(stored: StoredFile | int) -> Path:
    """Where the bytes are on this machine."""
    row = stored if isinstance(stored, StoredFile) else db.session.get(StoredFile, stored)
    if row is None:
        raise NotThere("stored_file")
    return store.path_of(row.digest)


@use_case
def forget(stored_file_id: int) -> None:
    """The row goes, and its bytes when no other row has the same. Nothing may refer to it any more."""
    row = db.session.get_one(StoredFile, stored_file_id)
    digest = row.digest
    db.session.delete(row)
    db.session.flush()
    if db.session.scalar(db.select(StoredFile.id).where(StoredFile.digest == digest).limit(1)) is None:
        after_commit(lambda: store.drop(digest))


def open_stored(stored: StoredFile | int) -> BinaryIO:
    """The bytes, to be read."""
    return path(stored).open("rb")


def read(stored: StoredFile | int) -> bytes:
    """All the bytes at once."""
    return path(stored).read_bytes()
