"""What runs ask and promise, and what became of it: terms, consent, quotas, offers, moves, money, the dormitory."""

from datetime import datetime, timedelta
from itertools import cycle

from retrain.demo.country import Country, day_of, moment
from retrain.demo.enrolling import Pool, call_off, called_off_at, change, enrol
from retrain.demo.rows import Row
from retrain.demo.runs import CANCELLED_FOR, Held
from retrain.demo.staff import HOME, actor_of
from retrain.enrolment.models import Approval, Enrolment, Quota, Terms
from retrain.enrolment.states import Consent, Funding, Lodging, QuotaSort, Side, Source, State, Way
from retrain.enrolment.terms import FIELDS, USUAL
from retrain.people.states import RoleKind

MAP = "https://www.openstreetmap.org/?mlat=41.3111&mlon=69.2797#map=16/41.3111/69.2797"
TO_BRING = "Pasport, texnikum buyrug‘ining nusxasi, noutbuk."
PRICE = 1_850_000
CONSENT = {"by-both": Consent.BOTH, "by-college": Consent.COLLEGE, "by-provider": Consent.PROVIDER}
"""The flags of runs that ask for consent; people wait for an answer there."""

ILL = "Xodim kasallik ta’tiliga chiqdi, o‘rniga hamkasbi boradi."
OTHER_MONTH = "Texnikumda imtihonlar shu oyga to‘g‘ri keldi."
BUSY = "O‘quv jarayoni uchun o‘rniga o‘qituvchi topilmadi."


def make(country: Country, runs: list[Held], pool: Pool, home: list[Row]) -> None:
    """Everything that is agreed on before a course begins. *home*: free teachers of the home college."""
    by_flag = {held.flag: held for held in runs if held.flag}
    for flag, held in by_flag.items():
        if flag in CONSENT:
            _terms(country, held, consent=CONSENT[flag], lodging=flag == "by-both", with_release=True,
                   funding=Funding.OWN if flag == "by-provider" else Funding.BUDGET,
                   price=PRICE if flag == "by-provider" else None, map_url=MAP, to_bring=TO_BRING)  # fmt: skip
            _consents(country, held, pool, home)
    for held in (by_flag["waiting"], by_flag["soon"]):
        _terms(country, held, with_release=True, withdraw_days=3, map_url=MAP, to_bring=TO_BRING)
    _transfer(country, by_flag["by-both"], by_flag["by-college"])
    _quotas(country, by_flag["by-both"])
    _money(by_flag["by-both"])
    _dormitory(by_flag["by-both"])
    _offer(country, by_flag["waiting"])
    _substitute(country, by_flag["by-college"], home.pop())
    _move_all(country, by_flag["moved-on"], by_flag["by-college"])


def terms_of(country: Country, held: Held, way: Way) -> None:
    """The usual terms with another way in."""
    _terms(country, held, way=way)


def _terms(country: Country, held: Held, **changed: object) -> None:
    facts = {name: getattr(USUAL, name) for name in FIELDS} | changed
    country.rows.add(Terms, run_id=held.row["id"], **facts)
    at = held.row["published_at"] or held.row["created_at"]
    coordinator = country.actors[held.provider, RoleKind.COORDINATOR]
    country.happened(at, "terms.set", ("run", held.row["id"]), coordinator, after=facts)


def _consents(country: Country, held: Held, pool: Pool, home: list[Row]) -> None:
    """Whoever has a place was consented to; some wait for an answer, one of them not much longer."""
    sides = sorted(CONSENT[held.flag].sides)
    for hours in (50, 53):
        enrol(country, held, home.pop(), country.now - timedelta(hours=hours), Source.SELF, has_place=True)
    for member in held.members:
        for side in sides:
            at = member["row"]["requested_at"]
            _approval(country, held, member["teacher"], side, at - timedelta(hours=5), given=True)
    asking = [home.pop() for _ in range(3)] + pool.take(held, held.row["region"], 3)
    for number, teacher in enumerate(asking):
        at = country.now - timedelta(hours=20 * number + 16)
        soon = number == len(asking) - 1
        lapses = (
            country.now + timedelta(hours=4)
            if soon
            else moment(country.today + timedelta(days=8 - number), 16)
        )
        _request(country, held, teacher, at, lapses, country.now - timedelta(hours=15) if soon else None)
        for place, side in enumerate(sides):
            answered = len(sides) > 1 and place == number % 2 and not soon
            _approval(country, held, teacher, side, at, given=True if answered else None)
    if Side.COLLEGE in sides:
        refused = home.pop()
        _approval(
            country, held, refused, Side.COLLEGE, country.now - timedelta(days=3), given=False, why=BUSY
        )


