"""Kinds of organisations, roles and staff, and the states of what this package keeps."""

from enum import StrEnum

from retrain.people.pinfl import Sex

__all__ = [
    "BatchState",
    "CodePurpose",
    "OrganisationKind",
    "RequestState",
    "RoleKind",
    "Script",
    "Sex",
    "StaffKind",
]


class OrganisationKind(StrEnum):
    UNIVERSITY = "university"
    COLLEGE = "college"
    EMPLOYER = "employer"
    REGIONAL_CENTRE = "regional_centre"
    MINISTRY = "ministry"


class RoleKind(StrEnum):
    TEACHER = "teacher"
    COLLEGE_HR = "college_hr"
    COORDINATOR = "coordinator"
    CURATOR = "curator"
    LECTURER = "lecturer"
    SECRETARY = "secretary"
    HR_OFFICER = "hr_officer"
    SIGNATORY = "signatory"
    REGIONAL_CENTRE = "regional_centre"
    MINISTRY = "ministry"
    ADMINISTRATOR = "administrator"


class StaffKind(StrEnum):
    """What a college employs a teacher as."""

    TEACHER = "teacher"
    MASTER = "master"
    HEAD = "head"


class Script(StrEnum):
    LATIN = "latn"
    CYRILLIC = "cyrl"


class CodePurpose(StrEnum):
    """What a one-time code or link opens."""

    ACTIVATION = "activation"
    RESET = "reset"
    EMAIL = "email"


class BatchState(StrEnum):
    """A roster confirmed by a person: waits for the worker, is being written, is written."""

    WAITING = "waiting"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


class RequestState(StrEnum):
    """A person's request to be erased."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
