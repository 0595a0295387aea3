"""When a signature existed, said by a time-stamp service (RFC 3161): what makes it outlive its key's certificate."""

import secrets

import requests
from asn1crypto import cms, tsp

from retrain.refusal import Refusal, Refused

_PATIENCE = 10
"""Seconds to wait for the service: somebody waits for a document."""


class StampService:
    """The service at *url*. Raises Refused with ``stamp-missing`` when it doesn't answer as it should."""

    longest = 12 * 1024

    def __init__(self, url: str) -> None:
        self.url = url

    def stamp(self, imprint: bytes) -> cms.ContentInfo:
        """The token that says when the SHA-256 *imprint* existed."""
        nonce = secrets.randbits(63)
        asked = tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": imprint},
                "nonce": nonce,
                "cert_req": True,
            }
        )
        try:
            answer = requests.post(
                self.url, data=asked.dump(), timeout=_PATIENCE,
                headers={"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"},
            )  # fmt: skip
            answer.raise_for_status()
            return self._token(tsp.TimeStampResp.load(answer.content), imprint, nonce)
        except (requests.RequestException, ValueError, TypeError, KeyError) as error:
            raise Refused(Refusal.of("stamp-missing")) from error

    def _token(self, answer: tsp.TimeStampResp, imprint: bytes, nonce: int) -> cms.ContentInfo:
        if answer["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise ValueError("refused by the service")
        token = answer["time_stamp_token"]
        said = token["content"]["encap_content_info"]["content"].parsed
        if said["message_imprint"]["hashed_message"].native != imprint or said["nonce"].native != nonce:
            raise ValueError("an answer to something else")
        if len(token.dump()) > self.longest:
            raise ValueError("an answer of unusual length")
        return token
