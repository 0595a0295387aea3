"""Bytes under the name of their digest: ``instance/files/ab/cdef…``. Written whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from retrain import clock

CHUNK = 1 << 20
HOUR = 3600
ASIDE = ".aside"
"""Ends the name of bytes that are about to be deleted; whoever is killed then leaves them to the next."""
RESTORED = "restored"
"""A file beside the store's folders: touched when a backup came back."""
WRITERS = 8
"""Threads that wait for the disk together: it brings eight files to rest in the time of one."""


class TooBig(Exception):
    """More bytes came than may be kept."""


def folder() -> Path:
    """Where this app keeps its files."""
    return Path(current_app.config["RETRAIN"].instance) / "files"


def path_of(digest: str) -> Path:
    """Where the bytes with *digest* are, or would be."""
    return folder() / digest[:2] / digest[2:]


def receive(stream: BinaryIO, limit: int) -> tuple[Path, str, int]:
    """The bytes of *stream* in a draft beside the store, with digest and size. Raises TooBig beyond *limit*."""
    return _draft(folder(), stream, limit)


def _draft(place: Path, stream: BinaryIO, limit: int) -> tuple[Path, str, int]:
    place.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=place, prefix="draft-")
    draft, digest, size = Path(name), hashlib.sha256(), 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            while block := stream.read(CHUNK):
                size += len(block)
                if size > limit:
                    raise TooBig(limit)
                digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink()
        raise
    return draft, digest.hexdigest(), size


def settle(draft: Path, digest: str) -> Path:
    """Give the draft its lasting name; bytes that are there already are the same, and are new again by this."""
    target = path_of(digest)
    target.parent.mkdir(exist_ok=True)
    draft.replace(target)  # whoever deletes what is old leaves alone what somebody has just brought again
    for changed in (target.parent, folder()):
        _sync(changed)
    return target


def write_all(contents: Iterable[bytes]) -> list[str]:
    """Digests of many files, all of them on disk by then. If one can't be written, none is left half."""
    place = folder()
    with ThreadPoolExecutor(WRITERS) as pool:
        begun = [pool.submit(_draft, place, BytesIO(content), len(content)) for content in contents]
        try:
            drafts = [one.result() for one in begun]
        except BaseException:
            for one in begun:
                if not one.cancel() and one.exception() is None:
                    one.result()[0].unlink()
            raise
        targets = [(draft, path_of(digest)) for draft, digest, _size in drafts]
        for draft, target in targets:
            target.parent.mkdir(exist_ok=True)
            draft.replace(target)  # bytes that were there are the same
        list(pool.map(_sync, {place, *(target.parent for _draft_, target in targets)}))
    return [digest for _draft_, digest, _size in drafts]


def drop(digest: str) -> None:
    """Delete bytes nobody refers to, unless they were brought within the hour and their row is on its way."""
    take_away(digest, clock.now().timestamp() - HOUR)


def parts() -> list[str]:
    """The folders of the store, each called as the digests in it begin."""
    return sorted(each.name for each in folder().glob("??") if each.is_dir())


def brought_before(part: str, moment: float) -> list[str]:
    """Digests in a folder of the store whose bytes were brought before *moment*, and since a backup came back."""
    marker = folder() / RESTORED
    since = marker.stat().st_mtime if marker.exists() else 0.0
    found = []
    with os.scandir(folder() / part) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # somebody else sweeps, too
                if since <= entry.stat().st_mtime < moment:
                    found.append(part + entry.name.removesuffix(ASIDE))
    return found


def take_away(digest: str, before: float) -> bool:
    """Delete bytes, unless they were brought since *before*; whether they went.

    They are put aside first. Whoever brings the same bytes meanwhile gives them their name anew, and if that was
    the moment before, they are new by their date and get their name back.
    """
    target = path_of(digest)
    aside = target.with_name(target.name + ASIDE)
    with suppress(FileNotFoundError):
        if target.stat().st_mtime < before:
            target.replace(aside)
    try:
        if aside.stat().st_mtime >= before:
            put_back(digest)
            return False
        aside.unlink()
    except FileNotFoundError:
        return False  # somebody else was quicker, or it was new from the beginning
    return True


def put_back(digest: str) -> None:
    """Give bytes their name back that somebody put aside and was killed."""
    target = path_of(digest)
    aside = target.with_name(target.name + ASIDE)
    with suppress(FileNotFoundError, FileExistsError):
        os.link(aside, target)
    aside.unlink(missing_ok=True)


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
