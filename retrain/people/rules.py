"""Decisions about passwords, throttling, roles and their delegation. Plain values in, refusals out."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from zoneinfo import available_timezones

from retrain.people.states import OrganisationKind, RoleKind
from retrain.refusal import Refusal

PASSWORD_LEAST, PASSWORD_MOST = 8, 200
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
FORGET_AFTER = timedelta(hours=24)
WRONG_FROM_ONE_ADDRESS = 60
WRONG_AGAIN_EVERY = timedelta(minutes=1)
LONGEST_DELEGATION = timedelta(days=366)

_COMMON = """
12345678 123456789 1234567890 11111111 00000000 87654321 password password1 passw0rd qwertyui qwerty123
qwertyuiop 1q2w3e4r 1qaz2wsx asdfghjk zxcvbnm1 abcd1234 abc12345 iloveyou admin123 administrator welcome1
letmein1 retrain1 uzbekistan ozbekiston toshkent tashkent samarqand parol123 parolparol salom123 texnikum
kollej123 maktab123 йцукенгш йцукен123 пароль123 12341234 12121212 11223344 99999999 88888888 77777777
"""
COMMON_PASSWORDS = frozenset(_COMMON.split())

# Who may give which roles. An administrator may give every one, for every organisation; the ministry every one
# but that, else the rows of the table that are the administrator's alone would be the ministry's too.
COLLEGE_GIVES = frozenset({RoleKind.COLLEGE_HR})
PROVIDER_GIVES = frozenset(
    {
        RoleKind.COORDINATOR,
        RoleKind.CURATOR,
        RoleKind.LECTURER,
        RoleKind.SECRETARY,
        RoleKind.HR_OFFICER,
        RoleKind.SIGNATORY,
    }
)


def password_refusals(password: str, own_words: Collection[str]) -> list[Refusal]:
    """Why *password* is no good for somebody whose login and names are *own_words*."""
    plain = password.casefold().strip()
    if len(password) < PASSWORD_LEAST:
        return [Refusal.of("password-short", field="password", least=PASSWORD_LEAST)]
    if len(password) > PASSWORD_MOST:
        return [Refusal.of("password-long", field="password", most=PASSWORD_MOST)]
    if plain in COMMON_PASSWORDS or len(set(plain)) < 3:
        return [Refusal.of("password-common", field="password")]
    if any(word and plain == word.casefold() for word in own_words):
        return [Refusal.of("password-own", field="password")]
    return []


def wait_after(failures: int, free: int = FREE_TRIES) -> timedelta:
    """How long the next try is put off after *failures* in a row: a few are free, then it doubles."""
    if failures < free:
        return timedelta(0)
    doublings: int = min(failures - free, 12)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def wrong_still_held(failures: int, since: timedelta) -> tuple[int, timedelta]:
    """How many of *failures* of one address count still after *since*, and how much of *since* that used up.

    They fade one by one, so that an address is never shut for good: one password tried over many accounts gets on
    by one account a minute, while people who mistype at nine o'clock hardly fill what is allowed at once.
    """
    faded = min(failures, since // WRONG_AGAIN_EVERY)
    return failures - faded, faded * WRONG_AGAIN_EVERY if faded < failures else since


@dataclass(frozen=True)
class RoleFacts:
    """A role as the rules see it."""

    kind: RoleKind
    organisation_id: int
    since: date
    until: date | None
    is_delegated: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the role may be used on *day*."""
        return self.since <= day and (self.until is None or day <= self.until)


def gives(giver: RoleKind) -> frozenset[RoleKind]:
    """The kinds of role that somebody acting as *giver* may give for their own organisation."""
    match giver:
        case RoleKind.ADMINISTRATOR:
            return frozenset(RoleKind) - {RoleKind.TEACHER}
        case RoleKind.MINISTRY:
            return frozenset(RoleKind) - {RoleKind.TEACHER, RoleKind.ADMINISTRATOR}
        case RoleKind.COORDINATOR:
            return PROVIDER_GIVES
        case RoleKind.COLLEGE_HR:
            return COLLEGE_GIVES
        case _:
            return frozenset()


