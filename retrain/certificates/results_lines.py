"""What somebody was given points for, as their document says it: at the end, and module by module."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.certificates.frozen import ModuleLine
from retrain.completion import queries as completion
from retrain.completion import rules
from retrain.completion.rules import Graded
from retrain.completion.wording import grade
from retrain.language import pick
from retrain.people import settings


@dataclass(frozen=True)
class Results:
    """The plan of a run, what each of its assessments is of, and what points are called; read once for a group."""

    language: str
    modules: Sequence[tuple[int, str, int]]
    """Number, name and hours of each."""
    module_of: Mapping[int, int]
    grades: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, run: Run, day: date) -> "Results":
        """Those of a run as they hold on *day*."""
        plan = catalogue.with_modules(run.course_version_id).modules
        return cls(
            language=run.language,
            modules=[(row.id, pick(row.titles, run.language), sum(row.hours.values())) for row in plan],
            module_of={row.id: row.module_id for row in completion.assessments(run.id) if row.module_id},
            grades=settings.get(run.provider_id, "grade_words", day),
        )

    def final(self, facts: Mapping[str, Any]) -> str:
        """The mark that somebody ended with: its points, and what they are called."""
        return self._said(facts.get("final_mark"))

    def lines(self, facts: Mapping[str, Any]) -> tuple[ModuleLine, ...]:
        """Each module of the plan with its hours and the points it was decided by; several of one weigh as planned."""
        given: dict[int, list[Graded]] = defaultdict(list)
        for one in facts.get("results", ()):
            if module_id := self.module_of.get(one["assessment_id"]):
                given[module_id].append(Graded(**one))
        return tuple(
            ModuleLine(name, hours, self._said(rules.final_mark(given[number])))
            for number, name, hours in self.modules
        )

    def _said(self, points: int | None) -> str:
        if points is None:
            return ""
        called = grade(self.grades, points, self.language)
        return f"{points} ({called})" if called else str(points)
