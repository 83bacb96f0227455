"""What becomes of a submission, taken by itself."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.classify.decide import as_duplicate, decide, decide_all
from services.classify.model import build_model
from shared.events import Attachment, Automatic, Outcome, Reading, Stance, WindowMark
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
def test_what_cannot_be_read_says_why_and_is_no_duplicate(text: str, fields: dict[str, Any], reason: str) -> None:
    event = decide(received(text=text, person="p", **fields), MODEL, b"k")
    assert (event.outcome, event.reason, event.opinions, event.duplicate_key) == (Outcome.UNREADABLE, reason, (), None)


def _files(*readings: Reading | None) -> tuple[Attachment, ...]:
    return tuple(FILE.model_copy(update={"reading": reading}) for reading in readings)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (_files(Reading.TRANSCRIBE), "needs_transcription"),
        (_files(Reading.NO_TEXT, Reading.MALFORMED, Reading.TRANSCRIBE), "needs_transcription"),
        (_files(Reading.ENCRYPTED, Reading.BOMB), "attachment_encrypted"),
        (_files(Reading.TOO_LONG), "attachment_too_long"),
        (_files(Reading.TIMEOUT, Reading.NO_TEXT), "attachment_timeout"),
        (_files(Reading.MALFORMED, Reading.UNSUPPORTED), "attachment_malformed"),
        (_files(Reading.NO_TEXT, Reading.BOMB), "attachment_bomb"),
        (_files(Reading.UNSUPPORTED), "attachment_unsupported"),
        (_files(Reading.NO_TEXT, None), "attachment_no_text"),
        ((FILE.model_copy(update={"role": "original"}),), "empty"),
        ((FILE.model_copy(update={"role": "original"}), FILE), "attachment_only"),
    ],
)
def test_a_submission_of_files_only_says_what_became_of_the_most_promising_one(
    files: tuple[Attachment, ...], reason: str
) -> None:
    event = decide(received(text="", attachments=files), MODEL, b"k")
    assert (event.outcome, event.reason) == (Outcome.UNREADABLE, reason)


def test_files_nobody_could_read_take_nothing_from_a_text_or_a_stance() -> None:
    files = _files(Reading.ENCRYPTED)
    assert decide(received(text="Nhất trí.", attachments=files), MODEL, b"k").outcome is Outcome.COUNTED
    assert decide(received(text="", stance=Stance.AGREE, attachments=files), MODEL, b"k").outcome is Outcome.COUNTED


@pytest.mark.parametrize("automatic", Automatic)
def test_automatic_mail_is_no_opinion_whatever_it_says(automatic: Automatic) -> None:
    event = decide(received(text="Tôi đi vắng.", stance=Stance.AGREE, automatic=automatic), MODEL, b"k")
    assert (event.outcome, event.reason, event.opinions) == (Outcome.UNREADABLE, "automatic_mail", ())


@pytest.mark.parametrize("text", ["ok", "Đồng ý!!!", "3,5% là thấp so với 4,2% của tỉnh bạn"])
def test_short_or_figure_laden_texts_are_readable(text: str) -> None:
    assert decide(received(text=text), MODEL, b"k").outcome is Outcome.COUNTED


def test_a_duplicate_keeps_its_opinions_and_names_its_original() -> None:
    event = as_duplicate(decide(received(), MODEL, b"k"), submission_id(7))
    assert (event.outcome, event.duplicate_of) == (Outcome.DUPLICATE, submission_id(7))
    assert event.opinions


def test_a_bare_stance_carries_what_it_is_about_and_a_text_does_not() -> None:
    about: dict[str, Any] = {"stance": Stance.DISAGREE, "draft_id": "d1", "section_ref": "II"}
    bare = decide(received(text=" \n", **about), MODEL, b"k")
    assert (bare.stance, bare.draft_id, bare.section_ref) == (Stance.DISAGREE, "d1", "II")
    written = decide(received(**about), MODEL, b"k")
    assert (written.stance, written.draft_id, written.section_ref) == (None, None, None)
    assert written.opinions[0].stance is Stance.DISAGREE


_READABLE: tuple[dict[str, Any], ...] = (
    {"text": "1. Nhất trí với chủ đề Đại hội.\n2. Thiếu giáo viên."},
    {"text": "Đề nghị bỏ Điều 9. Xin cảm ơn.", "section_ref": "III", "draft_id": "bao-cao"},
    {"text": "thieu giao vien va tram y te", "person": "p"},
    {"text": "Viết lại cho gọn.", "stance": Stance.AGREE, "window": WindowMark.AFTER},
    {"text": " ", "stance": Stance.DISAGREE, "section_ref": "II", "draft_id": "bao-cao"},
    {"text": "Nhất trí.", "attachments": _files(Reading.ENCRYPTED)},
)
_UNREADABLE: tuple[dict[str, Any], ...] = (
    {"text": ""},
    {"text": "12 345 !!!", "person": "p"},
    {"text": "a\ufffdb\ufffdc\ufffd"},
    {"text": "Đề nghị bổ sung chỉ tiêu.", "automatic": Automatic.AUTO_REPLY},
    {"text": "", "attachments": _files(Reading.TRANSCRIBE)},
)


@settings(max_examples=60)
@given(st.lists(st.sampled_from((*_READABLE, *_UNREADABLE)), max_size=40))
@example([])
@example([_UNREADABLE[0]])
@example([*_UNREADABLE] * 4)
@example([*_UNREADABLE, *_READABLE, *_UNREADABLE[::-1], *_READABLE[::-1]] * 2)
def test_many_submissions_are_decided_as_one_by_one_in_their_order(drawn: list[dict[str, Any]]) -> None:
    """What cannot be read holds its own place: no letter gets the opinions of another."""
    several = [received(number, **fields) for number, fields in enumerate(drawn)]
    together = decide_all(several, MODEL, b"k")
    assert together == [decide(one, MODEL, b"k") for one in several]
    for one, event, fields in zip(several, together, drawn, strict=True):
        assert event.submission_id == one.submission_id
        assert (event.outcome is Outcome.COUNTED) is (fields in _READABLE)
        assert bool(event.opinions) is (fields in _READABLE and bool(one.text.strip()))
        assert [o.opinion_id for o in event.opinions] == [
            f"{one.submission_id}-{number}" for number in range(1, len(event.opinions) + 1)
        ]
        assert all(one.text[o.start : o.end] == o.text for o in event.opinions)
