"""The stored keys by which courses and runs are found and sorted, alike in every script."""

from collections.abc import Iterable, Mapping

from retrain.catalogue.plan import CoursePlan
from retrain.language import pick
from retrain.language.keys import search_key, sort_key


def of_course(code: str, plan: CoursePlan) -> str:
    """What a course is found by: code, titles, whom it is for."""
    return _joined([code, *plan.titles.values(), *plan.audience])


def of_run(code: str, course_key: str, *texts: str) -> str:
    """What a run is found by: its code, its course, and *texts* (group, place, provider)."""
    return _spaced([*_joined([code, *texts]).split(), *course_key.split()])


def words(typed: str) -> list[str]:
    """The beginnings of words that a search asks for, as they stand in the keys; the first eight of them."""
    return [f" {word}" for word in search_key(typed[:200]).split()[:8]]


def sorting(titles: Mapping[str, str]) -> str:
    """The key that a title sorts by."""
    return sort_key(pick(titles, "uz"))[:600]


def _joined(texts: Iterable[str]) -> str:
    return _spaced(word for text in texts for word in search_key(text).split())


def _spaced(words: Iterable[str]) -> str:
    """Each word once, with a space before it: a word is found by how it begins."""
    return "".join(f" {word}" for word in dict.fromkeys(words))
