"""The receipt (giấy tiếp nhận): what we confirm, signed so that anybody can check it later. Pure and deterministic:
made again from the same facts it is byte for byte the same, so no receipt needs to be stored."""

from datetime import datetime
from typing import Literal

from services.ingest.settings import Secrets
from shared import signing
from shared.clock import format_instant
from shared.events import Frozen, WindowMark


class Receipt(Frozen):
    """The signed JSON a respondent may keep; `signature` covers every other field (canonical JSON, Ed25519)."""

    version: Literal[1] = 1
    consultation: str
    tracking_code: str
    received_at: str
    text_sha256: str
    window: WindowMark
    key_id: str
    signature: str


class Signer:
    """Holds the signing key. Raises SigningError when the seed is malformed."""

    def __init__(self, secrets: Secrets) -> None:
        self._seed = secrets.receipt_seed
        self.public_key = signing.public_key(secrets.receipt_seed)
        self.key_id = self.public_key[:16]

    def make(
        self, *, consultation: str, tracking_code: str, received_at: datetime, text_sha256: str, window: WindowMark
    ) -> Receipt:
        """The receipt of these facts."""
        facts = {
            "version": 1,
            "consultation": consultation,
            "tracking_code": tracking_code,
            "received_at": format_instant(received_at),
            "text_sha256": text_sha256,
            "window": window.value,
            "key_id": self.key_id,
        }
        return Receipt.model_validate(facts | {"signature": signing.sign(self._seed, facts)})
