"""Everything in one file, taken from a running system and brought back on either database.

The file is a gzipped tar: ``manifest.json``, ``tables/<name>.jsonl`` from one snapshot of the database, and
``files/ab/cdef…`` from the store. Keys are not in it: whoever steals the file can't sign or open anything.
"""

import hashlib
import hmac
import io
import json
import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Integer, Table, cast, func, insert, select

from retrain import clock
from retrain.database import dialect, digest, portable, schema
from retrain.database.types import is_numbered_once
from retrain.database.use_case import use_case
from retrain.extensions import db

FORMAT = 1
_TABLE = re.compile(r"tables/([a-z_]+)\.jsonl")
_FILE = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{62})")

Tell = Callable[[str], None]


class WrongBackup(Exception):
    """The file can't be restored; the text says why."""


class HasData(Exception):
    """There is something in the database that would be lost."""


@dataclass
class Manifest:
    """What is in a backup."""

    revision: str | None
    at: str
    key: str
    files: int = 0
    tables: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def digest(self) -> str:
        """The digest of all its tables."""
        return digest.together(self.tables)


def make(target: Path, tell: Tell = lambda _: None) -> Manifest:
    """Copy everything into *target*, which is there whole in the end or not at all."""
    manifest = Manifest(schema.revision(), clock.now().isoformat(), _fingerprint())
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive:
                _add_tables(archive, manifest, tell)
                _add_files(archive, manifest, tell)
                _add(archive, "manifest.json", json.dumps(asdict(manifest), indent=1).encode())
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _add_tables(archive: tarfile.TarFile, manifest: Manifest, tell: Tell) -> None:
    with dialect.snapshot(db.engine) as connection:
        for name, table in portable.tables(connection).items():
            found = digest.TableDigest()
            with tempfile.TemporaryFile() as lines:
                for row in portable.rows(connection, table):
                    line = portable.line(row)
                    found.add(line)
                    lines.write(line + b"\n")
                size = lines.tell()
                lines.seek(0)
                _add_stream(archive, f"tables/{name}.jsonl", lines, size)
            manifest.tables[name] = found.value
            tell(f"{name}: {found.rows} rows")


def _add_files(archive: tarfile.TarFile, manifest: Manifest, tell: Tell) -> None:
    """Files never change and are kept before their rows commit: every one the snapshot knows is there."""
    store = _store()
    for path in sorted(store.glob("[0-9a-f][0-9a-f]/*")):
        with path.open("rb") as stream:
            _add_stream(archive, f"files/{path.parent.name}/{path.name}", stream, path.stat().st_size)
        manifest.files += 1
    tell(f"files: {manifest.files}")


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    _add_stream(archive, name, io.BytesIO(content), len(content))


