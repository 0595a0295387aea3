"""Who may not act in somebody else's name, and how they would try."""

import re

import pyotp
import pytest

from retrain import clock
from retrain.audit import SYSTEM
from retrain.extensions import db
from retrain.messages import post
from retrain.messages.models import Delivery, Message
from retrain.people import opening, passwords, second_step, service, teacher_changes
from retrain.people.models import AccountSession, OneTimeCode, Person
from retrain.people.service import PersonFacts, TeacherFacts
from retrain.people.states import OrganisationKind, RoleKind, StaffKind
from retrain.refusal import Forbidden, Refused
from tests import scenario

PASSWORD = "uch tomchi suv"
NEW = {"password": "yangi uzun parol", "again": "yangi uzun parol"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def teacher(college):
    """A teacher who signs in."""
    row = service.add_teacher(
        SYSTEM, PersonFacts("Karimova", "Aziza", "", "aziza@example.uz"), TeacherFacts("42506831460182", college.id)
    )  # fmt: skip
    row.person.password_hash, row.person.activated_at = passwords.digest(PASSWORD), row.created_at
    db.session.commit()
    return row


@pytest.fixture
def coordinator(teacher):
    """The same, who is a university's coordinator too."""
    university = scenario.organisation("TDTU", OrganisationKind.UNIVERSITY, "Texnika universiteti")
    scenario.role(teacher.person, RoleKind.COORDINATOR, university)
    return teacher


@pytest.fixture
def guarded(teacher):
    """The same teacher, whose account asks for a number too."""
    teacher.person.totp_secret, teacher.person.totp_step = second_step.sealed(SECRET), 0
    db.session.commit()
    return teacher


def details(**values):
    return teacher_changes.Details(**{
        "post": "", "staff_kind": StaffKind.TEACHER, "category": "", "specialities": [],
        "contact_email": "aziza@example.uz", "contact_phone": "",
    } | values)  # fmt: skip


def code(refused):
    return refused.value.why[0].code


def test_a_new_password_is_not_a_way_past_the_second_step(client, guarded, mailed, clock):
    client.post("/reset", data={"login": "aziza@example.uz"})
    assert client.post(mailed("people.reset"), data=NEW).location == "/sign-in/number"
    assert "/sign-in" in client.get("/account").location
    assert db.session.scalar(db.select(AccountSession)) is None
    clock.advance(seconds=60)
    number = pyotp.TOTP(SECRET).at(clock.moment)
    assert client.post("/sign-in/number", data={"number": number}).status_code == 303
    assert client.get("/account").status_code == 200


def test_a_slip_is_not_a_way_past_the_second_step(client, guarded, hr):
    typed = opening.make_slips(hr, [guarded.id])[0].code
    client.post("/activate", data={"slip-code": typed})
    assert client.post("/activate/slip", data=NEW).location == "/sign-in/number"
    assert db.session.scalar(db.select(AccountSession)) is None


def test_an_office_prints_no_slip_for_whoever_holds_more_than_it_may_give(coordinator, hr, as_user):
    with pytest.raises(Refused) as refused:
        opening.make_slips(hr, [coordinator.id])
    assert code(refused) == "slip-for-stronger-role"
    page = as_user(hr).post("/staff/slips", data={"teachers": coordinator.id}, follow_redirects=True)
    assert "Karimova" in page.text
    assert db.session.scalar(db.select(OneTimeCode)) is None


def test_an_office_prints_a_slip_for_one_of_its_own(teacher, hr, college):
    scenario.role(teacher.person, RoleKind.COLLEGE_HR, college)
    assert opening.make_slips(hr, [teacher.id])


def test_a_link_for_a_password_goes_where_one_signs_in(client, teacher, hr):
    """Not where an office says that somebody is reached."""
    teacher_changes.change_teacher(hr, teacher.id, details(contact_email="begona@example.uz"), teacher.lock)
    client.post("/reset", data={"login": "aziza@example.uz"})
    post.expand()
    message = db.session.scalars(db.select(Message).where(Message.kind == "people.reset")).one()
    address = db.session.scalars(db.select(Delivery.address).where(Delivery.message_id == message.id))
    assert set(address) == {"aziza@example.uz"}


def test_an_office_does_not_change_where_they_are_reached(coordinator, hr):
    with pytest.raises(Refused) as refused:
        teacher_changes.change_teacher(
            hr, coordinator.id, details(contact_email="begona@example.uz"), coordinator.lock
        )
    assert code(refused) == "holds-stronger-role"
    teacher_changes.change_teacher(hr, coordinator.id, details(post="katta o‘qituvchi"), coordinator.lock)


def test_nor_does_its_roster(coordinator, teacher, hr):
    text = "F.I.Sh.;JSHSHIR;Lavozimi;E-mail;Telefon\nKarimova Aziza;42506831460182;mudir;begona@example.uz;+998901112233\n"
    from retrain.people import roster_batches

    batch = roster_batches.apply_roster(hr, text.encode(), "xodimlar.csv")
    assert (batch.merged, batch.refused) == (1, [])
    person = db.session.get(Person, coordinator.person_id)
    assert (person.contact_email, person.email) == ("aziza@example.uz", "aziza@example.uz")
    assert (person.phone, person.contact_phone) == (None, None)
    assert coordinator.employments[0].post == "mudir"


def test_the_ministry_makes_no_administrator(ministry, teacher, administrator):
    official = scenario.role(scenario.person("Vazirov"), RoleKind.MINISTRY, ministry)
    with pytest.raises(Forbidden):
        service.grant_role(official, teacher.person_id, RoleKind.ADMINISTRATOR, ministry.id)
    with pytest.raises(Refused):
        service.close_account(official, administrator.person_id, True)
    service.close_account(official, teacher.person_id, True)


def test_links_asked_for_before_are_worth_nothing_after_a_new_password(app, client, teacher, mailed):
    app.test_client().post("/reset", data={"login": "aziza@example.uz"})
    link = mailed("people.reset")
    client.post("/sign-in", data={"login": "aziza@example.uz", "password": PASSWORD})
    answer = client.post("/account/password", data={"old": PASSWORD} | NEW)
    assert answer.status_code == 303
    assert app.test_client().get(link).status_code == 410


def test_links_sent_to_an_old_address_are_worth_nothing_at_a_new_one(app, client, teacher, mailed):
    app.test_client().post("/reset", data={"login": "aziza@example.uz"})
    link = mailed("people.reset")
    client.post("/sign-in", data={"login": "aziza@example.uz", "password": PASSWORD})
    client.post("/account/email", data={"email": "yangi@example.uz", "old": PASSWORD})
    client.post(mailed("people.email"))
    assert app.test_client().get(link).status_code == 410


def test_two_use_one_link(app, teacher, mailed):
    app.test_client().post("/reset", data={"login": "aziza@example.uz"})
    link = mailed("people.reset")
    answers = [app.test_client().post(link, data=NEW).status_code for _ in range(2)]
    assert answers == [303, 410]


def test_guessing_the_number_that_ends_the_second_step_is_slowed(guarded, as_user, clock):
    browser = as_user(scenario.Actor(guarded.person_id))
    for guess in range(6):
        browser.post("/account/second-step", data={"number": f"{guess:06d}"})
    right = pyotp.TOTP(SECRET).at(clock.moment)
    assert browser.post("/account/second-step", data={"number": right}).status_code == 422
    clock.advance(minutes=2)
    right = pyotp.TOTP(SECRET).at(clock.moment)
    assert browser.post("/account/second-step", data={"number": right}).status_code == 303


def test_a_number_that_was_used_does_not_end_the_second_step(guarded, as_user, clock):
    number = pyotp.TOTP(SECRET).at(clock.moment)
    guarded.person.totp_step = int(clock.moment.timestamp()) // second_step.STEP
    db.session.commit()
    browser = as_user(scenario.Actor(guarded.person_id))
    assert browser.post("/account/second-step", data={"number": number}).status_code == 422


@pytest.mark.parametrize("number", ["١٢٣٤٥٦", "１２３４５６", "\u202e123", "😀"])
def test_a_number_in_other_figures_is_wrong_and_no_more(guarded, client, as_user, number):
    assert as_user(scenario.Actor(guarded.person_id)).post(
        "/account/second-step", data={"number": number}
    ).status_code == 422  # fmt: skip
    client.post("/sign-in", data={"login": "aziza@example.uz", "password": PASSWORD})
    assert client.post("/sign-in/number", data={"number": number}).status_code == 422


def test_nobody_fills_a_strangers_mailbox_with_links_to_confirm(teacher, as_user):
    browser = as_user(scenario.Actor(teacher.person_id))
    for _time in range(9):
        browser.post("/account/email", data={"email": "begona@example.uz", "old": PASSWORD})
    sent = db.select(db.func.count(Message.id)).where(Message.address == "begona@example.uz")
    assert 1 <= db.session.scalar(sent) <= 5


def test_a_page_behind_a_code_is_kept_nowhere(app, client, teacher, hr, mailed):
    app.test_client().post("/reset", data={"login": "aziza@example.uz"})
    assert client.get(mailed("people.reset")).headers["Cache-Control"] == "no-store"
    client.post("/activate", data={"slip-code": opening.make_slips(hr, [teacher.id])[0].code})
    page = client.get("/activate/slip")
    assert "Karimova" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_what_the_cookie_held_before_is_gone_after_signing_in(client, teacher):
    with client.session_transaction() as session:
        session["slip"] = "begona"
    client.post("/sign-in", data={"login": "aziza@example.uz", "password": PASSWORD})
    with client.session_transaction() as session:
        assert "slip" not in session


def test_a_stranger_who_presses_start_at_the_bot_disturbs_nobody(app):
    from retrain.people import telegram

    for word in ("1-9999999999-é", "1-9999999999", "", "--", "²-²-²", "1-9999999999-" + "x" * 40):
        assert telegram._person(word) is None


def test_a_code_is_in_no_address_that_is_sent_on(client, teacher, mailed):
    client.post("/reset", data={"login": "aziza@example.uz"})
    page = client.get(mailed("people.reset"))
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert not re.search(r'(src|href|action)="https?:', page.text)


# What was planted before somebody got a role


LEAD = {"kind": "hr_officer", "since": "2020-01-01"}


@pytest.fixture
def university(app):
    return scenario.organisation("TDTU", OrganisationKind.UNIVERSITY, "Texnika universiteti")


@pytest.fixture
def promote(university, as_user):
    """``promote("aziza@example.uz")``: a coordinator gives whoever signs in with that a role at the university."""
    giver = scenario.role(scenario.person("Rahimov", "Aziz"), RoleKind.COORDINATOR, university)

    def give(login):
        answer = as_user(giver).post(
            "/roles/new", data=LEAD | {"login": login, "organisation": university.id}
        )
        assert answer.status_code == 303

    return give


@pytest.fixture
def works(monkeypatch):
    """Mail and text messages go out."""
    monkeypatch.setattr(post, "is_working", lambda channel: True)


def unopened(college, hr, **contacts):
    """A teacher who has never signed in, with what the college entered since."""
    row = service.add_teacher(
        SYSTEM, PersonFacts("Karimova", "Aziza", "", None, "+998901112233"), TeacherFacts("42506831460182", college.id)
    )  # fmt: skip
    teacher_changes.change_teacher(
        hr, row.id, details(contact_phone="+998901112233") if not contacts else details(**contacts), row.lock
    )
    return row


def links():
    return db.session.scalars(db.select(Message.address).where(Message.secret.is_not(None))).all()


def test_a_mailbox_entered_by_the_college_opens_no_role(app, college, hr, promote):
    teacher = unopened(college, hr, contact_email="begona@example.uz", contact_phone="+998901112233")
    promote("+998901112233")
    app.test_client().post("/activate", data={"link-login": "begona@example.uz"})
    assert links() == []
    person = db.session.get(Person, teacher.person_id)
    assert (person.email, person.contact_email, person.phone) == (None, None, "+998901112233")


def test_a_link_asked_for_before_the_role_opens_nothing_after_it(app, college, hr, promote, mailed):
    unopened(college, hr, contact_email="begona@example.uz", contact_phone="+998901112233")
    app.test_client().post("/activate", data={"link-login": "begona@example.uz"})
    planted = mailed("people.activation")
    assert app.test_client().get(planted).status_code == 200
    promote("+998901112233")
    assert app.test_client().get(planted).status_code == 410


def test_a_slip_printed_before_the_role_opens_nothing_after_it(app, teacher, hr, promote):
    typed = opening.make_slips(hr, [teacher.id])[0].code
    promote("aziza@example.uz")
    assert app.test_client().post("/activate", data={"slip-code": typed}).status_code == 422


def test_a_slip_printed_before_a_role_is_lent_opens_nothing(app, teacher, hr, university, as_user):
    typed = opening.make_slips(hr, [teacher.id])[0].code
    lender = scenario.role(scenario.person("Rahimov", "Aziz"), RoleKind.COORDINATOR, university)
    today = clock.today().isoformat()
    lent = {"login": "aziza@example.uz", "since": today, "until": today}
    assert as_user(lender).post(f"/act-as/{lender.role_id}/lend", data=lent).status_code == 303
    assert app.test_client().post("/activate", data={"slip-code": typed}).status_code == 422


def test_an_account_the_office_opened_by_slip_is_opened_anew_by_its_owner(
    app, college, hr, promote, works, mailed
):
    """The office takes the slip it printed, and the mailbox of the teacher as her login."""
    teacher = unopened(college, hr)
    typed = opening.make_slips(hr, [teacher.id])[0].code
    office = app.test_client()
    office.post("/activate", data={"slip-code": typed})
    office.post("/activate/slip", data=NEW | {"login": "aziza@example.uz"})
    assert office.get("/account").status_code == 200
    promote("aziza@example.uz")
    assert "/sign-in" in office.get("/account").location
    wrong = office.post("/sign-in", data={"login": "aziza@example.uz", "password": NEW["password"]})
    assert wrong.status_code == 422
    assert links() == ["aziza@example.uz"]
    owner = app.test_client()
    owner.post(mailed("people.activation"), data=NEW | {"login": "aziza@example.uz"})
    assert owner.get("/account").status_code == 200
    promote("aziza@example.uz")  # again: her own link has shown who she is
    assert owner.get("/account").status_code == 200


def test_whoever_opened_the_account_by_a_mailed_link_keeps_it(app, college, promote, works, mailed):
    service.add_teacher(
        SYSTEM, PersonFacts("Karimova", "Aziza", "", "aziza@example.uz"), TeacherFacts("42506831460182", college.id)
    )  # fmt: skip
    owner = app.test_client()
    owner.post("/activate", data={"link-login": "aziza@example.uz"})
    owner.post(mailed("people.activation"), data=NEW | {"login": "aziza@example.uz"})
    promote("aziza@example.uz")
    assert owner.get("/account").status_code == 200


def test_a_roster_gives_an_open_account_no_other_way_in(teacher, hr):
    from retrain.people import roster_batches

    text = "F.I.Sh.;JSHSHIR;E-mail;Telefon\nKarimova Aziza;42506831460182;aziza@example.uz;+998901112233\n"
    roster_batches.apply_roster(hr, text.encode(), "xodimlar.csv")
    person = db.session.get(Person, teacher.person_id)
    assert (person.phone, person.contact_phone) == (None, "+998901112233")


def test_a_link_for_whoever_signs_in_by_telephone_goes_there(app, college, hr, works):
    teacher = unopened(college, hr)
    teacher.person.activated_at = teacher.created_at
    db.session.commit()
    teacher_changes.change_teacher(
        hr,
        teacher.id,
        details(contact_email="begona@example.uz", contact_phone="+998901112233"),
        teacher.lock,
    )
    app.test_client().post("/reset", data={"login": "90 111 22 33"})
    assert links() == ["+998901112233"]
    post.expand()
    assert [(each.channel, each.address) for each in db.session.scalars(db.select(Delivery))] == [
        ("sms", "+998901112233")
    ]
