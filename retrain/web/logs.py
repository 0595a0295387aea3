"""What the program tells its operator: one JSON object a line on standard error, never with people's data.

Tracebacks are without the values of variables; the database's errors hide theirs (see config).
"""

import sys
from typing import Any

import structlog
from flask import Flask


def init_app(_app: Flask) -> None:
    """Set structlog up for the whole process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=_standard_error,
    )


def _standard_error(*_: Any) -> structlog.PrintLogger:
    """Asked for at each line, so that whoever redirects standard error gets what comes after."""
    return structlog.PrintLogger(sys.stderr)
