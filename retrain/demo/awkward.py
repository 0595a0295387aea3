"""The awkward cases of real life, each in the country and each findable.

====================================  ===================================================================
what                                  where to find it
====================================  ===================================================================
changed college and name              teacher ``moved@example.uz``: married and at ``SA-03`` now; completed
                                      a run as ``Karimova`` for the college before; the document was
                                      replaced, the old one says so
second attempt, linked                teacher ``again@example.uz``: not completed in the finished run of
                                      ``IT``, enrolled in the published one as attempt 2
late order                            the running run of ``EL``: its order was registered 12 days after its
                                      effective date (or yesterday)
no order yet                          the running run of ``RD``
orders on their way                   of ``RD``: one with the signatory (the finished run), one sent back (the
                                      first published run); of ``RD-2``: one signed, its number to come
list changed after its order          the running run of ``IT-4``: one came late (order of a changed list), one
                                      was excluded (order of exclusion)
excluded, no order yet                the running run of ``PE``
role lent from a day to a day         the signatory of ``U-TK`` lent theirs to ``curator2.u-tk@example.uz``
renamed college                       ``NG-29``: another name since half a year; found by both
working Saturday                      ``U-FA``, which works Monday to Friday: a Saturday moved by decree nine
                                      weeks ago, with classes of its run of ``AV-3``
lecturer at two universities          ``lecturer2.u-tk@example.uz``: also at ``U-SA``, where other bells ring
shared mailbox                        six teachers of ``BU-02`` are reached at ``qabulxona.bu-02@example.uz``,
                                      and none of them can sign in with it
120-character name                    teacher ``long-name@example.uz``
foreign document                      teacher ``kazakhstan@example.uz``: no PINFL, a document of KZ
asks to be forgotten                  a teacher of ``AN-06``; the administrator has not answered yet
document revoked, document replaced   the first document of the earliest run; the one of ``moved``
corrected register                    the first class of the main running run of ``IT``
cancelled class                       the same run: cancelled with a reason, put elsewhere
one place left; a waiting list        the published runs of ``IT`` and of ``TL-2``
allocation rounds in each state       of ``U-TK``: ``R1`` called off, ``R2`` done, ``R3`` closed and reckoned, ``R4`` open
                                      for wishes (the demo teacher may rank), ``R5`` a draft
consent asked, quotas, money, beds    the published runs of ``EL`` (both sides), ``PE`` (college), ``PV-3`` (provider) at
                                      ``U-TK``; one request of each is about to lapse
an open offer                         the published run of ``TL-2``: one gave their place up
transfer, substitution                from the run of ``EL`` to that of ``PE``; within the run of ``PE``
cancelled, with another run offered   the cancelled run of ``PE``: three took it
related speciality                    the demo teacher at a run of ``IT-2``
waits to be closed, to be ordered,    the running run of ``AV``; the finished ones of ``RD`` and ``PE`` at
to be issued                          ``U-TK``
====================================  ===================================================================
"""

from datetime import timedelta

from retrain.demo import places, registers, staff, teachers, weeks
from retrain.demo.country import DOMAIN, Country, moment
from retrain.demo.enrolling import Pool, enrol
from retrain.demo.names import Name
from retrain.demo.places import four
from retrain.demo.rows import Row
from retrain.demo.runs import Held
from retrain.enrolment.states import Source
from retrain.people.models import Employment, ErasureRequest
from retrain.people.states import RoleKind, Sex

RENAMED, SHARED = "NG-29", "BU-02"
LONG = Name(
    "Abdurahmonxo‘jayeva-Mirzaxudoyberdiyeva",
    "Gulbahoroyxonposhsha Zebunnisoyim",
    "Abdurahmonxo‘ja-Mirzaxudoyberdi Saidakbar qizi",
)


