"""For which WeasyPrint the press knows what it would print."""

from functools import cache
from importlib import metadata

KNOWN = "70."
"""The press looks into WeasyPrint. The tests of pixels pass with these versions; with another everything is still
printed, by WeasyPrint itself, and slower."""


@cache
def known() -> bool:
    """Whether the WeasyPrint that is installed is one the press was tried with."""
    return metadata.version("weasyprint").startswith(KNOWN)
