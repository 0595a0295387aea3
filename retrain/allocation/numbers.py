"""The outcome of a round as pages show it: counted, drawn to scale, and as a list that is read page by page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retrain.allocation import queries, wording
from retrain.allocation.giving import pool_name
from retrain.allocation.models import AllocationRound
from retrain.allocation.states import RoundState
from retrain.language import pick
from retrain.people import queries as people
from retrain.people.wording import REGIONS
from retrain.web.language import current_language

BAR = 1000
"""How wide the drawing of the longest row is."""


def of_round(found: AllocationRound) -> dict[str, Any] | None:
    """The numbers of the places given, or of the last trial; None while nothing was reckoned."""
    result = _result(found)
    if result is None:
        return None
    at = datetime.fromisoformat(result["at"]) if result.get("at") else found.done_at
    colleges = _colleges(result)
    widest = max([max(run["places"], run["wished"]) for run in result["runs"]], default=0) or 1
    return {
        "teachers": result["teachers"], "given": result["given"], "none": result["teachers"] - result["given"],
        "places": result["places"], "at": at, "digest": result["digest"],
        "final": found.state is RoundState.PUBLISHED and at is not None and at >= found.closes_at,
        "wishes": [(int(number), many) for number, many in sorted(result["wishes"].items())],
        "regions": [
            {"name": str(REGIONS.get(region, region)) or "—", "asked": asked, "given": given}
            for region, asked, given in result["regions"]
        ],
        "runs": [_run(run, widest, colleges) for run in result["runs"]],
    }  # fmt: skip


def _result(found: AllocationRound) -> dict[str, Any] | None:
    job = queries.last_trial(found.id)
    if job is not None and job.result and found.state is not RoundState.DONE:
        return job.result
    if found.state is not RoundState.DONE:
        return None
    if job is not None and job.result and job.result["digest"] == found.digest:
        return job.result
    return _counted_again(found)


def _counted_again(found: AllocationRound) -> dict[str, Any]:
    """The numbers of a round done long ago, whose long work is forgotten: from what everybody was told."""
    wished, first, given, wishes = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    rows = queries.outcomes(found.id)
    for row in rows:
        for number, told in enumerate(row.reasons):
            wished[told["run"]] += 1
            first[told["run"]] += number == 0
            if told["code"] == "given":
                given[told["run"]] += 1
                wishes[str(told["wish"])] += 1
    return {
        "teachers": len(rows), "given": given.total(), "places": given.total(), "digest": found.digest,
        "wishes": dict(wishes), "regions": [],
        "runs": [
            {
                "run": code, "wished": wished[code], "first": first[code], "places": given[code],
                "given": given[code], "pools": [], "ceilings": [],
            }
            for code in sorted(wished)
        ],
    }  # fmt: skip


def _colleges(result: dict[str, Any]) -> dict[int, str]:
    """The names of the colleges that quotas speak of."""
    groups = {group for run in result["runs"] for group, _places, _given in [*run["pools"], *run["ceilings"]]}
    numbers = [int(group.partition(":")[2]) for group in groups if group.startswith("college:")]
    language = current_language()
    return {number: pick(names, language) for number, names in people.organisation_names(numbers).items()}


def _run(run: dict[str, Any], widest: int, colleges: dict[int, str]) -> dict[str, Any]:
    quotas = [
        {"name": wording.group_name(pool, colleges), "sort": "aside", "places": places, "given": given}
        for pool, places, given in run["pools"]
        if pool_name(pool)
    ] + [
        {"name": wording.group_name(group, colleges), "sort": "ceiling", "places": places, "given": given}
        for group, places, given in run["ceilings"]
    ]
    scale = {name: round(BAR * run[name] / widest, 1) for name in ("given", "places", "wished")}
    return {**run, "code": run["run"], "quotas": quotas, "bar": scale}


@dataclass(frozen=True)
class OutcomePage:
    """A page of who got what."""

    items: Sequence[tuple[int, str | None, int | None, str | None]]
    page: int
    total: int
    per_page: int

    @property
    def pages(self) -> int:
        return -(-self.total // self.per_page)

    def iter_pages(self, **_edges: int) -> list[int | None]:
        """The numbers of the pages near this one, None where some are left out."""
        near = [
            number
            for number in range(1, self.pages + 1)
            if number in (1, self.pages) or abs(number - self.page) < 2
        ]
        found: list[int | None] = []
        for number in near:
            if found and found[-1] is not None and number > found[-1] + 1:
                found.append(None)
            found.append(number)
        return found


def page_of(found: AllocationRound, run: str, page: int, per_page: int) -> OutcomePage:
    """A page of the list; *run*: only that run's, ``none``: only those who got nothing."""
    lines = _lines(found)
    if run:
        lines = [line for line in lines if (line[1] or "none") == run]
    start = (page - 1) * per_page
    return OutcomePage(lines[start : start + per_page], page, len(lines), per_page)


def _lines(found: AllocationRound) -> list[tuple[int, str | None, int | None, str | None]]:
    if found.state is not RoundState.DONE:
        return [(line[0], line[1], line[2], line[3]) for line in (_result(found) or {}).get("list", [])]
    lines = []
    for row in queries.outcomes(found.id):
        got = next((told for told in row.reasons if told["code"] == "given"), None)
        if got is None:
            lines.append((row.teacher_id, None, None, None))
        else:
            lines.append((row.teacher_id, got["run"], got["wish"], got["facts"].get("pool")))
    return sorted(lines, key=lambda line: (line[1] is None, line[1] or "", line[0]))


def rows_of(lines: Sequence[tuple[int, str | None, int | None, str | None]]) -> list[dict[str, Any]]:
    """The lines with names, as the table shows them."""
    names = queries.names_of([line[0] for line in lines])
    language = current_language()
    colleges = {
        number: pick(texts, language)
        for number, texts in people.organisation_names({college for _, college in names.values()}).items()
    }
    return [
        {
            "name": names[teacher][0] if teacher in names else "—",
            "college": colleges.get(names[teacher][1] or 0, "") if teacher in names else "",
            "run": run,
            "wish": wording.wish_number(wish) if wish else "",
            "pool": wording.group_name(group, colleges) if (group := pool_name(pool)) else "",
        }
        for teacher, run, wish, pool in lines
    ]
