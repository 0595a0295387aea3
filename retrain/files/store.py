"""Bytes under the name of their digest: ``instance/files/ab/cdef…``. Written whole or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from retrain import clock

CHUNK = 1 << 20
HOUR = 3600


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
    folder().mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder(), prefix="draft-")
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
    """Give the draft its lasting name; bytes that are there already stay as they are."""
    target = path_of(digest)
    if target.exists():
        draft.unlink()
        os.utime(target)  # as new: `drop` leaves alone what somebody has just brought again
        return target
    target.parent.mkdir(exist_ok=True)
    draft.replace(target)
    for changed in (target.parent, folder()):
        _sync(changed)
    return target


def drop(digest: str) -> None:
    """Delete bytes nobody refers to, unless they were brought within the hour and their row is on its way."""
    target = path_of(digest)
    if target.exists() and clock.now().timestamp() - target.stat().st_mtime > HOUR:
        target.unlink()


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