def _request(
    country: Country, held: Held, teacher: Row, at: datetime, lapses: datetime, reminded: datetime | None
) -> None:
    row = country.rows.add(
        Enrolment, run_id=held.row["id"], teacher_id=teacher["id"], organisation_id=teacher["college"]["id"],
        state=State.REQUESTED, source=Source.SELF, requested_at=at, changed_at=at, lapses_at=lapses,
        reminded_at=reminded, funding=Funding.OWN if held.flag == "by-provider" else Funding.BUDGET,
    )  # fmt: skip
    own = actor_of(teacher["person"], RoleKind.TEACHER, teacher["college"]["id"])
    after = {"run": held.code, "state": row["state"], "position": None, "source": Source.SELF}
    country.happened(at, "enrolment.created", ("enrolment", row["id"]), own, after=after)


def _approval(
    country: Country, held: Held, teacher: Row, side: Side, asked: datetime, given: bool | None, why: str | None = None
) -> None:  # fmt: skip
    """One side's answer, or that it is asked for; a college may say so ahead of the teacher."""
    asked_at = min(asked, country.now - timedelta(hours=15))
    decided = None if given is None else asked_at + timedelta(hours=4)
    place = teacher["college"]["code"], RoleKind.COLLEGE_HR
    actor = country.actors[place if side is Side.COLLEGE else (held.provider, RoleKind.COORDINATOR)]
    row = country.rows.add(
        Approval, run_id=held.row["id"], teacher_id=teacher["id"], side=side, given=given, asked_at=asked_at,
        decided_at=decided, by_id=actor["person"]["id"] if decided else None, reason=why,
    )  # fmt: skip
    if decided:
        after = {"run": held.code, "teacher": teacher["id"], "side": side, "given": given}
        country.happened(decided, "consent.answered", ("approval", row["id"]), actor, after=after, why=why)


def _quotas(country: Country, held: Held) -> None:
    """Places kept for the home college, and at most so many of each of the regions that came most."""
    home = country.organisations[HOME]["id"]
    of_home = [member for member in held.members if member["row"]["organisation_id"] == home]
    _quota(country, held, QuotaSort.SET_ASIDE, f"college:{home}", of_home, len(of_home) + 2)
    regions: dict[str, list[Row]] = {}
    for member in held.members:
        if member not in of_home:
            regions.setdefault(member["teacher"]["college"]["region"], []).append(member)
    for region, members in sorted(regions.items(), key=lambda each: (-len(each[1]), each[0]))[:2]:
        _quota(country, held, QuotaSort.CEILING, f"region:{region}", members, len(members) + 1)


def _quota(country: Country, held: Held, sort: QuotaSort, of: str, members: list[Row], places: int) -> None:
    releases = moment(held.first - timedelta(days=14), 9) if sort is QuotaSort.SET_ASIDE else None
    row = country.rows.add(
        Quota,
        run_id=held.row["id"],
        sort=sort,
        of=of,
        places=places,
        taken=len(members),
        releases_at=releases,
    )
    for member in members:
        member["row"]["taken_from"] = [*member["row"]["taken_from"], row["id"]]
    after = {"run": held.code, "sort": sort, "of": of, "places": places}
    coordinator = country.actors[held.provider, RoleKind.COORDINATOR]
    country.happened(
        held.row["published_at"] + timedelta(hours=1),
        "quota.set",
        ("quota", row["id"]),
        coordinator,
        after=after,
    )


