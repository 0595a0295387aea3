"""A register with what belongs to it, each thing read once: for its page, for devices, and while marks are written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from retrain.attendance import entitled, queries
from retrain.attendance.devices import operation_queries
from retrain.attendance.devices.operation_queries import Before
from retrain.attendance.devices.operation_rules import Standing, Subject
from retrain.attendance.models import Register, RegisterOperation
from retrain.attendance.states import CLOSED, TO_SETTLE, Outcome, RegisterState, What
from retrain.people.permissions import Target
from retrain.timetable.models import ClassSession


@dataclass
class Opened:
    """The register of *meeting*, or none where nobody has begun it.

    Inside a use case that holds its lock; *stands* and *is_unsettled* are kept in step with what is written.
    """

    meeting: ClassSession
    register: Register | None
    whose: Target
    before: Before

    @property
    def state(self) -> RegisterState:
        """Open until somebody has begun it, too."""
        return self.register.state if self.register else RegisterState.OPEN

    @property
    def closed(self) -> bool:
        """Whether it is signed."""
        return self.state in CLOSED

    @cached_property
    def group(self) -> queries.Group:
        """Whose class it is."""
        return queries.group_of(self.meeting)

    @cached_property
    def stands(self) -> dict[Subject, Standing]:
        """What stands by subject, with the version of each and who wrote it last."""
        return standing(self.register, self.before) if self.register else {}

    @cached_property
    def is_unsettled(self) -> bool:
        """Whether there may be anything that somebody has to look at."""
        return self.before.is_unsettled

    @property
    def settling(self) -> list[RegisterOperation]:
        """What two devices disagree about and what was turned away, until somebody has looked at it."""
        if self.register is None or not self.is_unsettled:
            return []
        return operation_queries.to_settle(self.register.id)

    @property
    def marked(self) -> set[int]:
        """Who has a mark."""
        return {
            number
            for (what, number), each in self.stands.items()
            if what is What.MARK and number is not None and each.value is not None
        }

    def note(self, outcomes: Iterable[Outcome]) -> None:
        """That operations with these outcomes are written down."""
        self.is_unsettled = self.is_unsettled or any(each in TO_SETTLE for each in outcomes)


class Begun(Opened):
    """One that somebody has begun."""

    register: Register


def begun(meeting: ClassSession, register: Register, whose: Target) -> Begun:
    """*register* as it stands, for whoever holds its lock."""
    return Begun(meeting, register, whose, _before(register))


def of(meeting: ClassSession) -> Opened:
    """The register of *meeting* as it is, to be looked at."""
    register = queries.register_of(meeting.id)
    return Opened(meeting, register, entitled.target(meeting), _before(register))


def _before(register: Register | None) -> Before:
    return operation_queries.before(register.id) if register else Before([])


def standing(register: Register, before: Before | None = None) -> dict[Subject, Standing]:
    """What stands in the register by subject, with the version of each and who wrote it last."""
    found: dict[Subject, Standing] = {
        (What.MARK, row.enrolment_id): Standing((row.kind, row.missed_minutes, row.reason))
        for row in register.marks
    }
    if register.topic:
        found[What.TOPIC, None] = Standing(register.topic)
    written = (before or operation_queries.before(register.id)).applied
    for row in sorted(written, key=lambda each: (each.version, each.id)):
        value = found.get((row.what, row.enrolment_id), Standing()).value
        found[row.what, row.enrolment_id] = Standing(value, row.version, row.device, row.number)
    return found


def marks_of(stands: Mapping[Subject, Standing]) -> dict[int, Standing]:
    """enrolment → what stands beside the name, of everybody whose mark was ever touched."""
    return {
        number: each for (what, number), each in stands.items() if what is What.MARK and number is not None
    }
