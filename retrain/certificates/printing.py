"""Certificates as PDF, from their frozen data alone."""

from collections.abc import Sequence

from retrain.certificates.frozen import from_dict
from retrain.certificates.models import Certificate


def render(certificates: Sequence[Certificate]) -> bytes:
    """One PDF of *certificates* in their order; a single one gives the same bytes each time."""
    # WeasyPrint is slow to import, and a server without Pango must start all the same.
    from retrain.certificates import design

    first = certificates[0]
    frozen = [from_dict(row.frozen["document"]) for row in certificates]
    return design.render(frozen, first.design, first.design_version)
