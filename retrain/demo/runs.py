"""Some seventy runs in every state, over the year before the country's day and the months after it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from retrain.catalogue import defaults, keys
from retrain.catalogue.models import Run
from retrain.catalogue.states import CourseKind, RunState, StudyForm
from retrain.demo.country import Country, moment
from retrain.demo.rows import Row
from retrain.people.settings import KEYS
from retrain.people.states import RoleKind

# course, weeks from this week's Monday to the first day, flags
_PLAN: dict[RunState, str] = {
    RunState.ARCHIVED: (
        "IT -46; IT-4 -52; EL -44; PE -40 teacher; RD -38 moved; AV -36; PV -42; TQ -41; TL -37; XF -30; PE-5 -27; AG-2 -26"
    ),
    RunState.FINISHED: (
        "IT -16 failed; EL -12; IT-2 -9; AV-3 -14 saturday; PE-3 -13; PE -7 to-issue; RD -5 to-order; TQ-2 -10; "
        "PV-2 -9; AG -11; XF-2 -6"
    ),
    RunState.RUNNING: (
        "IT -2 main; EL -3 late-order; RD -1 no-order; IT-3 -4; PE -1 to-exclude; IT-4 -9 changed; "
        "PV -1; TQ-3 -5; AG-4 -3; TL -1; AV -4 to-close"
    ),
    RunState.CONFIRMED: "IT-2 1; EL-3 1; TQ 2; AV 2 planned",
    RunState.PUBLISHED: (
        "RD 1 soon; IT 3 one-left; TL-2 8 waiting; RD-2 2 signed; EL 4 by-both; PE 5 by-college; PV-3 3 by-provider; "
        "EL-2 4; AG 4; TL 5; AV-3 6; XF 2; PE-4 7; IT-6 12; IT-2 6 round-done; RD-2 5 round-done; EL 7 round-closed; "
        "PE 8 round-closed; IT-2 10 round-open; RD-2 10 round-open; RD 11 round-draft"
    ),
    RunState.DRAFT: "IT-3 8; EL 10; PE-3 9; TQ-2 8; RD 9",
    RunState.CANCELLED: "PV-3 -20; AG-3 -3; XF-3 2; PE 6 moved-on",
}  # fmt: skip
OVER = (RunState.FINISHED, RunState.ARCHIVED)
BEGUN = (RunState.RUNNING, *OVER)
CANCELLED_FOR = "Ustaxona ta’mirlanmoqda, kurs keyingi chorakka ko‘chirildi."


@dataclass
class Held:
    """A run with everything that hangs on it while the country is made."""

    row: Row
    course: Row
    flag: str
    members: list[Row] = field(default_factory=list)
    gone: list[Row] = field(default_factory=list)
    sessions: list[Row] = field(default_factory=list)
    told: list[tuple[Row, str, datetime]] = field(default_factory=list)

    @property
    def code(self) -> str:
        return str(self.row["code"])

    @property
    def provider(self) -> str:
        """The provider's code."""
        return str(self.course["provider"])

    @property
    def state(self) -> RunState:
        return RunState(self.row["state"])

    @property
    def in_round(self) -> bool:
        """Whether an allocation round gives its places (see ``rounds``)."""
        return self.flag.startswith("round-")

    @property
    def first(self) -> date:
        day: date = self.row["starts_on"]
        return day

    @property
    def last(self) -> date:
        day: date = self.row["ends_on"]
        return day


def make(country: Country, courses: dict[str, Row]) -> list[Held]:
    """The runs, numbered within each field in the order of their first days."""
    wanted = []
    for state, text in _PLAN.items():
        for entry in text.split(";"):
            words = entry.split()
            wanted.append((int(words[1]), words[0], state, "".join(words[2:])))
    numbers: dict[str, int] = {}
    chance = country.chance("runs")
    found = []
    for weeks, course_code, state, flag in sorted(wanted):
        prefix = defaults.run_prefix(course_code)
        numbers[prefix] = numbers.get(prefix, 0) + 1
        code = f"{prefix}-{numbers[prefix]:03d}"
        found.append(_run(country, chance, courses[course_code], code, state, weeks, flag))
    return found


