"""Certificates as PDF, from their frozen data alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrain.certificates.frozen import from_dict
from retrain.certificates.models import Certificate


@dataclass(frozen=True)
class Rendering:
    """A finished PDF."""

    pdf: bytes


def render(certificates: Sequence[Certificate]) -> Rendering:
    """One PDF of *certificates* in their order; a single one gives the same bytes each time."""
    # WeasyPrint is slow to import, and a server without Pango must start all the same.
    from retrain.certificates import design

    first = certificates[0]
    frozen = [from_dict(row.frozen["document"]) for row in certificates]
    return Rendering(design.render(frozen, first.design, first.design_version))