def grant_refusals(kind: RoleKind, is_provider: bool, since: date, until: date | None) -> list[Refusal]:
    """Why a role of *kind* can't be given in an organisation for these days."""
    found = []
    if until is not None and until < since:
        found.append(Refusal.of("ends-before-it-begins", field="until"))
    if kind in PROVIDER_GIVES and not is_provider:
        found.append(Refusal.of("no-such-role-there", field="kind"))
    return found


def delegation_refusals(
    role: RoleFacts, *, to_oneself: bool, since: date, until: date, today: date
) -> list[Refusal]:
    """Why *role* can't be lent from *since* to *until*."""
    found = []
    if to_oneself:
        found.append(Refusal.of("delegated-to-oneself", field="login"))
    if role.is_delegated:
        found.append(Refusal.of("delegated-twice"))
    if role.kind is RoleKind.TEACHER:
        found.append(Refusal.of("not-delegable"))
    if until < since:
        found.append(Refusal.of("ends-before-it-begins", field="until"))
    elif since < today:
        found.append(Refusal.of("day-in-the-past", field="since"))
    elif until - since > LONGEST_DELEGATION:
        found.append(Refusal.of("delegated-too-long", field="until", days=LONGEST_DELEGATION.days))
    if role.until is not None and until > role.until:
        found.append(Refusal.of("longer-than-own-role", field="until", until=role.until))
    return found


REGIONS = frozenset(
    f"UZ-{code}"
    for code in ("AN", "BU", "FA", "JI", "NG", "NW", "QA", "QR", "SA", "SI", "SU", "TK", "TO", "XO")
)
"""The fourteen regions, by ISO 3166-2."""

CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,23}")

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""What JSON can say and no database keeps in a text."""


def organisation_refusals(
    code: str, region: str, names: Mapping[str, str], timezone: str | None = None
) -> list[Refusal]:
    """Why an organisation can't be called and placed so; without a *timezone* it keeps the country's."""
    found = []
    if not CODE.fullmatch(code):
        found.append(Refusal.of("code-malformed", field="code"))
    if region not in REGIONS:
        found.append(Refusal.of("region-unknown", field="region", region=region))
    if not any(text.strip() for text in names.values()):
        found.append(Refusal.of("name-missing", field="names"))
    if any(len(text) > 300 for text in names.values()):
        found.append(Refusal.of("name-too-long", field="names", most=300))
    if timezone is not None and timezone not in _timezones():
        found.append(Refusal.of("timezone-unknown", field="timezone"))
    return found


@cache
def _timezones() -> set[str]:
    return available_timezones()


_NAME_IN = {"name_uz": "uz", "name_uz_cyrl": "uz-Cyrl", "name_ru": "ru", "name_en": "en"}


def college_facts(entry: object) -> tuple[str, str, dict[str, str], str] | Refusal:
    """(code, region, names, kind) of one entry of a list of colleges, or why it is none."""
    if not isinstance(entry, dict):
        return Refusal.of("entry-malformed")
    code, region = (str(entry.get(name) or "").strip() for name in ("code", "region"))
    kind = str(entry.get("kind") or OrganisationKind.COLLEGE)
    texts = {lang: entry.get(name) for name, lang in _NAME_IN.items()}
    names = {lang: text.strip() for lang, text in texts.items() if isinstance(text, str) and text.strip()}
    code = code.upper()
    if _NO_TEXT.search("".join(names.values())):
        return Refusal.of("entry-malformed")
    if kind not in set(OrganisationKind):
        return Refusal.of("kind-unknown", kind=kind)
    if why := organisation_refusals(code, region, names):
        return why[0]
    return code, region, names, kind
