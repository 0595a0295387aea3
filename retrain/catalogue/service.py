"""Everything that writes courses and runs: each function one use case in one transaction."""

from retrain.catalogue.authoring import create_course, move_course, publish_course, save_version
from retrain.catalogue.places import next_waiting, release_place, take_place, take_places
from retrain.catalogue.running import (
    cancel_run,
    change_run,
    copy_run,
    move_run,
    open_run,
    publish_run,
    quick_course,
)

__all__ = [
    "cancel_run",
    "change_run",
    "copy_run",
    "create_course",
    "move_course",
    "move_run",
    "next_waiting",
    "open_run",
    "publish_course",
    "publish_run",
    "quick_course",
    "release_place",
    "save_version",
    "take_place",
    "take_places",
]
