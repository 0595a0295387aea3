"""What an assessment, a decision, a commission and an appeal can be."""

from enum import StrEnum


class AssessmentKind(StrEnum):
    """Of one module, or of the whole course at its end."""

    MODULE = "module"
    FINAL = "final"


class Outcome(StrEnum):
    """How a run ended for one person. *Not completed* is a normal end: they may try again."""

    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


class Purpose(StrEnum):
    """What a commission is for: to hear final works, or appeals against what was decided."""

    FINAL = "final"
    APPEAL = "appeal"


class Seat(StrEnum):
    """Whose place a commission's member takes. The secretary writes and does not vote."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    MEMBER = "member"
    SECRETARY = "secretary"


VOTING = (Seat.CHAIR, Seat.DEPUTY, Seat.MEMBER)


class OverrideState(StrEnum):
    """One person proposes to decide otherwise than the rules; another confirms or refuses it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class AppealState(StrEnum):
    """Filed by the teacher, taken back by them, or decided by the commission of appeals."""

    FILED = "filed"
    WITHDRAWN = "withdrawn"
    UPHELD = "upheld"
    REJECTED = "rejected"


DECIDED = (AppealState.UPHELD, AppealState.REJECTED)
