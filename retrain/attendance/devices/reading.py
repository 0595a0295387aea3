"""Reads what a device sent: every part of it is checked, for nobody says it was our page that sent it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retrain.attendance.devices.operation_rules import Sent
from retrain.attendance.reading import LONGEST_REASON
from retrain.attendance.states import MarkKind, What
from retrain.refusal import Refusal, Refused
from retrain.web.requests import LARGEST

MOST = 500
_NAME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Batch:
    """What a device sends at once about one register."""

    owner: str
    device: str
    starts_at: datetime | None
    operations: Sequence[Sent]


class _Unreadable(Exception):
    """Something is not what our pages send."""


def batch(body: Any) -> Batch:
    """The batch in *body*; Refused when any of it can't be read."""
    try:
        sent = _list(body, "operations")
        if not 0 < len(sent) <= MOST:
            raise _Unreadable
        return Batch(
            owner=_text(body, "owner", 64),
            device=_name(body, "device"),
            starts_at=_moment(body, "starts"),
            operations=[_operation(each) for each in sent],
        )
    except _Unreadable:
        raise Refused(Refusal.of("sending-unreadable")) from None


def _operation(each: Any) -> Sent:
    what = _one_of(each, "what", What)
    is_mark = what is What.MARK
    return Sent(
        client_id=_name(each, "id"),
        number=_whole(each, "number", LARGEST),
        what=what,
        base=_whole(each, "base", LARGEST),
        enrolment_id=_whole(each, "enrolment", LARGEST) if is_mark else None,
        kind=_one_of(each, "kind", MarkKind) if each.get("kind") else None,
        minutes=_whole(each, "missed", _MINUTES_A_DAY),
        said=_text(each, "said", LONGEST_REASON),
        workplace=_text(each, "workplace", 200),
        made_at=_moment(each, "made_at"),
    )


def _list(body: Any, name: str) -> list[Any]:
    found = body.get(name) if isinstance(body, dict) else None
    if not isinstance(found, list):
        raise _Unreadable
    return found


def _text(each: Any, name: str, most: int) -> str:
    found = each.get(name, "") if isinstance(each, dict) else None
    if not isinstance(found, str) or "\x00" in found:
        raise _Unreadable
    return found.strip()[:most]


def _name(each: Any, name: str) -> str:
    found = _text(each, name, 40)
    if not _NAME.fullmatch(found):
        raise _Unreadable
    return found


def _whole(each: Any, name: str, most: int) -> int:
    found = each.get(name, 0)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
        raise _Unreadable
    return found


def _one_of(each: Any, name: str, kinds: Any) -> Any:
    try:
        return kinds(_text(each, name, 32))
    except ValueError:
        raise _Unreadable from None


def _moment(each: Any, name: str) -> datetime | None:
    text = _text(each, name, 40)
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _Unreadable from None
    if found.tzinfo is None:
        raise _Unreadable
    return found
