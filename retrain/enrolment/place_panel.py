"""What the page of a run says about a place there, before anybody presses anything."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from retrain import clock
from retrain.audit import Actor
from retrain.catalogue import wording as catalogue_wording
from retrain.catalogue.models import Run
from retrain.enrolment import (
    desk,
    eligibility,
    queries,
    quota_rules,
    reading_people,
    reading_runs,
    rules,
    terms_words,
    wording,
)
from retrain.enrolment.eligibility import Condition
from retrain.enrolment.models import Enrolment
from retrain.enrolment.reading_people import TeacherAtDesk
from retrain.enrolment.reading_runs import RunAtDesk
from retrain.enrolment.states import OPEN, Lodging, Side, Source, State
from retrain.enrolment.terms import TermsFacts
from retrain.people import permissions
from retrain.refusal import Refusal
from retrain.web import pieces
from retrain.web.words import say


def context(run: Run, actor: Actor) -> dict[str, Any]:
    """Everything the panel shows. A teacher's part costs no statement that the run's terms don't ask for."""
    teacher, at_desk = _at_desk(run, actor)
    found: dict[str, Any] = {
        "run": run, "free": run.free, "mine": None, "action": None, "to_know": _to_know(at_desk.terms),
    }  # fmt: skip
    if teacher is not None:
        found |= _own_part(run, at_desk, teacher)
    else:
        reading_runs.count(at_desk)  # a teacher's standing brings it
        found |= _reasons(rules.run_refusals(at_desk.facts, clock.now()))
    if actor.person_id is None:
        found["action"] = "sign-in"
    elif permissions.scope(actor, "enrolment.nominate"):
        found["action"] = "nominate"
        found["may_consent"] = Side.COLLEGE in at_desk.terms.consent.sides
    if "conditions" not in found:
        sentences = catalogue_wording.conditions(run.policy or run.version.policy)
        found["conditions"] = [{"words": words} for words in sentences.values()]
    return found | {"waits": at_desk.waiting, "place_words": wording.place_words(run, at_desk.waiting)}


def _at_desk(run: Run, actor: Actor) -> tuple[TeacherAtDesk | None, RunAtDesk]:
    """The run, and whoever asks if they may come themselves; both in one question then."""
    may_come = permissions.scope(actor, "enrolment.mine") and not permissions.scope(
        actor, "enrolment.nominate"
    )
    both = reading_people.one_at_a_run(actor.person_id, run.code) if may_come and actor.person_id else None
    return both or (None, reading_runs.desk_of(run))


def _to_know(agreed: TermsFacts) -> Markup:
    return pieces.kept(
        "enrolment/_to_know.html",
        agreed,
        lambda: {"to_know": terms_words.to_know(agreed), "map_url": agreed.map_url},
    )


def _own_part(run: Run, at_desk: RunAtDesk, teacher: TeacherAtDesk) -> dict[str, Any]:
    """A teacher's own standing, or the button, or every reason why there is none."""
    reading_people.read_standings([teacher], at_desk)
    found = {
        "conditions": _judged(run, at_desk, teacher),
        "consents": _consents(at_desk, teacher),
    }
    if at := teacher.facts.on(at_desk.facts):
        return found | {"why": []} | standing(queries.enrolment(at.enrolment_id), at_desk)
    against = desk.against(at_desk, teacher, Source.SELF)
    free = None
    if at_desk.quotas:
        free = quota_rules.free_for(at_desk.places, teacher.groups, clock.now())
    return found | {
        "action": _action(at_desk, teacher, against), **_reasons(against),
        "free_for_you": free, "asks": bool(at_desk.terms.consent.sides),
    }  # fmt: skip


def _reasons(against: list[Refusal]) -> dict[str, Any]:
    """Why there is no place to take. That a round gives the places is the way they are given, no obstacle."""
    only_by_round = [each.code for each in against] == ["run-in-round"]
    return {"why": [say(refusal) for refusal in against], "only_by_round": only_by_round}


def standing(row: Enrolment, at_desk: RunAtDesk) -> dict[str, Any]:
    """Where somebody stands, and what they may do about it."""
    mine = wording.where_one_stands(row, queries.number_on_list(row))
    waiting = row.state is State.WAITLISTED
    return {
        "mine": mine,
        "waiting": waiting,
        "tone": wording.TONES.get(row.state, "idle"),
        **moves(row, at_desk),
    }


def moves(row: Enrolment, at_desk: RunAtDesk) -> dict[str, Any]:
    """What a person may do about their enrolment now, and until when."""
    now, offered, until = clock.now(), row.state is State.OFFERED, row.offer_expires_at
    leaves = not rules.withdrawal_refusals(at_desk.facts, row.state, now, at_desk.terms.withdraw_days)
    return {
        "leave": leaves and not offered,
        "offer_until": until if until is not None and now < until else None,
        "lapses_at": row.lapses_at,
        "zone": ZoneInfo(at_desk.facts.timezone),
        "lodging": terms_words.LODGINGS.get(row.lodging),
        "lodging_state": row.lodging,
        "may_ask_lodging": at_desk.terms.lodging and row.state in OPEN and row.lodging is Lodging.NONE,
    }


def _action(at_desk: RunAtDesk, teacher: TeacherAtDesk, against: list[Refusal]) -> str | None:
    if not against:
        return "enrol"
    unasked = at_desk.terms.consent.sides - teacher.consents.keys()
    return "ask-ahead" if unasked and {each.code for each in against} == {"enrolment-not-open"} else None


def _consents(at_desk: RunAtDesk, teacher: TeacherAtDesk) -> list[tuple[str, str]]:
    said = teacher.consents
    return [
        terms_words.consent_said(side, said.get(side), side in said)
        for side in sorted(at_desk.terms.consent.sides)
    ]


def _judged(run: Run, at_desk: RunAtDesk, teacher: TeacherAtDesk) -> list[dict[str, Any]]:
    """Each condition of the course in words, whether the teacher meets it, and by what."""
    if teacher.candidate is None:
        return []
    sentences = catalogue_wording.conditions(run.policy or run.version.policy)
    candidate = replace(teacher.candidate, standing=teacher.facts)
    judged = eligibility.judge(at_desk.conditions, at_desk.facts, at_desk.form, candidate, clock.now())
    return [_row(sentences[each.code], each) for each in judged.conditions if each.code in sentences]


def _row(sentence: str, condition: Condition) -> dict[str, Any]:
    return {"words": sentence, "met": condition.met, "yours": terms_words.yours(condition)}
