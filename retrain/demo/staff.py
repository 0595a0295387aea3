"""Who works at the providers and offices, and the demo accounts, one for each role."""

from datetime import date, timedelta
from functools import cache
from random import Random

from retrain.demo.country import DOMAIN, Country, Told, moment
from retrain.demo.habits import MAIN
from retrain.demo.names import Name, invented
from retrain.demo.places import LONG_AGO, MINISTRY
from retrain.demo.rows import Row
from retrain.language.keys import search_key, sort_key
from retrain.people.models import Person, PersonName, Role
from retrain.people.states import RoleKind, Script, Sex
from retrain.timetable.models import Lecturer

HOME, CENTRE, SECOND = "TK-04", "C-SU", "U-SA"
"""The college of the demo accounts, the regional centre of one, and where a lecturer of the first also teaches."""

LECTURERS = 7
_PER_PROVIDER = (
    RoleKind.COORDINATOR, RoleKind.CURATOR, RoleKind.CURATOR, RoleKind.SECRETARY, RoleKind.HR_OFFICER,
    RoleKind.SIGNATORY, *(RoleKind.LECTURER,) * LECTURERS,
)  # fmt: skip
_POSTS = ("dotsent", "katta o‘qituvchi", "professor", "o‘qituvchi")


def make(country: Country) -> None:
    """Everybody who has a role."""
    chance = country.chance("staff")
    for code, organisation in country.organisations.items():
        if organisation["is_provider"]:
            for kind in _PER_PROVIDER:
                _employee(country, chance, code, kind)
        elif organisation["kind"] == "college" and code != HOME:
            _employee(country, chance, code, RoleKind.COLLEGE_HR)
    _employee(country, chance, HOME, RoleKind.COLLEGE_HR)
    _employee(country, chance, CENTRE, RoleKind.REGIONAL_CENTRE)
    _employee(country, chance, "C-QA", RoleKind.REGIONAL_CENTRE)
    _employee(country, chance, MINISTRY, RoleKind.MINISTRY)
    _employee(country, chance, MINISTRY, RoleKind.ADMINISTRATOR)
    _at_two_universities(country)
    _lend(country)


_ACCOUNT_AT = {
    RoleKind.COLLEGE_HR: HOME, RoleKind.REGIONAL_CENTRE: CENTRE, RoleKind.MINISTRY: MINISTRY,
    RoleKind.ADMINISTRATOR: MINISTRY,
}  # fmt: skip


def _employee(country: Country, chance: Random, code: str, kind: RoleKind) -> None:
    """A person with a role; the first of its kind where the demo accounts are becomes one."""
    account = code == _ACCOUNT_AT.get(kind, MAIN) and kind not in country.accounts
    sex = chance.choice(list(Sex))
    number = sum(1 for other in country.actors if other[0] == code and other[1].startswith(kind.value))
    login = kind.value.replace("_", "-") + (f"{number + 1}" if number else "")
    email = f"{login}@{DOMAIN}" if account else f"{login}.{code.lower()}@{DOMAIN}"
    born = country.today - timedelta(days=410)
    row = person(
        country, invented(chance, sex), since=born, email=email, language=chance.choice(("uz", "uz", "ru"))
    )
    activate(country, row, born)
    if account:
        row["language"] = "uz"
        country.accounts[kind] = row
    acting = give_role(country, row, kind, code, born)
    country.actors[code, f"{kind.value}{number or ''}"] = acting
    if kind is RoleKind.LECTURER:
        lecturer(country, row, code, chance.choice(_POSTS))


def _at_two_universities(country: Country) -> None:
    """One lecturer also teaches where other bells ring (see ``awkward``)."""
    row = country.actors[MAIN, "lecturer1"]["person"]
    give_role(country, row, RoleKind.LECTURER, SECOND, country.today - timedelta(days=380))
    lecturer(country, row, SECOND, "o‘rindosh")


