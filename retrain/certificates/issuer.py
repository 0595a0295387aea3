"""Who issues a document, as the document says it: names, the authority above, place, signatures, legal basis."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from retrain.catalogue.states import DocumentType
from retrain.certificates.frozen import Signatory
from retrain.language import pick
from retrain.people import queries as people
from retrain.people import settings
from retrain.people.wording import REGIONS
from retrain.web.language import written_in


@dataclass(frozen=True)
class Issuer:
    """A provider as its documents of one kind and language name it on a day."""

    names: dict[str, str]
    authority: str
    """The organisation it belongs to, a ministry mostly."""
    place: str
    signatories: tuple[Signatory, ...]
    legal_basis: str

    @classmethod
    def of(cls, provider_id: int, kind: DocumentType, language: str, day: date) -> "Issuer":
        """Names, signatories and legal basis are those of *day*."""
        provider = people.organisation_by_id(provider_id)
        called = people.organisation_names([provider.id, provider.parent_id], day)
        texts = settings.get(provider_id, "legal_texts", day)
        return cls(
            names=called[provider.id],
            authority=pick(called.get(provider.parent_id or 0), language),
            place=in_language(language, REGIONS[provider.region]),
            signatories=tuple(
                Signatory(_text(row.get("post"), language), _text(row.get("name"), language))
                for row in settings.get(provider_id, "signatories", day)
            ),
            legal_basis=_text(texts.get(kind.value, texts), language),
        )


def in_language(language: str, words: Any) -> str:
    """Words of the pages in the document's language."""
    with written_in(language):
        return str(words)


def _text(value: Any, language: str) -> str:
    """A setting's text, whether it is one text or one in each language."""
    return pick(value, language) if isinstance(value, dict) else str(value or "")
