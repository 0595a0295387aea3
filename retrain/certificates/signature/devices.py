"""Keys in a device (PKCS #11): a card, a token, a safe on the network. The secret half never leaves it."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from retrain.certificates.signature.cms import LONGEST_DER
from retrain.certificates.signature.keys import algorithm_of


class DeviceProblem(Exception):
    """The device is not there, refuses the PIN or has no such key; its text says which, for an operator."""


def parts_of(address: str) -> dict[str, str]:
    """What a PKCS #11 address (RFC 7512) names: ``pkcs11:token=HR;object=documents``."""
    scheme, _, rest = address.partition(":")
    if scheme != "pkcs11":
        raise DeviceProblem(f"“{address}” is no PKCS #11 address like pkcs11:token=HR;object=documents.")
    pairs = (each.partition("=") for each in rest.partition("?")[0].split(";") if each)
    found = {name: unquote(value) for name, _, value in pairs}
    if not found.keys() >= {"token", "object"}:
        raise DeviceProblem(f"“{address}” names no token or no object.")
    return found


class DeviceSigner:
    """Signs with a key in a device; opened once, and again when the device was away."""

    def __init__(
        self, module: Path | None, pin: str | None, address: str, chain: Sequence[x509.Certificate]
    ) -> None:
        if module is None:
            raise DeviceProblem("RETRAIN_PKCS11_MODULE is not set: it names the library of the device.")
        self._module, self._pin, self._parts = module, pin, parts_of(address)
        self.chain = [each.public_bytes(serialization.Encoding.DER) for each in chain]
        public = chain[0].public_key()
        self.algorithm = algorithm_of(public) or ""
        self.longest = public.key_size // 8 if isinstance(public, rsa.RSAPublicKey) else LONGEST_DER
        self._key: Any = None
        self._alone = Lock()  # a session of a device serves one at a time

    def sign(self, data: bytes) -> bytes:
        """The signature over *data*."""
        with self._alone:
            if self._key is not None:
                with suppress(DeviceProblem):
                    return self._signed(data)
            self._key = self._opened()
            return self._signed(data)

    def _opened(self) -> Any:
        try:
            import pkcs11
        except ImportError:
            raise DeviceProblem("The Python package python-pkcs11 is not installed.") from None
        try:
            token = pkcs11.lib(str(self._module)).get_token(token_label=self._parts["token"])
            session = _session(token, self._pin)
            return session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=self._parts["object"])
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
            raise DeviceProblem(_told(error)) from error

    def _signed(self, data: bytes) -> bytes:
        import pkcs11

        try:
            if self.algorithm == "rsa":
                signature: bytes = self._key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
                return signature
            raw = self._key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
        except pkcs11.PKCS11Error as error:
            raise DeviceProblem(_told(error)) from error
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))


def _session(token: Any, pin: str | None) -> Any:
    """A session signed in with the PIN; the whole program is signed in once it has been anywhere."""
    import pkcs11

    try:
        return token.open(user_pin=pin)
    except pkcs11.UserAlreadyLoggedIn:
        return token.open()


def _told(error: Exception) -> str:
    return f"The device answers {type(error).__name__} {error}".strip()
