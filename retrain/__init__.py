"""Retrain: course management for retraining vocational-college teachers.

``create_app`` puts the house together; the order of ``PACKAGES`` is the order of the flow.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

PACKAGES = (
    "audit", "ledger", "files", "jobs", "messages", "web",
    "people", "record", "catalogue", "enrolment", "allocation", "planning", "orders", "timetable", "attendance",
    "completion", "certificates", "demo",
)  # fmt: skip
"""Every package that brings tables, pages, work or commands, earlier stages first."""


def create_app(config: dict[str, Any] | None = None) -> "Flask":
    """The assembled application; *config* overrides Flask settings (tests use it)."""
    from retrain.web.assembly import assemble

    return assemble(PACKAGES, config or {})