def _add_stream(archive: tarfile.TarFile, name: str, stream: Any, size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    archive.addfile(entry, stream)


def restore(source: Path, *, force: bool = False, tell: Tell = lambda _: None) -> Manifest:
    """Bring back what is in *source*. The file is read and checked whole before anything is touched.

    Raises WrongBackup, or HasData when there is something already and *force* is not given.
    """
    with _unpacked(source) as folder:
        manifest = _checked(folder)
        if has_data() and not force:
            raise HasData
        _prepare_tables(manifest)
        with dialect.loading(db.engine) as connection:
            known = portable.tables(connection)
            for table in known.values():
                connection.execute(table.delete())
            for name in manifest.tables:
                tell(f"{name}: {_fill(connection, known[name], folder)} rows")
            if digest.of_tables(connection) != manifest.tables:
                raise WrongBackup("What came into the database differs from what is in the file.")
        tell(f"files: {_bring_files(folder)}")
    schema.upgrade()
    _number_after_the_trail()
    return manifest


@use_case
def _number_after_the_trail() -> None:
    """What the trail names may have gone before the backup: its number is taken, though no row has it."""
    once = {name: table for name, table in db.metadata.tables.items() if is_numbered_once(table)}
    trail = db.metadata.tables["audit_entry"].c
    highest = func.max(cast(trail.subject_id, Integer))
    named = (
        select(trail.subject_type, highest).where(trail.subject_type.in_(once)).group_by(trail.subject_type)
    )
    for name, number in db.session.execute(named).tuples().all():
        dialect.number_after(db.session(), once[name], number)


def has_data() -> bool:
    """Whether anything would be lost."""
    with db.engine.connect() as connection:
        known = portable.tables(connection)
        found = any(
            connection.execute(known[name].select().limit(1)).first() is not None
            for name in ("person", "organisation", "audit_entry")
            if name in known
        )
        connection.rollback()
    return found


def is_ours(manifest: Manifest) -> bool:
    """Whether the backup was made under the keys this program has."""
    return hmac.compare_digest(manifest.key, _fingerprint())


def _prepare_tables(manifest: Manifest) -> None:
    """The tables of the backup's version; they are brought to the newest once they are filled."""
    if manifest.revision is None or not schema.knows(manifest.revision):
        raise WrongBackup("This backup was made by a newer version of the program. Update the program first.")
    now = schema.revision()
    if now is None:
        schema.upgrade(manifest.revision)
    elif now != manifest.revision:
        schema.downgrade("base")
        schema.upgrade(manifest.revision)


def _fill(connection: Connection, table: Table, folder: Path) -> int:
    readers = portable.readers(table)
    count = 0
    with (folder / "tables" / f"{table.name}.jsonl").open("rb") as lines:
        part: list[dict[str, Any]] = []
        for line in lines:
            row = json.loads(line)
            part.append(
                {name: None if row[name] is None else read(row[name]) for name, read in readers.items()}
            )
            if len(part) == portable.AT_ONCE:
                connection.execute(insert(table), part)
                count, part = count + len(part), []
        if part:
            connection.execute(insert(table), part)
    return count + len(part)


def _bring_files(folder: Path) -> int:
    count = 0
    for path in sorted((folder / "files").glob("??/*")):
        target = _store() / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        count += 1
    _store().mkdir(exist_ok=True)
    (_store() / "restored").touch()  # bytes from before it are not swept: see retrain.files.sweeping
    return count


@contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    """The content of *source* in a folder that goes away; nothing but what a backup may hold."""
    instance = Path(current_app.config["RETRAIN"].instance)
    with tempfile.TemporaryDirectory(dir=instance, prefix="restore-") as name:
        folder = Path(name)
        try:
            with tarfile.open(source, "r:gz") as archive:
                for entry in archive:
                    _unpack(archive, entry, folder)
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            raise WrongBackup(f"{source} is not a backup of Retrain, or it is damaged: {error}.") from error
        yield folder


def _unpack(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    is_known = entry.name == "manifest.json" or _TABLE.fullmatch(entry.name) or _FILE.fullmatch(entry.name)
    stream = archive.extractfile(entry) if entry.isreg() and is_known else None
    if stream is None:
        raise WrongBackup(f"There is something in the file that no backup holds: {entry.name[:80]}.")
    target = folder / entry.name
    target.parent.mkdir(parents=True, exist_ok=True)
    seen = hashlib.sha256()
    with target.open("xb") as out:
        while block := stream.read(1 << 20):
            seen.update(block)
            out.write(block)
    if (named := _FILE.fullmatch(entry.name)) and seen.hexdigest() != named[1] + named[2]:
        raise WrongBackup(f"A file in the backup is damaged: {entry.name}.")


def _checked(folder: Path) -> Manifest:
    """The manifest, if everything it names is there and as it says."""
    try:
        manifest = Manifest(**json.loads((folder / "manifest.json").read_bytes()))
        if manifest.format != FORMAT:
            raise WrongBackup(
                "This backup was made by a newer version of the program. Update the program first."
            )
        for name, wanted in manifest.tables.items():
            found = digest.TableDigest()
            with (folder / "tables" / f"{name}.jsonl").open("rb") as lines:
                for line in lines:
                    found.add(portable.line(json.loads(line)))
            if found.value != wanted:
                raise WrongBackup(f"The table {name} in the backup is damaged.")
    except (FileNotFoundError, ValueError, TypeError) as error:
        raise WrongBackup("The file is not a backup of Retrain, or a part of it is missing.") from error
    return manifest


def _store() -> Path:
    return Path(current_app.config["RETRAIN"].instance) / "files"


def _fingerprint() -> str:
    """Says whether two programs have the same key, and nothing about the key."""
    return hmac.new(
        current_app.config["SECRET_KEY"].encode(), b"retrain backup 1", hashlib.sha256
    ).hexdigest()
