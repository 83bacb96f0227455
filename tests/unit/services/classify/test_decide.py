"""What becomes of a submission, taken by itself."""

import pytest

from services.classify.decide import as_duplicate, decide
from services.classify.model import build_model
from shared.events import Attachment, Outcome, Stance, WindowMark
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.samples import AT, received, submission_id

MODEL = build_model(small_consultation())
FILE = Attachment(sha256="0" * 64, content_type="application/pdf", size=1)


def test_a_letter_is_counted_with_its_opinions() -> None:
    event = decide(received(text="1. Nhất trí với chủ đề Đại hội.\n2. Thiếu giáo viên."), MODEL, b"k")
    assert event.outcome is Outcome.COUNTED
    assert [o.topics[0] for o in event.opinions] == [1, 6]
    assert [o.opinion_id for o in event.opinions] == [f"{submission_id(1)}-1", f"{submission_id(1)}-2"]
    assert event.classifier == MODEL.version


def test_what_reports_count_by_is_carried_over() -> None:
    event = decide(received(window=WindowMark.AFTER), MODEL, b"k")
    assert (event.channel, event.received_at, event.window) == ("web", AT, WindowMark.AFTER)
    assert (event.group, event.unit, event.locality) == ("dang-vien", "u1", "l1")


def test_a_bare_stance_is_counted_without_opinions() -> None:
    event = decide(received(text=" ", stance=Stance.AGREE), MODEL, b"k")
    assert (event.outcome, event.opinions, event.reason) == (Outcome.COUNTED, (), None)


@pytest.mark.parametrize(
    ("text", "fields", "reason"),
    [
        ("", {}, "empty"),
        (" \n", {"attachments": (FILE,)}, "attachment_only"),
        ("12 345 !!!", {}, "no_letters"),
        ("............", {"stance": Stance.AGREE}, "no_letters"),
        ("a�b�c�", {}, "broken_characters"),
        ("a@@##$$%%^^&&**(())__++!!~~``{{}}", {}, "noise"),
    ],
)
def test_what_cannot_be_read_says_why_and_is_no_duplicate(text: str, fields: dict[str, object], reason: str) -> None:
    event = decide(received(text=text, person="p", **fields), MODEL, b"k")
    assert (event.outcome, event.reason, event.opinions, event.duplicate_key) == (Outcome.UNREADABLE, reason, (), None)


@pytest.mark.parametrize("text", ["ok", "Đồng ý!!!", "3,5% là thấp so với 4,2% của tỉnh bạn"])
def test_short_or_figure_laden_texts_are_readable(text: str) -> None:
    assert decide(received(text=text), MODEL, b"k").outcome is Outcome.COUNTED


def test_a_duplicate_keeps_its_opinions_and_names_its_original() -> None:
    event = as_duplicate(decide(received(), MODEL, b"k"), submission_id(7))
    assert (event.outcome, event.duplicate_of) == (Outcome.DUPLICATE, submission_id(7))
    assert event.opinions
