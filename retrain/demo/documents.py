"""Documents of the runs that are over: frozen by the program's own hand, numbered without a gap in each series."""

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from retrain import clock
from retrain.catalogue import queries as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.states import RunState
from retrain.certificates import check_code, freezing, queries, rules
from retrain.certificates.models import Certificate, CertificateEvent, HandOver, NumberCounter
from retrain.certificates.states import CertificateState, EventKind, Ground, ReceivedBy
from retrain.certificates.verification import lookup
from retrain.completion.models import Decision
from retrain.completion.states import Outcome
from retrain.demo.country import Country, Told, moment
from retrain.demo.habits import MAIN
from retrain.demo.rows import Row
from retrain.demo.runs import OVER, Held
from retrain.enrolment.models import Enrolment
from retrain.people import settings
from retrain.people.models import Person
from retrain.people.states import RoleKind

NO_DOCUMENTS = ("to-issue", "to-order")
REVOKED_FOR = "Boshqa shaxsning natijasi adashib kiritilgani aniqlandi."
REPLACED_FOR = "Familiya o‘zgargani sababli almashtirildi."


@dataclass
class Press:
    """What has been numbered so far."""

    country: Country
    numbers: Counter[tuple[int, str, int]] = field(default_factory=Counter)

    def next(self, provider_id: int, series: str, year: int) -> int:
        """The next number of a series."""
        self.numbers[provider_id, series, year] += 1
        return self.numbers[provider_id, series, year]

    def token(self, registration: str, provider_id: int) -> str:
        """What the QR code holds: not to be guessed without the seed, and the same for the same seed."""
        text = f"demo certificate {self.country.seed} {provider_id} {registration}"
        return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode().rstrip("=")


def make(country: Country, runs: list[Held]) -> list[Row]:
    """Issue what was due, run after run in the order of time; which documents were replaced by which."""
    press = Press(country)
    issued = [held for held in runs if held.state in OVER and held.flag not in NO_DOCUMENTS]
    for held in sorted(issued, key=lambda each: (each.last, each.row["id"])):
        _run(press, held, issue_moment(held))
    replaced = _awkward(press, issued)
    for (provider_id, series, year), last in sorted(press.numbers.items()):
        country.rows.add(
            NumberCounter, provider_id=provider_id, series=series, year=year, next_number=last + 1
        )
    return replaced


def issue_moment(held: Held) -> datetime:
    """When a run's documents were issued."""
    return moment(held.last + timedelta(days=6), 14)


def _run(press: Press, held: Held, at: datetime) -> None:
    country = press.country
    officer = country.actors[held.provider, RoleKind.HR_OFFICER]
    with clock.at(at):
        run = catalogue.run(held.code)
        decided = [row for row in queries.decided(run.id) if row[2].outcome is Outcome.COMPLETED]
        made = _issue(press, run, decided, at, officer)
    if not made:
        return
    after = {"count": len(made), "first": made[0]["number"], "series": made[0]["series"]}
    country.happened(at, "certificates.issued", ("run", run.id), officer, after=after)
    share = 1.0 if held.state is RunState.ARCHIVED else 0.5
    for place, row in enumerate(made[: round(len(made) * share)]):
        _hand_over(country, row, at.date() + timedelta(days=2 + place % 20), officer, place)


def _issue(
    press: Press, run: Run, rows: list[tuple[Enrolment, Person, Decision]], at: datetime, officer: Row
) -> list[Row]:
    day = clock.today()
    series = settings.get(run.provider_id, "document_series", day)[run.version.document_type.value]
    issue = freezing.Issue.of(run, day, rows)
    return [_certificate(press, issue, series, row, at, officer) for row in rows]


