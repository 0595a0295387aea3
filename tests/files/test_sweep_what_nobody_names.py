"""Bytes that no row names go after a day, whoever writes meanwhile; what somebody may still want stays."""

import os
from datetime import timedelta

import pytest

from retrain import files
from retrain.extensions import db
from retrain.files import store, sweeping
from retrain.jobs import registry

PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture
def old(app, clock):
    """``old(content)``: bytes that a killed worker left two days ago; their digest."""

    def left(content: bytes) -> str:
        (made,) = files.write_made([("a.pdf", content)])
        aged(made.digest)
        return made.digest

    def aged(digest: str) -> None:
        moment = (clock.moment - timedelta(days=2)).timestamp()
        os.utime(store.path_of(digest), (moment, moment))

    left.aged = aged
    return left


def new(clock, digest: str) -> None:
    """Dated as the test's clock says, for the disk has another."""
    moment = clock.moment.timestamp()
    os.utime(store.path_of(digest), (moment, moment))


def everything() -> list[str]:
    return sorted(each.name for each in store.folder().rglob("*") if each.is_file())


def test_orphans_go_and_all_that_is_named_or_new_stays(app, clock, old):
    orphan = old(PDF + b"orphan")
    named = files.keep(PDF + b"named", "b.pdf", allowed={files.PDF}).digest
    db.session.commit()
    old.aged(named)
    (fresh,) = files.write_made([("c.pdf", PDF + b"on its way")])
    new(clock, fresh.digest)
    assert sweeping.forget_orphans() == 1
    assert not store.path_of(orphan).exists()
    assert everything() == sorted([named[2:], fresh.digest[2:]])
    assert sweeping.forget_orphans() == 0
    clock.advance(days=2)
    assert sweeping.forget_orphans() == 1  # its row never came
    assert everything() == [named[2:]]


def test_the_worker_does_it_once_a_day(app):
    chore = registry.CHORES["retrain.files.sweeping.sweep"]
    assert chore.interval == timedelta(days=1)


@pytest.mark.parametrize("moment", ["before it is put aside", "after it was put aside"])
def test_bytes_brought_again_in_that_moment_stay(app, clock, old, monkeypatch, moment):
    """A writer brings the very bytes between the sweeper's look and its deed; their row comes after."""
    digest, replace, brought = old(PDF), os.replace, []

    def bring():
        if not brought:
            brought.append(digest)
            files.write_made([("again.pdf", PDF)])
            new(clock, digest)

    def meanwhile(source, target):
        if str(target).endswith(store.ASIDE):
            if moment.startswith("before"):
                bring()
            replace(source, target)
            if moment.startswith("after"):
                bring()
        else:
            replace(source, target)

    monkeypatch.setattr("pathlib.os.replace", meanwhile)
    assert (sweeping.forget_orphans(), brought) == (int(moment.startswith("after")), [digest])
    assert store.path_of(digest).read_bytes() == PDF
    assert everything() == [digest[2:]]


def test_two_sweepers_do_no_harm_to_one_another(app, clock, old, monkeypatch):
    digest, listed = old(PDF), store.brought_before

    def then_another(part, before):
        found = listed(part, before)
        for each in found:
            store.take_away(each, before)  # another was quicker
        return found

    monkeypatch.setattr(store, "brought_before", then_another)
    assert sweeping.forget_orphans() == 0
    assert everything() == []
    assert not store.path_of(digest).exists()


@pytest.mark.parametrize("named", [True, False])
def test_what_a_killed_sweeper_put_aside_is_settled_by_the_next(app, clock, old, named):
    if named:
        digest = files.keep(PDF, "a.pdf", allowed={files.PDF}).digest
        db.session.commit()
        old.aged(digest)
    else:
        digest = old(PDF)
    target = store.path_of(digest)
    target.rename(target.with_name(target.name + store.ASIDE))
    sweeping.forget_orphans()
    assert everything() == ([digest[2:]] if named else [])


def test_what_was_there_before_a_backup_came_back_stays(app, clock, old):
    """The rows of it are perhaps in a newer backup, which somebody finds later."""
    digest = old(PDF)
    marker = store.folder() / store.RESTORED
    marker.touch()
    moment = (clock.moment - timedelta(days=1, hours=1)).timestamp()
    os.utime(marker, (moment, moment))
    assert sweeping.forget_orphans() == 0
    later = old(PDF + b"later")
    moment += 60
    os.utime(store.path_of(later), (moment, moment))
    assert sweeping.forget_orphans() == 1
    assert everything() == sorted([digest[2:], store.RESTORED])
