"""The busiest minute: teachers, runs with too few places, real server processes, and what must be true afterwards.

Used by the test that kills a server in the middle and by the benchmark, so that both look at the same thing.
"""

import json
import os
import random
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, insert, select, text

from retrain import clock
from retrain.audit.models import AuditEntry
from retrain.catalogue import defaults
from retrain.catalogue import service as catalogue
from retrain.catalogue.models import Run
from retrain.catalogue.plan import CoursePlan, ModulePlan, RunPlan, TopicPlan
from retrain.catalogue.states import CourseKind, HourKind, StudyForm
from retrain.enrolment import quota_rules, reading_people, reading_runs
from retrain.enrolment import service as enrolment
from retrain.enrolment.models import Enrolment
from retrain.enrolment.quota_rules import PlacesFacts, Taking
from retrain.enrolment.states import QuotaSort, State
from retrain.extensions import db
from retrain.language.keys import search_key, sort_key
from retrain.messages.models import Message
from retrain.people import codes
from retrain.people.models import AccountSession, Employment, Person, Teacher
from tests.harness import servers
from tests.harness.actors import Somebody, organisation, somebody

LOAD = Path(__file__).with_name("load.py")
FAMILIES = ("Aliyev", "Karimova", "G‘ulomov", "O‘rinova", "Yo‘ldoshev", "Qodirova", "Shokirov", "Ergasheva")
COLLEGES, TOPICS, REGIONS = 20, 24, ("UZ-BU", "UZ-NW")


@dataclass
class Rush:
    """Who goes where, in the order they come: [cookie, run, address]."""

    people: list[list[str]]
    places: int
    secret: str


@dataclass
class Outcome:
    """What the load generator saw, times in seconds since it began."""

    seconds: float
    broken: int
    began: list[float] = field(default_factory=list)
    pressed: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[str]:
        """What went wrong, for each person to whom it did."""
        return [why or "no answer" for why, end in zip(self.wrong, self.ended, strict=True) if why or not end]