def _lend(country: Country) -> None:
    """The signatory is away this week: a curator may sign in their place."""
    by, to = country.actors[MAIN, "signatory"], country.actors[MAIN, "curator1"]["person"]
    own = next(row for row in country.rows.of(Role) if row["person_id"] == by["person"]["id"])
    since, until = country.today - timedelta(days=2), country.today + timedelta(days=5)
    role = country.rows.add(
        Role, person_id=to["id"], kind=own["kind"], organisation_id=own["organisation_id"], since=since,
        until=until, delegated_by_id=own["person_id"], delegated_from_id=own["id"], granted_by_id=own["person_id"],
    )  # fmt: skip
    days = {"since": since.isoformat(), "until": until.isoformat()}
    after = {"person": to["id"], "kind": own["kind"], "organisation": own["organisation_id"], **days}
    at = moment(since, 9)
    country.happened(at, "role.delegated", ("role", role["id"]), by, after={**after, "by": own["person_id"]})
    name = f"{by['person']['family']} {by['person']['given']}"
    facts, about = {"by": name, **days, "path": "/act-as"}, ("role", role["id"])
    said = f"role.delegated:{role['id']}"
    country.told.append(Told(to["id"], "people.role_delegated", at, facts, about, said))


def person(
    country: Country,
    name: Name,
    *,
    since: date,
    email: str | None = None,
    phone: str | None = None,
    contact: str | None = None,
    language: str = "uz",
    cyrillic: Name | None = None,
) -> Row:
    """A person with a name in both scripts, who has not signed in yet."""
    row = country.rows.add(
        Person, email=email, phone=phone, contact_email=contact or email, contact_phone=phone,
        language=language, family=name.family, given=name.given, patronymic=name.patronymic,
        sort_key="", search_key="", created_at=moment(since, 9), is_demo=True,
    )  # fmt: skip
    _name(country, row, Script.LATIN, name, LONG_AGO)
    _name(country, row, Script.CYRILLIC, cyrillic or name.cyrillic(), LONG_AGO)
    _set_keys(row, [name, cyrillic or name.cyrillic()])
    return row


def _name(country: Country, row: Row, script: Script, name: Name, valid_from: date) -> None:
    country.rows.add(
        PersonName, person_id=row["id"], script=script, family=name.family, given=name.given,
        patronymic=name.patronymic, valid_from=valid_from,
    )  # fmt: skip


def call(country: Country, row: Row, name: Name) -> None:
    """Give a person another name instead of the one they got by lot."""
    row.update(family=name.family, given=name.given, patronymic=name.patronymic)
    other = name.cyrillic()
    for kept in country.rows.of(PersonName):
        if kept["person_id"] == row["id"]:
            said = name if kept["script"] is Script.LATIN else other
            kept.update(family=said.family, given=said.given, patronymic=said.patronymic)
    _set_keys(row, [name, other])


def rename(country: Country, row: Row, name: Name, valid_from: date) -> None:
    """A person's new name from a day on; they are still found by the old one."""
    old = Name(row["family"], row["given"], row["patronymic"])
    _name(country, row, Script.LATIN, name, valid_from)
    _name(country, row, Script.CYRILLIC, name.cyrillic(), valid_from)
    row.update(family=name.family, given=name.given, patronymic=name.patronymic)
    _set_keys(row, [name, old, name.cyrillic(), old.cyrillic()])


def _set_keys(row: Row, names: list[Name]) -> None:
    row["sort_key"] = _BETWEEN.join(_sort_key(word) for word in names[0].full.split())[:600]
    found = (" ".join(_search_key(word) for word in name.full.split()) for name in names)
    row["search_key"] = " | ".join(dict.fromkeys(found))[:1000]


# A few hundred words make all the names, so each word's keys are made once.
_sort_key, _search_key = cache(sort_key), cache(search_key)
_BETWEEN = sort_key("a a").removeprefix(sort_key("a")).removesuffix(sort_key("a"))


def activate(country: Country, row: Row, on: date) -> None:
    """The person has signed in for the first time, with the password of all demo accounts."""
    row["activated_at"] = moment(on, 12)
    row["password_hash"] = country.password_hash


def give_role(country: Country, row: Row, kind: RoleKind, code: str, since: date) -> Row:
    """A role; returned with the person, as an actor of the trail."""
    organisation = country.organisations[code]
    role = country.rows.add(
        Role, person_id=row["id"], kind=kind, organisation_id=organisation["id"], since=since
    )
    at = moment(since, 9, 30)
    country.happened(at, "role.granted", ("role", role["id"]), after={"kind": kind, "organisation": code})
    return {"person": row, "role": kind.value, "organisation_id": organisation["id"]}


def lecturer(country: Country, row: Row, code: str, post: str) -> None:
    """The person may teach for the provider."""
    country.rows.add(Lecturer, person_id=row["id"], provider_id=country.organisations[code]["id"], post=post)


def actor_of(row: Row, role: RoleKind, organisation_id: int) -> Row:
    """A person as an actor of the trail."""
    return {"person": row, "role": role.value, "organisation_id": organisation_id}