def _run(
    country: Country, chance: Random, course: Row, code: str, state: RunState, weeks: int, flag: str
) -> Held:
    first = country.monday + timedelta(weeks=weeks)
    opens, closes, made = _window(country, first, state)
    version, provider = course["version"], country.organisations[course["provider"]]
    language = version["languages"][0]
    place = "Masofadan" if version["form"] == StudyForm.DISTANCE else provider["address"]
    names = country.names[provider["id"]].values()
    group = defaults.group_name(code)
    places = chance.choice((20, 24, 25, 25, 30))
    curator = country.actors[course["provider"], f"curator{chance.choice(('', '1'))}"]
    if flag == "main":
        curator = country.actors[course["provider"], RoleKind.CURATOR]
    row = country.rows.add(
        Run, code=code, course_version_id=version["id"], provider_id=provider["id"], state=state,
        kind=course["course"]["kind"], region=provider["region"], hours=version["hours"], starts_on=first,
        ends_on=defaults.last_day(first, version["hours"]), places=places, enrolment_opens=opens,
        enrolment_closes=closes, language=language, form=version["form"], group_name=group,
        curator_id=curator["person"]["id"], place_text=place, term=defaults.term(first),
        policy=_policy(version, course["course"]["kind"]) if state is not RunState.DRAFT else {},
        search_key=keys.of_run(code, version["search_key"], group, place, " ".join(names)),
        sort_key=version["sort_key"], created_at=made,
        published_at=made + timedelta(days=2) if state is not RunState.DRAFT else None,
    )  # fmt: skip
    held = Held(row, course, flag)
    _tell(country, held)
    return held


def _policy(version: Row, kind: CourseKind) -> dict[str, Any]:
    """What publishing copies onto a run: the course's policy and the provider's usual steps of warnings."""
    return dict(version["policy"]) | {"warnings": list(KEYS["absence_warnings"].default[kind])}


def _window(country: Country, first: date, state: RunState) -> tuple[datetime, datetime, datetime]:
    """When enrolment opens and closes, and when the run was made."""
    opens = moment(first - timedelta(days=70), 9)
    closes = moment(first - timedelta(days=3), 23, 59)
    made = min(opens - timedelta(days=6), country.now - timedelta(days=4))
    if state is RunState.DRAFT:
        made = country.now - timedelta(days=2)
    return opens, closes, made


def _tell(country: Country, held: Held) -> None:
    """The moves of a run into the trail; those that an order or a closing makes are told there."""
    row, coordinator = held.row, country.actors[held.provider, RoleKind.COORDINATOR]
    subject = ("run", row["id"])
    after = {"code": held.code, "starts_on": held.first.isoformat(), "places": row["places"]}
    country.happened(row["created_at"], "run.opened", subject, coordinator, after=after)
    if row["published_at"]:
        moved(country, held, row["published_at"], RunState.DRAFT, RunState.PUBLISHED)
    if held.state is RunState.CANCELLED:
        at = min(moment(held.first - timedelta(days=10), 16), country.now - timedelta(days=1))
        row["cancel_reason"] = CANCELLED_FOR
        moved(country, held, at, RunState.PUBLISHED, RunState.CANCELLED, CANCELLED_FOR)
        held.row["lock"] += 1
    if held.state is RunState.ARCHIVED:
        at = moment(held.last + timedelta(days=40), 10)
        moved(country, held, at, RunState.FINISHED, RunState.ARCHIVED)


def moved(
    country: Country, held: Held, at: datetime, before: RunState, after: RunState, why: str | None = None
) -> None:
    """One move of a run."""
    held.row["lock"] += 1
    country.happened(
        at, "run.moved", ("run", held.row["id"]), country.actors[held.provider, RoleKind.COORDINATOR],
        before={"state": before}, after={"state": after}, why=why,
    )  # fmt: skip
