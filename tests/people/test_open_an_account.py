"""Activating an account from a mailed link or a printed slip, and a forgotten password."""

import pytest

from retrain.audit import SYSTEM
from retrain.extensions import db
from retrain.messages.models import Message
from retrain.people import opening, service
from retrain.people.models import OneTimeCode, Person
from retrain.people.service import PersonFacts, TeacherFacts
from tests import scenario

NEW = {"password": "yangi uzun parol", "again": "yangi uzun parol"}


@pytest.fixture
def teacher(college):
    """A teacher with a mailbox of her own."""
    facts = TeacherFacts("42506831460182", college.id, post="o‘qituvchi")
    return service.add_teacher(SYSTEM, PersonFacts("Egamberdiyeva", "Umida", "", "umida@example.uz"), facts)


@pytest.fixture
def sharing(college):
    """Two teachers whom the office's mailbox reaches, and nothing else."""
    numbers = ("42909691540687", "30603894431007")
    return [
        service.add_teacher(
            SYSTEM, PersonFacts(name, "Botir", "", "kollej@example.uz"), TeacherFacts(number, college.id)
        )
        for name, number in zip(("Rahimov", "Olimov"), numbers, strict=True)
    ]


def slip_for(hr, teacher):
    return opening.make_slips(hr, [teacher.id])[0].code


def test_with_a_mailed_link(client, teacher, mailed):
    assert client.post("/activate", data={"link-login": "umida@example.uz"}).status_code == 303
    link = mailed("people.activation")
    page = client.get(link)
    assert "Egamberdiyeva" in page.text
    assert 'value="umida@example.uz"' in page.text
    answer = client.post(link, data=NEW | {"login": "umida@example.uz"})
    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert db.session.get(Person, teacher.person_id).activated_at is not None


def test_a_link_opens_once(app, client, teacher, mailed):
    client.post("/activate", data={"link-login": "umida@example.uz"})
    link = mailed("people.activation")
    client.post(link, data=NEW | {"login": "umida@example.uz"})
    assert app.test_client().get(link).status_code == 410
    assert app.test_client().post(link, data=NEW | {"login": "umida@example.uz"}).status_code == 410


def test_looking_at_a_link_uses_nothing_up(client, teacher, mailed):
    client.post("/activate", data={"link-login": "umida@example.uz"})
    link = mailed("people.activation")
    for _look in range(3):
        assert client.get(link).status_code == 200
    assert client.post(link, data=NEW | {"login": "umida@example.uz"}).status_code == 303


def test_a_link_lapses(client, teacher, mailed, clock):
    client.post("/activate", data={"link-login": "umida@example.uz"})
    clock.advance(hours=49)
    assert client.get(mailed("people.activation")).status_code == 410


