"""Invented events for tests of the plumbing."""

import hashlib
from datetime import UTC, datetime

from shared.events import SubmissionReceived

AT = datetime(2025, 10, 1, 2, 3, 4, tzinfo=UTC)


def submission(
    n: int, *, text: str = "Đề nghị bổ sung chỉ tiêu trồng rừng.", channel: str = "web"
) -> SubmissionReceived:
    """The n-th invented submission; the same n is the same fact."""
    return SubmissionReceived(
        consultation="dien-bien-2025",
        submission_id=f"{n:032x}",
        channel=channel,
        received_at=AT,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def number(submission_id: str) -> int:
    """The n of `submission`."""
    return int(submission_id, 16)
