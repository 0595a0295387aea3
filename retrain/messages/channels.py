"""The wires: SMTP, an SMS gateway over HTTP, a Telegram bot. Each says whether trying again has a use."""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import requests

TIMEOUT = 20
SENDER = "Retrain"
"""Whom letters come from, in the words of a mail program."""
AGAIN = {408, 409, 425, 429}
"""Answers of the 400s that speak of the moment, not of the message."""


class Undelivered(Exception):
    """It did not go out. *for_good* when it never will; *wait* if the other side said for how many seconds.

    *away*: nobody was there to take anything, so no other letter need be tried now.
    """

    def __init__(
        self, why: str, *, for_good: bool = False, wait: int | None = None, away: bool = False
    ) -> None:
        super().__init__(why)
        self.for_good, self.wait, self.away = for_good, wait, away


@dataclass(frozen=True)
class Letter:
    """One message in words, ready for any wire. *identity* is the same at every try."""

    identity: str
    to: str
    name: str
    subject: str
    body: str
    language: str
    at: datetime
    calendar: bytes | None = None
    calendar_method: str = "PUBLISH"


class Wire(Protocol):
    """Something that carries letters."""

    def send(self, letter: Letter) -> None:
        """Return once the other side has taken it over; else raise Undelivered."""

    def close(self) -> None:
        """Hang up."""


def _enclose(message: EmailMessage, calendar: bytes, method: str) -> None:
    """The entry twice, as the mails of the great calendars have it.

    Gmail and Outlook change and take away an entry when it is an alternative of the text, with the method in its
    type; Apple's and others' mail programs show a file to open.
    """
    params = {"method": method, "charset": "utf-8"}
    message.add_alternative(calendar, maintype="text", subtype="calendar", params=params)
    message.add_attachment(calendar, maintype="application", subtype="ics", filename="course.ics")


@dataclass
class Smtp:
    """Mail over one connection, which is opened when first needed. *url*: smtp://user:password@host:port?from=…"""

    url: str
    default_from: str
    _server: smtplib.SMTP | None = field(default=None, repr=False)

    def send(self, letter: Letter) -> None:
        try:
            message = self.compose(letter)
        except ValueError as error:
            raise Undelivered(f"not an address: {error}", for_good=True) from error
        self._server = self._server or self._reached()
        try:
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, why = next(iter(error.recipients.values()))
            raise Undelivered(f"{code} {_text(why)}", for_good=code >= 500) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            # A refusal of our own address speaks of our settings, not of the letter.
            for_good = error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPSenderRefused)
            raise Undelivered(f"{error.smtp_code} {_text(error.smtp_error)}", for_good=for_good) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Undelivered(f"{type(error).__name__}: {error}") from error

    def _reached(self) -> smtplib.SMTP:
        """The server, ready to take letters; whatever it says before that is no letter's fault."""
        try:
            return self._connect()
        except smtplib.SMTPAuthenticationError as error:
            why = f"the mail server refuses our sign-in: {error.smtp_code}"
            raise Undelivered(why, away=True) from error
        except smtplib.SMTPResponseException as error:
            raise Undelivered(f"{error.smtp_code} {_text(error.smtp_error)}", away=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Undelivered(f"{type(error).__name__}: {error}", away=True) from error

    def compose(self, letter: Letter) -> EmailMessage:
        """The letter as mail."""
        user, _, domain = letter.to.rpartition("@")
        if not user:
            raise ValueError(letter.to)
        message = EmailMessage()
        message["Message-ID"] = f"<{letter.identity}@{self.sender().rpartition('@')[2]}>"
        message["From"] = Address(SENDER, addr_spec=self.sender())
        message["To"] = Address(" ".join(letter.name.split()), user, domain)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.at)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        message["Content-Language"] = letter.language
        if letter.calendar is not None:
            _enclose(message, letter.calendar, letter.calendar_method)
        return message

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _options(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.url).query).items()}

    def sender(self) -> str:
        """The mailbox that letters come from."""
        user = unquote(urlsplit(self.url).username or "")
        return self._options().get("from") or (user if "@" in user else self.default_from)

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
            server.ehlo()
            if server.has_extn("starttls") and self._options().get("tls") != "no":
                server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


@dataclass(frozen=True)
class SmsGateway:
    """A gateway that takes ``{"id", "to", "text", "from"}`` as JSON by POST, with a bearer token if it wants one."""

    url: str
    token: str = ""
    sender: str = ""

    def send(self, letter: Letter) -> None:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        said = {"id": letter.identity, "to": letter.to, "text": letter.body}
        if self.sender:
            said["from"] = self.sender
        _post(self.url, said, headers)

    def close(self) -> None:
        """Nothing is kept open."""


@dataclass(frozen=True)
class TelegramBot:
    """A bot's ``sendMessage``. An unknown token is our mistake, so the message waits until it is corrected."""

    token: str
    url: str = "https://api.telegram.org"

    def send(self, letter: Letter) -> None:
        said = {"chat_id": letter.to, "text": letter.body, "link_preview_options": {"is_disabled": True}}
        self._call("sendMessage", said)

    def name(self) -> str:
        """What the bot is called in addresses: ``t.me/<name>``."""
        return str(self._call("getMe", {})["username"])

    def started_by(self) -> list[tuple[str, str]]:
        """(chat, word) of everybody who pressed Start on a link with a word since this was last asked."""
        news = self._call("getUpdates", {"timeout": 0, "allowed_updates": ["message"]})
        if news:
            self._call("getUpdates", {"timeout": 0, "offset": news[-1]["update_id"] + 1, "limit": 1})
        said = [each.get("message", {}) for each in news]
        words = [(each.get("chat", {}).get("id"), str(each.get("text", "")).split()) for each in said]
        return [(str(chat), text[1]) for chat, text in words if chat and text[:1] == ["/start"] and text[1:]]

    def _call(self, method: str, said: dict[str, Any]) -> Any:
        answer = _post(f"{self.url}/bot{self.token}/{method}", said, {}, ours=AGAIN | {401, 404})
        return answer.json().get("result")

    def close(self) -> None:
        """Nothing is kept open."""


def _post(
    url: str, said: dict[str, Any], headers: dict[str, str], ours: set[int] = AGAIN
) -> requests.Response:
    try:
        answer = requests.post(url, json=said, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        # Without the address: it may hold a token.
        raise Undelivered(type(error).__name__, away=True) from None
    if answer.status_code < 300:
        return answer
    for_good = 400 <= answer.status_code < 500 and answer.status_code not in ours
    raise Undelivered(
        f"{answer.status_code} {answer.text[:200]}", for_good=for_good, wait=_asked_to_wait(answer)
    )


def _asked_to_wait(answer: requests.Response) -> int | None:
    if (header := answer.headers.get("Retry-After", "")).isdecimal():
        return int(header)
    try:
        wait = answer.json()["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError):
        return None
    return wait if isinstance(wait, int) else None


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