def test_asking_answers_the_same_for_everybody(client, teacher):
    known = client.post("/activate", data={"link-login": "umida@example.uz"})
    unknown = client.post("/activate", data={"link-login": "nobody@example.uz"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert db.session.scalar(db.select(db.func.count(Message.id))) == 1


def test_nobody_fills_anothers_mailbox(app, teacher):
    for number in range(10):
        address = {"REMOTE_ADDR": f"10.0.0.{number}"}
        app.test_client().post("/activate", data={"link-login": "umida@example.uz"}, environ_base=address)
    assert db.session.scalar(db.select(db.func.count(Message.id))) == opening.LINKS_AN_HOUR


def test_a_shared_mailbox_gets_no_link(client, sharing):
    client.post("/activate", data={"link-login": "kollej@example.uz"})
    assert db.session.scalar(db.select(db.func.count(Message.id))) == 0
    assert {db.session.get(Person, each.person_id).email for each in sharing} == {None}


def test_with_a_slip_and_a_telephone_of_ones_own(app, client, sharing, hr):
    code = slip_for(hr, sharing[0])
    typed = code.lower().replace("-", " ")
    assert client.post("/activate", data={"slip-code": typed}).location == "/activate/slip"
    page = client.get("/activate/slip")
    assert "Rahimov Botir" in page.text
    answer = client.post("/activate/slip", data=NEW | {"login": "90 765 43 21"})
    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    again = app.test_client()
    assert (
        again.post("/sign-in", data={"login": "+998907654321", "password": NEW["password"]}).status_code
        == 303
    )


def test_the_first_to_open_may_take_the_shared_mailbox_and_the_second_may_not(app, sharing, hr):
    for teacher, status in zip(sharing, (303, 422), strict=True):
        client = app.test_client()
        client.post("/activate", data={"slip-code": slip_for(hr, teacher)})
        answer = client.post("/activate/slip", data=NEW | {"login": "kollej@example.uz"})
        assert answer.status_code == status
    assert "Somebody else" in app.test_client().get("/").text or "kollej@example.uz" in answer.text


def test_a_slip_typed_with_cyrillic_letters(client, sharing, hr):
    code = slip_for(hr, sharing[0])
    cyrillic = code.translate(str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ"))
    assert client.post("/activate", data={"slip-code": cyrillic}).location == "/activate/slip"


def test_a_slip_is_good_once_and_for_a_while(clock, app, client, sharing, hr):
    code = slip_for(hr, sharing[0])
    client.post("/activate", data={"slip-code": code})
    client.post("/activate/slip", data=NEW | {"login": "907654321"})
    assert app.test_client().post("/activate", data={"slip-code": code}).status_code == 422
    late = slip_for(hr, sharing[1])
    clock.advance(days=31)
    assert app.test_client().post("/activate", data={"slip-code": late}).status_code == 422


def test_a_new_slip_makes_the_old_one_worthless(client, sharing, hr):
    old, new = slip_for(hr, sharing[0]), slip_for(hr, sharing[0])
    assert client.post("/activate", data={"slip-code": old}).status_code == 422
    assert client.post("/activate", data={"slip-code": new}).status_code == 303


def test_codes_are_kept_as_digests(sharing, hr):
    code = slip_for(hr, sharing[0])
    row = db.session.scalar(db.select(OneTimeCode))
    assert code not in str(row.__dict__)
    assert code.replace("-", "") not in str(row.__dict__)


def test_guessing_codes_is_slowed(client, sharing, hr):
    for _guess in range(opening.SLIP_TRIES):
        client.post("/activate", data={"slip-code": "AAAAA-AAAAA"})
    assert client.post("/activate", data={"slip-code": slip_for(hr, sharing[0])}).status_code == 422


def test_a_slip_of_another_college_can_not_be_made(colleges, hr):
    other = scenario.teacher(7, colleges["SA-03"])
    from retrain.refusal import Forbidden

    with pytest.raises(Forbidden):
        opening.make_slips(hr, [other.id])


def test_college_hr_prints_slips(teacher, sharing, hr, as_user):
    browser = as_user(hr)
    assert "Rahimov" in browser.get("/staff/slips").text
    answer = browser.post("/staff/slips", data={"teachers": [str(each.id) for each in sharing]})
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF") or "Rahimov" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert db.session.scalar(db.select(db.func.count(OneTimeCode.id))) == 2


def test_college_hr_mails_links_to_those_with_a_mailbox(teacher, sharing, hr, as_user):
    everybody = {"teachers": [str(each.id) for each in (teacher, *sharing)]}
    as_user(hr).post("/staff/links", data=everybody)
    assert db.session.scalars(db.select(Message.person_id)).all() == [teacher.person_id]


def test_a_forgotten_password(app, client, somebody, mailed):
    assert client.get("/reset").status_code == 200
    assert client.post("/reset", data={"login": "aziza@example.uz"}).status_code == 303
    link = mailed("people.reset")
    assert link.startswith("/reset/")
    assert client.post(link, data={"password": "qisqa", "again": "qisqa"}).status_code == 422
    assert client.post(link, data=NEW).status_code == 303
    fresh = app.test_client()
    assert (
        fresh.post("/sign-in", data={"login": "aziza@example.uz", "password": NEW["password"]}).status_code
        == 303
    )
    assert fresh.post("/sign-out").status_code == 303
    assert (
        fresh.post("/sign-in", data={"login": "aziza@example.uz", "password": "uch tomchi suv"}).status_code
        == 422
    )
