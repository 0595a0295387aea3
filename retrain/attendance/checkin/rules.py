"""The code on the lecturer's screen, when one may say that one is there, and the numbers on name cards. Pure."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from retrain.refusal import Refusal

STEP = 15
"""Seconds for which a code stands on the screen. Only the server's clock counts: a telephone's may be wrong."""

TICKET_STEPS = 8
"""Whoever opened the page in time has so many steps to press its button."""

EARLY = timedelta(minutes=30)
"""So long before the class one may already say that one is there; it becomes a mark when the class has begun."""

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No I, L, O, 0, 1: the code can be typed from the far end of a room."""

LENGTH = 6
CARDS = 10_000
_TYPED_IN_CYRILLIC = str.maketrans("АВЕКМНРСТУХ", "ABEKMHPCTYX")


def step_of(now: datetime) -> int:
    """The number of the step it is."""
    return int(now.timestamp()) // STEP


def seconds_left(now: datetime) -> int:
    """How long the code of this step still stands."""
    return STEP - int(now.timestamp()) % STEP


def code(key: bytes, session_id: int, step: int) -> str:
    """What the screen shows in that step: six letters and digits out of an HMAC."""
    number = int.from_bytes(_mac(key, f"code {session_id} {step}"), "big")
    signs = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)


def tidy(typed: str) -> str:
    """A code as it was shown, from what a person typed: any case, any gaps, Cyrillic look-alikes."""
    signs = typed[:40].upper().translate(_TYPED_IN_CYRILLIC)
    return "".join(sign for sign in signs if sign in ALPHABET)


def is_shown(key: bytes, session_id: int, typed: str, step: int) -> bool:
    """Whether *typed* is the code of this step, or of the one before or after."""
    wanted = tidy(typed).encode()
    near = [code(key, session_id, each).encode() for each in (step - 1, step, step + 1)]
    return any(hmac.compare_digest(wanted, each) for each in near)


def ticket(key: bytes, session_id: int, person_id: int, step: int) -> str:
    """What the page that a scan opens carries: this person saw the code in that step."""
    return f"{step}-{_mac(key, f'ticket {session_id} {person_id} {step}').hex()[:24]}"


def is_good(key: bytes, session_id: int, person_id: int, shown: str, step: int) -> bool:
    """Whether a ticket is this person's and not too old."""
    seen = shown.partition("-")[0]
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 15):
        return False
    given = ticket(key, session_id, person_id, int(seen))
    return hmac.compare_digest(shown.encode(), given.encode()) and 0 <= step - int(seen) <= TICKET_STEPS


@dataclass(frozen=True)
class Class:
    """A class as the door of check-in sees it."""

    starts_at: datetime
    ends_at: datetime
    stands: bool
    cancelled: bool
    closed: bool


def refusals(meeting: Class, now: datetime) -> list[Refusal]:
    """Why nobody can say now that they are in this class."""
    if meeting.cancelled:
        return [Refusal.of("session-cancelled")]
    if not meeting.stands:
        return [Refusal.of("session-not-published")]
    if meeting.closed:
        return [Refusal.of("checkin-register-signed")]
    if now < meeting.starts_at - EARLY:
        return [Refusal.of("checkin-not-open", starts=meeting.starts_at)]
    return [Refusal.of("checkin-over", ended=meeting.ends_at)] if now > meeting.ends_at else []


@dataclass(frozen=True)
class Said:
    """Somebody's saying so, as it is compared with the others'."""

    enrolment_id: int
    device: str
    network: str
    other_device: bool


@dataclass(frozen=True)
class Doubts:
    """What the lecturer should look at before confirming somebody."""

    two_phones: bool = False
    same_phone_as: tuple[int, ...] = ()
    other_network: bool = False

    def __bool__(self) -> bool:
        return self.two_phones or bool(self.same_phone_as) or self.other_network


def doubts(said: Sequence[Said]) -> dict[int, Doubts]:
    """enrolment → what is odd about it: two phones, another's phone, another network than most of the room's."""
    phones: dict[str, list[int]] = {}
    for each in said:
        if each.device:
            phones.setdefault(each.device, []).append(each.enrolment_id)
    networks = Counter(each.network for each in said if each.network)
    usual, count = networks.most_common(1)[0] if networks else ("", 0)
    has_usual = count > 2 and 2 * count > len(said)
    return {
        each.enrolment_id: Doubts(
            two_phones=each.other_device,
            same_phone_as=tuple(one for one in phones.get(each.device, ()) if one != each.enrolment_id),
            other_network=has_usual and each.network != usual,
        )
        for each in said
    }


def card_numbers(key: bytes, run_id: int, enrolment_ids: Iterable[int]) -> dict[int, str]:
    """enrolment → the four digits of its name card, no two of a run alike.

    They follow from the run's list alone, oldest enrolment first, so that nobody's change when somebody joins.
    """
    mac = _mac(key, f"cards {run_id}")
    start, stride = int.from_bytes(mac[:4], "big"), 10 * int.from_bytes(mac[4:6], "big") + 3
    found: dict[int, str] = {}
    taken: set[int] = set()
    for number in sorted(enrolment_ids):
        place = (start + number * stride) % CARDS
        while place in taken:
            place = (place + 1) % CARDS
        taken.add(place)
        found[number] = f"{place:04d}"
    return found


def who_has(numbers: Mapping[int, str], typed: str) -> int | None:
    """Whose card it is, from four digits as typed."""
    digits = "".join(sign for sign in typed[:40] if sign.isascii() and sign.isdecimal())
    return next((each for each, number in numbers.items() if number == digits), None)


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
