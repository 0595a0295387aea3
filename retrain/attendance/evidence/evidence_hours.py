"""Hours that are shown by evidence: what a module plans without classes, and what was accepted of whom."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import TypeVar

from sqlalchemy import func, select

from retrain.attendance.evidence.models import Evidence
from retrain.attendance.evidence.states import EvidenceState
from retrain.attendance.moved import brought_along
from retrain.catalogue.models import Module, Run
from retrain.catalogue.states import HourKind, StudyForm
from retrain.enrolment.models import Enrolment
from retrain.extensions import db
from retrain.timetable.queries import IN_CLASS

Part = tuple[int, HourKind]
"""A module and the kind of its hours."""

Key = TypeVar("Key")


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


def planned(run: Run, modules: Iterable[Module]) -> int:
    """Academic hours of the run that are shown by evidence, over its modules."""
    return sum(sum(kinds(run, module).values()) for module in modules)


def by_module(run_id: int) -> dict[int, dict[int, int]]:
    """enrolment → module → accepted minutes; hours shown in another group of the course come along."""
    return _summed(run_id, lambda part: part[0])


def by_kind(run_id: int) -> dict[int, dict[HourKind, int]]:
    """enrolment → kind of hours → accepted minutes; hours shown in another group of the course come along."""
    return _summed(run_id, lambda part: part[1])


def accepted(run_id: int) -> dict[int, int]:
    """enrolment → minutes that evidence was accepted for."""
    return {number: sum(kinds.values()) for number, kinds in by_kind(run_id).items()}


def shown(run_id: int, states: Collection[EvidenceState]) -> dict[int, dict[Part, int]]:
    """enrolment → module and kind of hours → minutes of the evidence in *states*, here and in groups before."""
    rows = db.session.execute(
        select(Evidence.enrolment_id, Evidence.module_id, Evidence.kind, func.sum(Evidence.minutes))
        .join(Enrolment, Enrolment.id == Evidence.enrolment_id)
        .where(Enrolment.run_id == run_id, Evidence.state.in_(states))
        .group_by(Evidence.enrolment_id, Evidence.module_id, Evidence.kind)
    )
    found: dict[int, dict[Part, int]] = defaultdict(lambda: defaultdict(int))
    for number, module_id, kind, minutes in rows.tuples():
        found[number][module_id, kind] = minutes
    for number, brought in brought_along(run_id, partial(shown, states=states)).items():
        for part, minutes in brought.items():
            found[number][part] += minutes
    return found


def _summed(run_id: int, key: Callable[[Part], Key]) -> dict[int, dict[Key, int]]:
    found: dict[int, dict[Key, int]] = {}
    for number, parts in shown(run_id, [EvidenceState.ACCEPTED]).items():
        sums = found[number] = defaultdict(int)
        for part, minutes in parts.items():
            sums[key(part)] += minutes
    return found