def _money(held: Held) -> None:
    """The budget pays for most; colleges and teachers pay too, and two have not yet."""
    for number, member in enumerate(held.members):
        row = member["row"]
        if number % 5 not in (1, 2):
            continue
        row["funding"] = Funding.COLLEGE if number % 5 == 1 else Funding.OWN
        row["price"], row["contract"] = PRICE, f"SH-{held.row['id']}/{number}"
        if number % 4:
            row["paid_on"] = day_of(row["requested_at"]) + timedelta(days=1)


def _dormitory(held: Held) -> None:
    """Asked for, given, refused."""
    for member, lodging in zip(
        held.members[:6], cycle((Lodging.ASKED, Lodging.GIVEN, Lodging.REFUSED)), strict=False
    ):
        member["row"]["lodging"] = lodging


def _offer(country: Country, held: Held) -> None:
    """Somebody gave their place up yesterday: it is offered to the first who waits."""
    at = country.now - timedelta(hours=17)
    member = next(each for each in held.members if not country.is_by_hand(each["teacher"]))
    own = actor_of(member["teacher"]["person"], RoleKind.TEACHER, member["teacher"]["college"]["id"])
    change(country, held, member["row"], at, State.WITHDRAWN, own, "Oilaviy sharoit.")
    member["row"]["until"] = max(day_of(at), member["row"]["since"])
    held.members.remove(member)
    first = min(
        (row for row in country.rows.of(Enrolment) if row["run_id"] == held.row["id"] and row["position"]),
        key=lambda row: row["position"],
    )
    change(country, held, first, at, State.OFFERED, None)
    first["offer_expires_at"] = country.now + timedelta(hours=34)


def _substitute(country: Country, held: Held, colleague: Row) -> None:
    """A college sends a colleague in somebody's stead."""
    at = country.now - timedelta(days=2, hours=-3)
    member = next(each for each in held.members if each["teacher"]["college"]["code"] == HOME)
    office = country.actors[HOME, RoleKind.COLLEGE_HR]
    _instead(country, held, member, at, State.SUBSTITUTED, office, ILL, held, colleague, Source.SUBSTITUTION)


def _transfer(country: Country, held: Held, to: Held) -> None:
    """One asked for another run."""
    at = country.now - timedelta(days=1, hours=-2)
    member = next(each for each in held.members if each["teacher"]["college"]["code"] != HOME)
    actor = country.actors[held.provider, RoleKind.COORDINATOR]
    teacher = member["teacher"]
    _instead(country, held, member, at, State.TRANSFERRED, actor, OTHER_MONTH, to, teacher, Source.TRANSFER)


def _move_all(country: Country, held: Held, to: Held) -> None:
    """A run that is called off offers each of its people another; three took it, the others are told."""
    at = called_off_at(country, held)
    actor = country.actors[held.provider, RoleKind.COORDINATOR]
    for member in held.members[:3]:
        _instead(
            country, held, member, at, State.TRANSFERRED, actor, CANCELLED_FOR, to, member["teacher"],
            Source.TRANSFER,
        )  # fmt: skip
    call_off(country, held)


def _instead(
    country: Country, held: Held, member: Row, at: datetime, state: State, actor: Row, why: str, to: Held,
    teacher: Row, source: Source,
) -> None:  # fmt: skip
    """Somebody leaves a run, and *teacher* has a place on *to* instead."""
    old = member["row"]
    change(country, held, old, at, state, actor, why)
    old["until"] = max(day_of(at), old["since"])
    held.members.remove(member)
    held.row["taken"] -= 1
    if to.row["taken"] >= to.row["places"]:
        raise ValueError(f"{to.code} has no place left for whoever comes by {source}")
    new = enrol(country, to, teacher, at, source, has_place=True)
    to.told.pop()  # messages of moves have facts of their own
    new.update(instead_of_id=old["id"], nomination_id=old["nomination_id"] if held is to else None)