def before_enrolment(country: Country, people: list[Row], pool: Pool) -> None:
    """What concerns colleges and people alone. Those who are put onto runs by hand leave the pool."""
    places.name(
        country, RENAMED, country.today - timedelta(days=182),
        four("Chust zamonaviy kasblar texnikumi", "Чуст: техникум современных профессий",
             "Chust College of Modern Trades"),
    )  # fmt: skip
    for teacher in [each for each in people if each["college"]["code"] == SHARED][:6]:
        teacher["person"].update(
            email=None,
            contact_email=f"qabulxona.{SHARED.lower()}@{DOMAIN}",
            password_hash=None,
            activated_at=None,
        )
    found = {"moved": pool.of_college("BU-01", 1)[0], "again": pool.of_college("TO-05", 1)[0]}
    country.by_hand.update(found)
    _named(country, pool.of_college("QA-09", 1)[0], "long-name", LONG)
    asks_to_be_forgotten(country, pool)
    abroad = pool.of_college("TO-05", 1)[0]
    abroad["row"].update(pinfl=None, document_country="KZ", document_number="N12345678")
    _named(country, abroad, "kazakhstan", Name("Serikbayeva", "Aygul", "Nurlanovna"))
    _named(country, found["moved"], "moved", Name("Karimova", "Munisa", "Akmal qizi"))
    _named(country, found["again"], "again", Name("Yo‘ldoshev", "Temur", "Botir o‘g‘li"))


def asks_to_be_forgotten(country: Country, pool: Pool) -> None:
    """A request that the administrator has not answered yet."""
    person, at = pool.of_college("AN-06", 1)[0]["person"], country.now - timedelta(days=2)
    row = country.rows.add(
        ErasureRequest, person_id=person["id"], asked_at=at, why="Nafaqaga chiqdim, ma’lumotlarim kerak emas."
    )
    country.happened(at, "erasure.asked", ("erasure_request", row["id"]), None)


def _named(country: Country, teacher: Row, login: str, name: Name) -> None:
    """Give a teacher a name and an address by which they are found; their number fits the name's sex."""
    row = teacher["person"]
    sex = Sex.MALE if "o‘g‘li" in name.patronymic else Sex.FEMALE
    staff.call(country, row, name)
    row.update(email=f"{login}@{DOMAIN}", contact_email=f"{login}@{DOMAIN}")
    teacher["row"]["sex"] = sex
    if teacher["row"]["pinfl"]:
        teacher["row"]["pinfl"] = teachers.number_of(teacher["row"]["birth_date"], sex, teacher["number"])
    staff.activate(country, row, country.today - timedelta(days=290))


def after_registers(country: Country, runs: list[Held]) -> None:
    """What happened to classes."""
    main = of_flag(runs, "main")
    registers.correct_one(country, main)
    weeks.cancel_one(country, main)


def second_attempt(country: Country, runs: list[Held]) -> None:
    """The one who did not complete tries again; one place is left."""
    again = country.by_hand["again"]
    first, second = of_flag(runs, "failed"), of_flag(runs, "one-left")
    earlier = next(member["row"] for member in first.members if member["teacher"] is again)
    at = country.now - timedelta(hours=17)
    row = enrol(country, second, again, at, Source.SELF, has_place=True)
    row.update(attempt=2, repeat_of_id=earlier["id"])


def moves(country: Country) -> None:
    """Married and at another college since a month; the past stays where it happened."""
    since = country.today - timedelta(days=30)
    moved, new = country.by_hand["moved"], country.organisations["SA-03"]
    person = moved["person"]
    old = next(row for row in country.rows.of(Employment) if row["teacher_id"] == moved["id"])
    old["until"] = since - timedelta(days=1)
    country.rows.add(
        Employment, teacher_id=moved["id"], organisation_id=new["id"], post=old["post"], since=since
    )
    before = {"name": f"{person['family']} {person['given']} {person['patronymic']}"}
    staff.rename(country, person, Name("Rustamova", "Munisa", "Akmal qizi"), since)
    hr, at = country.actors["SA-03", RoleKind.COLLEGE_HR], moment(since, 11)
    after = {"organisation": new["id"], "since": since.isoformat()}
    country.happened(
        at,
        "teacher.moved",
        ("teacher", moved["id"]),
        hr,
        before={"organisation": old["organisation_id"]},
        after=after,
    )
    country.happened(
        at + timedelta(minutes=4), "person.renamed", ("person", person["id"]), hr, before=before,
        after={"name": f"{person['family']} {person['given']} {person['patronymic']}", "valid_from": since.isoformat()},
    )  # fmt: skip


def of_flag(runs: list[Held], flag: str) -> Held:
    """The run with a flag."""
    return next(held for held in runs if held.flag == flag)
