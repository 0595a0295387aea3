"""Every setting, its environment variable and its default. A wrong value stops the start with a sentence."""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SHORTEST_SECRET = 32
"""Sessions, check codes and the audit hang on the secret: a shorter one could be found by trying."""


class WrongSetting(Exception):
    """A setting that can't be used; its text is the sentence shown to the operator."""


@dataclass(frozen=True)
class Settings:
    """What the environment says, checked."""

    instance: Path
    database_url: str
    public_url: str
    host: str
    port: int
    mail_url: str | None
    trusted_proxies: int
    secret_key: str = field(repr=False)
    signing_keys: Path | None = None
    timestamp_url: str | None = None
    pkcs11_module: Path | None = None
    pkcs11_pin: str | None = field(default=None, repr=False)

    @property
    def key_folder(self) -> Path:
        """Where the keys lie that documents are signed with."""
        return self.signing_keys or self.instance / "signing_keys"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def public_place(self) -> str | None:
        """The address at which others reach the server, itself or through a proxy; None when nobody else does."""
        places = (self.host, urlsplit(self.public_url).hostname or "")
        return next((place for place in places if not _is_this_machine(place)), None)


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in *environment*; makes the instance folder and the secret key when there are none."""
    instance = Path(environment.get("RETRAIN_INSTANCE", "instance")).absolute()
    try:
        instance.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(
            f"RETRAIN_INSTANCE: can't make the folder {instance}: {error.strerror}."
        ) from error
    port = _whole(environment, "PORT", 8000, 1, 65535)
    host = environment.get("RETRAIN_HOST", "127.0.0.1")
    return Settings(
        instance=instance,
        database_url=_database_url(environment.get("RETRAIN_DATABASE_URL"), instance),
        public_url=_public_url(environment.get("RETRAIN_PUBLIC_URL") or f"http://127.0.0.1:{port}"),
        host=_host(host),
        port=port,
        mail_url=_mail_url(environment.get("RETRAIN_MAIL_URL")),
        trusted_proxies=_whole(environment, "RETRAIN_TRUSTED_PROXIES", 0, 0, 10),
        secret_key=_secret_key(environment.get("RETRAIN_SECRET_KEY") or kept_secret(instance / "secret_key")),
        signing_keys=_path(environment.get("RETRAIN_SIGNING_KEYS")),
        timestamp_url=_timestamp_url(environment.get("RETRAIN_TIMESTAMP_URL")),
        pkcs11_module=_path(environment.get("RETRAIN_PKCS11_MODULE")),
        pkcs11_pin=environment.get("RETRAIN_PKCS11_PIN") or None,
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _secret_key(key: str) -> str:
    if len(key) < SHORTEST_SECRET:
        raise WrongSetting(
            f"RETRAIN_SECRET_KEY: {len(key)} characters can be guessed; give at least {SHORTEST_SECRET},"
            " or leave it out and one is made."
        )
    return key


def _whole(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise WrongSetting(f"{name}: “{text}” is not a whole number from {least} to {most}.")
    return int(text)


def _database_url(url: str | None, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'retrain.sqlite'}"
    scheme = urlsplit(url).scheme
    if scheme in ("postgres", "postgresql"):
        return "postgresql+psycopg" + url[len(scheme) :]
    if scheme not in ("sqlite", "postgresql+psycopg"):
        raise WrongSetting("RETRAIN_DATABASE_URL: give sqlite:///… or postgresql://….")
    return url


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongSetting(f"RETRAIN_PUBLIC_URL: “{url}” is not an address like https://retrain.example.uz.")
    return url.rstrip("/")


def _host(host: str) -> str:
    if host != "localhost":
        try:
            ipaddress.ip_address(host)
        except ValueError:
            raise WrongSetting(
                f"RETRAIN_HOST: “{host}” is not an IP address; 127.0.0.1 serves this machine."
            ) from None
    return host


def _mail_url(url: str | None) -> str | None:
    if url and (urlsplit(url).scheme not in ("smtp", "smtps") or not urlsplit(url).hostname):
        raise WrongSetting("RETRAIN_MAIL_URL: give smtp://user:password@host:port or smtps://….")
    return url or None


def _path(text: str | None) -> Path | None:
    return Path(text).absolute() if text else None


def _timestamp_url(url: str | None) -> str | None:
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise WrongSetting("RETRAIN_TIMESTAMP_URL: give the http:// or https:// address of the service.")
    return url or None


def kept_secret(path: Path) -> str:
    """The secret kept in *path*, made once with mode 600."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()


def flask_config(settings: Settings) -> dict[str, Any]:
    """The same settings under the names Flask and its extensions read."""
    return {
        "RETRAIN": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,  # an error in the log must not show anybody's data
        },
        "SESSION_COOKIE_HTTPONLY": True,
        # A session's end is fixed when it begins; sent again with each answer, stylesheets would carry the cookie too.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "PERMANENT_SESSION_LIFETIME": timedelta(weeks=4),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 20_000,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "uz",
        "BABEL_TRANSLATION_DIRECTORIES": str(Path(__file__).with_name("translations")),
        "COMPRESS_LEVEL": 2,  # a page is a tenth larger than at 6, in a third of the time
        "COMPRESS_MIMETYPES": [
            "text/html", "text/css", "text/javascript", "application/json", "image/svg+xml", "text/calendar",
        ],
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=7),
    }  # fmt: skip