def _certificate(
    press: Press,
    issue: freezing.Issue,
    series: str,
    row: tuple[Enrolment, Person, Decision],
    at: datetime,
    officer: Row,
    like: freezing.Like | None = None,
) -> Row:
    enrolment, person, decision = row
    run, country = issue.run, press.country
    number = press.next(run.provider_id, series, issue.day.year)
    registration = rules.registration_number(series, issue.day.year, number)
    token = press.token(registration, run.provider_id)
    code = check_code.check_code(lookup.key(), f"{check_code.numbered(series, number)}/{token}")
    numbered = freezing.Numbered(series, number, registration, token, code)
    frozen = freezing.freeze(issue, enrolment, person, decision, numbered, like)
    made = country.rows.add(
        Certificate, enrolment_id=enrolment.id, run_id=run.id, provider_id=run.provider_id,
        document_type=run.version.document_type, series=series, year=issue.day.year, number=number,
        registration_number=registration, token=token, check_code=code, state=CertificateState.ISSUED,
        frozen=frozen, digest=freezing.digest(frozen), design=issue.design, design_version=issue.design_version,
        issued_at=at, issued_by_id=officer["person"]["id"],
    )  # fmt: skip
    _tell(country, made, EventKind.ISSUED, at)
    after = {"number": registration, "digest": made["digest"]}
    country.happened(at, "certificate.issued", ("certificate", made["id"]), officer, after=after)
    facts = {"number": registration, "title": run.version.titles, "url": freezing.check_address(token)}
    about, said = ("certificate", made["id"]), f"certificate.issued:{made['id']}"
    country.told.append(Told(person.id, "certificate.issued", at, facts, about, said))
    return made


def _hand_over(country: Country, row: Row, on: date, officer: Row, place: int) -> None:
    if on >= country.today:
        return
    how = ReceivedBy.PROXY if place % 9 == 4 else ReceivedBy.POST if place % 13 == 6 else ReceivedBy.SELF
    who = {ReceivedBy.PROXY: "Ishonchnoma bo‘yicha hamkasbi", ReceivedBy.POST: f"UZ{100000 + row['id']}"}.get(
        how, ""
    )
    country.rows.add(
        HandOver, certificate_id=row["id"], on_date=on, received_by=how, who=who,
        recorded_by_id=officer["person"]["id"],
    )  # fmt: skip
    row["state"] = CertificateState.HANDED_OVER
    after = {"on": on.isoformat(), "how": how, "who": who}
    country.happened(
        moment(on, 16), "certificate.handed_over", ("certificate", row["id"]), officer, after=after
    )


def _awkward(press: Press, issued: list[Held]) -> list[Row]:
    """One document revoked; one replaced, because its holder has another name now. Both of the demo officer's."""
    country = press.country
    of_run = country.rows.of(Certificate)
    first = next(held for held in issued if held.provider == MAIN)
    bad = next(row for row in of_run if row["run_id"] == first.row["id"])
    officer = country.actors[first.provider, RoleKind.HR_OFFICER]
    _end(country, bad, CertificateState.REVOKED, country.today - timedelta(days=60), REVOKED_FOR, officer, {})
    renamed = country.by_hand["moved"]["id"]
    holders = {row["id"]: row["teacher_id"] for row in country.rows.of(Enrolment)}
    old = next(row for row in of_run if holders[row["enrolment_id"]] == renamed)
    held = next(held for held in issued if held.row["id"] == old["run_id"])
    return [{"id": old["id"], "replaced_by_id": _replace(press, old, held)["id"]}]


def _replace(press: Press, old: Row, held: Held) -> Row:
    country = press.country
    officer = country.actors[held.provider, RoleKind.HR_OFFICER]
    at = moment(country.today - timedelta(days=9), 15)
    with clock.at(at):
        run = catalogue.run(held.code)
        row = next(row for row in queries.decided(run.id) if row[0].id == old["enrolment_id"])
        issue = freezing.Issue.of(run, clock.today(), [row])
        changed = rules.put_right(Ground.NAME_CHANGED, ())
        like = freezing.like(old["frozen"], issue, row, changed)
        new = _certificate(press, issue, old["series"], row, at, officer, like)
    more = {"by": new["registration_number"], "ground": Ground.NAME_CHANGED, "changed": sorted(changed)}
    on = country.today - timedelta(days=9)
    _end(country, old, CertificateState.REPLACED, on, REPLACED_FOR, officer, more)
    return new


def _end(
    country: Country, row: Row, to: CertificateState, on: date, why: str, officer: Row, more: Row
) -> None:
    before = row["state"]
    row.update(state=to, ended_on=on, end_reason=why)
    _tell(country, row, EventKind(to.value), moment(on, 15, 5))
    country.happened(
        moment(on, 15, 5), f"certificate.{to}", ("certificate", row["id"]), officer,
        before={"state": before}, after={"state": to, **more}, why=why,
    )  # fmt: skip


def _tell(country: Country, row: Row, kind: EventKind, at: datetime) -> None:
    """What the public log is to tell of a document."""
    salt = hashlib.sha256(f"demo salt {country.seed} {row['token']} {kind}".encode()).hexdigest()[:32]
    country.rows.add(CertificateEvent, certificate_id=row["id"], kind=kind, at=at, salt=salt)