def prepare(
    app: Flask,
    *,
    teachers: int,
    places: int,
    runs: int,
    password_hash: str | None = None,
    quotas: bool = False,
) -> Rush:
    """Fill the database: every run is wanted by more people than it has places, some far more than others.

    With *quotas* a third of each run's places is set aside for one region, and no college has more than half.
    """
    chance = random.Random(20261124)
    by = somebody(app, "coordinator", organisation("BXDU", "Buxoro davlat universiteti"))
    shares = [places // runs + (number < places % runs) for number in range(runs)]
    opened = [_run(by, number, share) for number, share in enumerate(shares)]
    colleges = [_college(at) for at in range(COLLEGES)]
    if quotas:
        for code, share in zip(opened, shares, strict=True):
            enrolment.set_quota(by.actor, code, QuotaSort.SET_ASIDE, f"region:{REGIONS[1]}", share // 3)
            for college in colleges[:4]:
                most = max(1, share // 2)
                enrolment.set_quota(by.actor, code, QuotaSort.CEILING, f"college:{college}", most)
    wanted = [code for code, share in zip(opened, shares, strict=True) for _ in range(share)]
    weights = [1 / (1 + number) for number in range(runs)]
    wanted = (wanted + chance.choices(opened, weights, k=max(0, teachers - len(wanted))))[:teachers]
    chance.shuffle(wanted)
    tokens = _people(teachers, colleges, password_hash)
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    people = [
        [
            "session=" + signer.dumps(_session_of(token)),
            code,
            address(number),
        ]
        for number, (token, code) in enumerate(zip(tokens, wanted, strict=True))
    ]
    return Rush(people, places, str(app.config["SECRET_KEY"]))


def _session_of(token: str) -> dict[str, object]:
    """What the cookie of somebody holds who has signed in and seen the first page, whose menu is a form."""
    return {"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": secrets.token_hex(20)}


def address(number: int) -> str:
    """Where somebody sits."""
    return f"10.{number // 65025}.{number // 255 % 255}.{number % 255}"


def _run(by: Somebody, number: int, places: int) -> str:
    now, starts = clock.now(), clock.today() + timedelta(days=30)
    kind = CourseKind.ADVANCED_TRAINING
    title = f"Kasbiy ta’lim metodikasi {number}"
    topics = tuple(TopicPlan({"uz": f"Mavzu {at}"}, HourKind.LECTURE, 6) for at in range(TOPICS))
    course = CoursePlan(
        kind=kind, titles={"uz": title, "ru": f"Методика {number}", "en": f"Methods {number}"}, languages=("uz",),
        form=StudyForm.IN_PERSON, document_type=defaults.document(kind), policy=defaults.policy(kind),
        modules=(ModulePlan({"uz": "Asoslar"}, {"lecture": 6 * TOPICS}, topics),),
    )  # fmt: skip
    plan = RunPlan(
        starts_on=starts, ends_on=starts + timedelta(days=26), places=places, language="uz", region="UZ-BU",
        enrolment_opens=now - timedelta(days=1), enrolment_closes=now + timedelta(days=20),
        form=StudyForm.IN_PERSON, place_text="Buxoro, Alpomish 1, 2-bino",
    )  # fmt: skip
    made = catalogue.quick_course(by.actor, by.organisation_id, course.with_cyrillic(), f"K{number}")
    return catalogue.open_run(by.actor, made.code, plan, publish=True).code


def _college(number: int) -> int:
    region = REGIONS[number % len(REGIONS)]
    return organisation(f"T-{number}", f"{number}-son texnikum", "college", region)


def _people(number: int, colleges: list[int], password_hash: str | None) -> list[str]:
    """Teachers with a college and a session each; the tokens of the sessions."""
    now = clock.now()
    first = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    persons, teachers, jobs, sessions, tokens = [], [], [], [], []
    for at in range(number):
        name = f"{FAMILIES[at % len(FAMILIES)]} Anvar{at:05}"
        person = {
            "id": first + at, "family": name.split()[0], "given": name.split()[1], "patronymic": "", "language": "uz",
            "email": f"t{at}@example.uz", "password_hash": password_hash, "search_key": search_key(name),
            "sort_key": sort_key(name), "created_at": now, "activated_at": now, "is_demo": False,
        }  # fmt: skip
        persons.append(person)
        teachers.append(
            {"id": first + at, "person_id": first + at, "document_country": "KZ", "document_number": f"N{at:07}",
             "specialities": [], "category": "", "created_at": now, "lock": 1}
        )  # fmt: skip
        jobs.append({"teacher_id": first + at, "organisation_id": colleges[at % COLLEGES], "post": "o‘qituvchi",
                     "since": date(2020, 9, 1)})  # fmt: skip
        tokens.append(f"the token of a session of teacher {at:06}")
        sessions.append(
            {"digest": codes.session_digest(tokens[-1]), "person_id": first + at, "created_at": now, "seen_at": now,
             "expires_at": now + timedelta(days=20)}
        )  # fmt: skip
    for table, rows in (
        (Person, persons),
        (Teacher, teachers),
        (Employment, jobs),
        (AccountSession, sessions),
    ):
        db.session.execute(insert(table), rows)
    db.session.commit()
    return tokens


@dataclass
class House:
    """The program at work: the address, and the processes that others may kill."""

    port: int
    web: "subprocess.Popen[bytes]"
    worker: "subprocess.Popen[bytes] | None"


@contextmanager
def at_work(database_url: str, instance: Path, secret: str, *, worker: bool = True) -> Iterator[House]:
    """``retrain serve`` and ``retrain worker`` as processes, set up as in production behind one proxy."""
    environment = {
        "RETRAIN_DATABASE_URL": database_url, "RETRAIN_INSTANCE": str(instance), "PORT": str(servers.free_port()),
        "RETRAIN_SECRET_KEY": secret, "RETRAIN_TRUSTED_PROXIES": "1",
    }  # fmt: skip
    instance.mkdir(parents=True, exist_ok=True)
    log = instance / "log"
    with ExitStack() as stack:
        web = stack.enter_context(servers.process("serve", environment=environment, log=log))
        beside = None
        if worker:
            beside = stack.enter_context(servers.process("worker", environment=environment, log=log))
        servers.await_answer(f"http://127.0.0.1:{environment['PORT']}/health", process=web)
        yield House(int(environment["PORT"]), web, beside)


def begin(
    rush: Rush, house: House, connections: int, twice: float = 0.0, every: float = 0.0
) -> "subprocess.Popen[bytes]":
    """The load generator, started: everybody comes, so many at a time, a share of them pressing twice.

    With *every* one comes each so many seconds instead.
    """
    plan = {
        "port": house.port, "connections": connections, "twice": twice, "every": every, "seed": 1,
        "people": rush.people,
    }  # fmt: skip
    started = subprocess.Popen([sys.executable, LOAD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert started.stdin is not None
    started.stdin.write(json.dumps(plan).encode())
    started.stdin.close()
    started.stdin = None  # nothing more will be said
    return started


def outcome(started: "subprocess.Popen[bytes]") -> Outcome:
    """What became of everybody."""
    written, _ = started.communicate()
    if started.returncode:
        raise AssertionError(f"the load generator ended with {started.returncode}")
    found = json.loads(written)
    columns = [list(column) for column in zip(*found["people"], strict=True)]
    return Outcome(found["seconds"], found["broken"], *columns)


def kill_one_of(parent: "subprocess.Popen[bytes]") -> None:
    """``kill -9`` of the processes that *parent* started the one with most connections: an idle one is not missed."""
    os.kill(max(_children(parent), key=_opened), signal.SIGKILL)


def processor_seconds(parent: "subprocess.Popen[bytes]") -> float:
    """What *parent* and the processes it started have used of the processors so far."""
    return sum(_ticks(number) for number in [parent.pid, *_children(parent)]) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(parent: "subprocess.Popen[bytes]") -> float:
    """The most memory that *parent* or one of the processes it started has ever held, the largest of them."""
    told = (
        (Path(f"/proc/{number}/status").read_text().partition("VmHWM:")[2].split() or ["0"])[0]
        for number in [parent.pid, *_children(parent)]
    )
    return max(map(int, told)) / 1024


def _children(parent: "subprocess.Popen[bytes]") -> list[int]:
    return [
        int(number) for number in Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
    ]


def _opened(number: int) -> int:
    return sum(1 for _ in Path(f"/proc/{number}/fd").iterdir())


def _ticks(number: int) -> int:
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@dataclass(frozen=True)
class Truth:
    """What stands in the database. *faults* are sentences about whatever should not be so."""

    given: int
    waiting: int
    faults: list[str]


def truth(rush: Rush) -> Truth:
    """Count places and read every list, and look for anything half-done."""
    db.session.rollback()
    rows = db.session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
    faults: list[str] = []
    lists: dict[int, list[Enrolment]] = {}
    for row in rows:
        lists.setdefault(row.run_id, []).append(row)
    for run in db.session.scalars(select(Run)):
        faults += _list_faults(run, lists.get(run.id, []))
    living = len({row.teacher_id for row in rows})
    if len(rows) != living:
        faults.append(f"{len(rows)} enrolments of {living} people")
    for name, table, about in (
        ("message", Message, Message.about_type),
        ("audit entry", AuditEntry, AuditEntry.subject_type),
    ):
        number = db.session.scalar(select(func.count()).select_from(table).where(about == "enrolment"))
        if number != len(rows):
            faults.append(f"{number} times a {name} of {len(rows)} enrolments")
    given = sum(row.state is State.ENROLLED for row in rows)
    return Truth(given, sum(row.state is State.WAITLISTED for row in rows), faults)


def _list_faults(run: Run, rows: list[Enrolment]) -> Iterator[str]:
    """What is wrong with one run: its count, who has a place, the numbers, the order in which they were taken."""
    inside = [row for row in rows if row.state is State.ENROLLED]
    outside = [row for row in rows if row.state is State.WAITLISTED]
    if run.taken != len(inside):
        yield f"{run.code}: {run.taken} taken, {len(inside)} people inside, {run.places} places"
    yield from _played_again(run, rows)
    if [row.position for row in outside] != list(range(1, len(outside) + 1)):
        yield f"{run.code}: the numbers on the list have gaps or turns"
    moments = [row.requested_at for row in rows]
    if moments != sorted(moments):
        yield f"{run.code}: the list is not in the order in which the server took it"


def _played_again(run: Run, rows: list[Enrolment]) -> Iterator[str]:
    """Everybody once more in the order in which they were taken, by the pure rules: who got what they should not."""
    kept = reading_runs.quotas_of(run.id)
    places = PlacesFacts(run.code, run.places, 0, tuple(replace(each, taken=0) for each in kept))
    people = {each.id: each for each in reading_people.teachers_at_desk([row.teacher_id for row in rows])}
    for row in rows:
        taking = quota_rules.take(places, people[row.teacher_id].groups, row.requested_at)
        if isinstance(taking, Taking) != (row.state is State.ENROLLED):
            yield f"{run.code}: enrolment {row.id} is {row.state}, and a place was {taking}"
        if isinstance(taking, Taking):
            places = quota_rules.after(places, taking)
    if [each.taken for each in places.quotas] != [each.taken for each in kept]:
        yield f"{run.code}: the quotas count {[each.taken for each in kept]}"


def worst_inversion(rush: Rush, seen: Outcome) -> float:
    """By how many seconds anybody pressed later than somebody who stands behind them."""
    order = db.session.execute(
        select(Enrolment.run_id, Person.email).join(Teacher, Teacher.id == Enrolment.teacher_id)
        .join(Person, Person.id == Teacher.person_id).order_by(Enrolment.id)
    ).tuples()  # fmt: skip
    latest: dict[int, float] = {}
    worst = 0.0
    for run_id, email in order:
        pressed = seen.pressed[int((email or "").removeprefix("t").partition("@")[0])]
        worst = max(worst, latest.get(run_id, pressed) - pressed)
        latest[run_id] = max(latest.get(run_id, pressed), pressed)
    return worst
