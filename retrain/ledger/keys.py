"""The key that signs heads: from ``RETRAIN_LEDGER_KEY`` (a path), or made once in the instance folder, mode 600."""

import base64
import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

FILE = "ledger_key.pem"


def private() -> Ed25519PrivateKey:
    """The program's own key."""
    given = os.environ.get("RETRAIN_LEDGER_KEY")
    return kept(Path(given) if given else Path(current_app.config["RETRAIN"].instance) / FILE)


def kept(path: Path) -> Ed25519PrivateKey:
    """The key in *path*; made whole under another name first, so that nobody reads half a key."""
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # somebody else made one at the same moment: theirs stands
        finally:
            draft.unlink()
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key")
    return key


def statement(log: str, size: int, root: str, at: str) -> bytes:
    """The bytes that are signed: the same for the same head everywhere."""
    return json.dumps({"at": at, "log": log, "root": root, "size": size}, sort_keys=True).encode()


def sign(key: Ed25519PrivateKey, said: bytes) -> str:
    """The signature as text."""
    return base64.b64encode(key.sign(said)).decode()


def is_signed(key: Ed25519PublicKey, said: bytes, signature: str) -> bool:
    """Whether *signature* over *said* is by *key*."""
    try:
        key.verify(base64.b64decode(signature, validate=True), said)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_text() -> str:
    """The public half of the program's key, as text for those who check."""
    raw = private().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def public_of(text: str) -> Ed25519PublicKey:
    """The public key in *text*. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
