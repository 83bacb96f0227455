"""Who sent the same twice, without knowing who or what."""

import pytest

from services.classify.duplicates import duplicate_key
from shared.events import Attachment, Reading, Stance
from tests.unit.services.classify.samples import received

KEY = b"secret"


def test_nobody_known_no_key() -> None:
    assert duplicate_key(KEY, received()) is None


@pytest.mark.parametrize(
    "text", ["NHẤT TRÍ với chủ đề Đại hội", "nhat tri voi chu de dai hoi!", " Nhất  trí,\nvới chủ đề Đại hội. "]
)
def test_the_same_person_and_folded_text_have_the_same_key(text: str) -> None:
    assert duplicate_key(KEY, received(2, text, "p")) == duplicate_key(KEY, received(1, person="p"))


def test_another_person_text_or_consultation_has_another_key() -> None:
    events = (
        received(person="p"),
        received(person="q"),
        received(text="Không nhất trí với chủ đề Đại hội.", person="p"),
        received(person="p", consultation="khac"),
    )
    assert len({duplicate_key(KEY, event) for event in events}) == len(events)


def test_bare_stances_on_different_sections_are_no_duplicates() -> None:
    events = [received(text="", person="p", stance=Stance.AGREE, section_ref=ref) for ref in ("I", "II")]
    assert duplicate_key(KEY, events[0]) != duplicate_key(KEY, events[1])


def test_the_key_depends_on_the_secret() -> None:
    assert duplicate_key(b"a", received(person="p")) != duplicate_key(b"b", received(person="p"))


def test_bare_stances_on_different_drafts_are_no_duplicates() -> None:
    events = [received(text="", person="p", stance=Stance.AGREE, draft_id=draft) for draft in ("a", "b", None)]
    assert len({duplicate_key(KEY, event) for event in events}) == 3
    assert duplicate_key(KEY, events[0]) == duplicate_key(KEY, events[0].model_copy(update={"submission_id": "1" * 32}))


def test_the_same_few_words_with_another_unread_scan_are_another_letter() -> None:
    def with_scan(digit: str, reading: Reading) -> str | None:
        file = Attachment(sha256=digit * 64, content_type="image/png", size=1, reading=reading)
        return duplicate_key(
            KEY, received(text="Ý kiến ở ảnh.", person="p").model_copy(update={"attachments": (file,)})
        )

    assert with_scan("a", Reading.TRANSCRIBE) != with_scan("b", Reading.TRANSCRIBE)
    assert with_scan("a", Reading.TRANSCRIBE) == with_scan("a", Reading.TRANSCRIBE)
    assert with_scan("a", Reading.TEXT) == with_scan("b", Reading.TEXT)  # what it says stands in the text
