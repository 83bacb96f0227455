"""Invented submissions."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from shared.events import Respondent, SubmissionReceived

AT = datetime(2025, 6, 12, 3, tzinfo=UTC)


def submission_id(number: int) -> str:
    return uuid5(NAMESPACE_URL, f"test:{number}").hex


def received(
    number: int = 1, text: str = "Nhất trí với chủ đề Đại hội.", person: str | None = None, **fields: Any
) -> SubmissionReceived:
    return SubmissionReceived(
        **{
            "consultation": "thu-nghiem",
            "submission_id": submission_id(number),
            "channel": "web",
            "received_at": AT,
            "text": text,
            "text_sha256": sha256(text.encode()).hexdigest(),
            "respondent": Respondent(person_hash=person, group="dang-vien", unit="u1", locality="l1"),
        }
        | fields
    )
