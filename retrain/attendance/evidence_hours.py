"""Hours that are shown by evidence: what a module plans without classes, and what was accepted of whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from retrain.attendance.evidence_models import Evidence
from retrain.attendance.evidence_states import EvidenceState
from retrain.catalogue.models import Module, Run
from retrain.catalogue.states import HourKind, StudyForm
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.timetable.queries import IN_CLASS


def kinds(run: Run, module: Module) -> dict[HourKind, int]:
    """kind → planned hours of the module that have evidence instead of a register; of a distance run, all."""
    return _without_class(run.form, module.hours)


def _without_class(form: StudyForm, hours: Mapping[str, int]) -> dict[HourKind, int]:
    return {
        HourKind(kind): count
        for kind, count in hours.items()
        if count and (form is StudyForm.DISTANCE or HourKind(kind) not in IN_CLASS)
    }


def runs_with(run_ids: Collection[int]) -> dict[int, str]:
    """run → its code, of those in which some hours have evidence instead of a register."""
    rows = db.session.execute(
        select(Run.id, Run.code, Run.form, Module.hours)
        .join(Module, Module.course_version_id == Run.course_version_id)
        .where(Run.id.in_(run_ids))
    )
    return {number: code for number, code, form, hours in rows.tuples() if _without_class(form, hours)}


def by_module(run_id: int) -> dict[tuple[int, int], int]:
    """(enrolment, module) → accepted minutes."""
    rows = db.session.execute(
        select(Evidence.enrolment_id, Evidence.module_id, func.sum(Evidence.minutes))
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .where(Enrolment.run_id == run_id, Evidence.state == EvidenceState.ACCEPTED)
        .group_by(Evidence.enrolment_id, Evidence.module_id)
    )
    return {(number, module_id): minutes for number, module_id, minutes in rows}


def accepted(run_id: int) -> dict[int, int]:
    """enrolment → minutes that evidence was accepted for."""
    found: dict[int, int] = defaultdict(int)
    for (number, _module_id), minutes in by_module(run_id).items():
        found[number] += minutes
    return dict(found)


def by_kind(run_id: int) -> dict[int, dict[HourKind, int]]:
    """enrolment → kind of hours → accepted minutes."""
    rows = db.session.execute(
        select(Evidence.enrolment_id, Evidence.kind, func.sum(Evidence.minutes))
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .where(Enrolment.run_id == run_id, Evidence.state == EvidenceState.ACCEPTED)
        .group_by(Evidence.enrolment_id, Evidence.kind)
    )
    found: dict[int, dict[HourKind, int]] = defaultdict(dict)
    for number, kind, minutes in rows:
        found[number][kind] = minutes
    return dict(found)
