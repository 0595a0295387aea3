"""People in their roles, signed in, for the tests of the stages that only need somebody to act."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask

from retrain import clock
from retrain.audit import Actor
from retrain.extensions import db
from retrain.language.keys import fold_key, search_key, sort_key
from retrain.people import codes
from retrain.people.models import AccountSession, Organisation, OrganisationName, Person, Role, Teacher
from tests.harness.client import Client


@dataclass(frozen=True)
class Somebody:
    """A person's numbers, and the browser they are signed in with."""

    person_id: int
    organisation_id: int
    actor: Actor
    browser: Client
    teacher_id: int | None = None


def organisation(code: str, name: str, kind: str = "university", region: str = "UZ-BU", **values: Any) -> int:
    """An organisation in the database; a university is a provider."""
    given = {"is_provider": kind == "university", "address": "Buxoro, Alpomish 1"} | values
    place = Organisation(code=code, kind=kind, region=region, created_at=clock.now(), **given)
    place.names.append(
        OrganisationName(
            valid_from=date(2000, 1, 1), names={"uz": name}, search_key=f"|{search_key(name)}|",
            fold_key=f"|{fold_key(name)}|", sort_key=sort_key(name),
        )
    )  # fmt: skip
    db.session.add(place)
    db.session.commit()
    return place.id


def somebody(
    app: Flask, role: str, organisation_id: int, family: str = "Karimova", given: str = "Dilnoza"
) -> Somebody:
    """A person who holds *role* in an organisation, signed in; a teacher is in the table of teachers too."""
    name, now = f"{family} {given}", clock.now()
    person = Person(
        family=family,
        given=given,
        language="en",
        search_key=search_key(name),
        sort_key=sort_key(name),
        created_at=now,
    )
    held = Role(person=person, kind=role, organisation_id=organisation_id, since=date(2020, 1, 1))
    db.session.add_all([person, held])
    db.session.flush()
    teacher = None
    if role == "teacher":
        teacher = Teacher(
            person_id=person.id, document_country="KZ", document_number=f"N{person.id:07}", created_at=now
        )
        db.session.add(teacher)
    token = f"a token of nobody else {person.id:06}"
    db.session.add(
        AccountSession(
            digest=codes.session_digest(token), person_id=person.id, role_id=held.id, created_at=now,
            seen_at=now, expires_at=now + timedelta(days=365),
        )
    )  # fmt: skip
    db.session.commit()
    region = db.session.get_one(Organisation, organisation_id).region
    actor = Actor(person.id, role, organisation_id, held.id, None, region)
    return Somebody(person.id, organisation_id, actor, browser(app, token), teacher.id if teacher else None)


def browser(app: Flask, token: str) -> Client:
    """A client that holds the cookie of a session."""
    client = app.test_client()
    assert isinstance(client, Client)
    with client.session_transaction() as kept:
        kept.update({"_user_id": token, "_fresh": True, "language": "en"})
    return client
