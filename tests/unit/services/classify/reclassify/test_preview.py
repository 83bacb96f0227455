"""What was previewed is applied, and nothing that was taken back meanwhile comes to life again."""

from typing import Any

import pytest

from services.classify import withdrawal
from services.classify.model import build_model
from services.classify.reclassify import preview
from services.classify.reclassify.preview import Reclassifier
from services.classify.reclassify.reread import Rules
from shared.events import SubmissionReceived, SubmissionWithdrawn
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.fakes import Site
from tests.unit.services.classify.samples import AT, received, submission_id


async def test_words_that_are_erased_while_they_are_read_anew_stay_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site()
    letter = received(1, "Đề nghị làm đường giao thông đến bản.")
    await site.receive(letter)
    gone = SubmissionWithdrawn(
        consultation="thu-nghiem", submission_id=submission_id(1), withdrawn_at=AT, legal_basis="theo yêu cầu"
    )

    async def just_before(*_: Any) -> SubmissionReceived:
        await withdrawal.mark(site.store, [gone])
        return letter

    monkeypatch.setattr(preview, "received_of", just_before)
    model: Any = build_model(
        small_consultation(
            topic_groups=[
                {"code": 6, "title": "Đường", "description": "Đường giao thông", "hints": ["đường giao thông"]}
            ]
        )
    )
    nothing: Any = None
    reclassifier = Reclassifier(site.store, nothing, nothing, nothing, nothing, nothing, b"key")
    await reclassifier._changed(submission_id(1), 1, Rules(model, small_consultation().review, b"key"))
    assert (await site.result(1)).opinions[0].text == ""
