"""Files that wait to be read by people are named whatever became of the text, or the letter in them is lost."""

from typing import Any

import pytest

from services.classify.decide import as_duplicate, decide
from services.classify.model import build_model
from shared.events import Attachment, Automatic, Outcome, Reading, Stance
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.samples import received, submission_id

MODEL = build_model(small_consultation())
UNREAD = [reading for reading in Reading if reading not in {Reading.TEXT, Reading.NO_TEXT}]


def files(*readings: Reading | None) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(sha256=f"{n:064x}", content_type="image/jpeg", size=1, reading=reading)
        for n, reading in enumerate(readings)
    )


@pytest.mark.parametrize("reading", UNREAD)
def test_an_opinion_with_an_unread_file_is_counted_and_the_file_named(reading: Reading) -> None:
    event = decide(received(attachments=files(Reading.TEXT, reading, Reading.NO_TEXT, None)), MODEL, b"k")
    assert (event.outcome, event.unread_files) == (Outcome.COUNTED, (reading,))
    assert event.opinions


def test_a_bare_stance_with_an_unread_file_is_counted_and_the_file_named() -> None:
    event = decide(received(text="", stance=Stance.AGREE, attachments=files(Reading.TRANSCRIBE)), MODEL, b"k")
    assert (event.outcome, event.stance, event.unread_files) == (
        Outcome.COUNTED,
        Stance.AGREE,
        (Reading.TRANSCRIBE,),
    )


def test_unreadable_and_duplicate_submissions_name_their_files_too() -> None:
    alone = decide(received(text="", attachments=files(Reading.ENCRYPTED, Reading.TRANSCRIBE)), MODEL, b"k")
    assert (alone.outcome, alone.unread_files) == (Outcome.UNREADABLE, (Reading.ENCRYPTED, Reading.TRANSCRIBE))
    again = as_duplicate(decide(received(attachments=files(Reading.BOMB)), MODEL, b"k"), submission_id(7))
    assert again.unread_files == (Reading.BOMB,)


def test_one_file_is_one_file_however_often_it_is_listed() -> None:
    typed, scanned = files(Reading.TEXT, Reading.TRANSCRIBE)
    same = scanned.model_copy(update={"sha256": typed.sha256})
    assert decide(received(attachments=(typed, same, same)), MODEL, b"k").unread_files == (Reading.TRANSCRIBE,)


def test_the_whole_message_and_files_of_automatic_mail_wait_for_nobody() -> None:
    original = tuple(file.model_copy(update={"role": "original"}) for file in files(Reading.MALFORMED))
    assert decide(received(attachments=original), MODEL, b"k").unread_files == ()
    bounce = received(automatic=Automatic.BOUNCE, attachments=files(Reading.TRANSCRIBE))
    assert decide(bounce, MODEL, b"k").unread_files == ()


POINTER = "Kính gửi Ban Tuyên giáo!\nÝ kiến ở ảnh đính kèm."


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        ((Reading.TRANSCRIBE,), "needs_transcription"),
        ((Reading.ENCRYPTED, Reading.NO_TEXT), "attachment_encrypted"),
        ((Reading.MALFORMED, Reading.TRANSCRIBE), "needs_transcription"),
    ],
)
def test_a_mere_pointer_to_unread_files_is_unreadable_like_the_files_alone(
    readings: tuple[Reading, ...], reason: str
) -> None:
    event = decide(received(text=POINTER, person="p", attachments=files(*readings)), MODEL, b"k")
    assert (event.outcome, event.reason, event.opinions, event.duplicate_key) == (Outcome.UNREADABLE, reason, (), None)
    assert event.unread_files


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"attachments": files(Reading.TEXT, Reading.TRANSCRIBE)},
        {"attachments": files(Reading.NO_TEXT)},
        {"attachments": files(None)},
        {"attachments": files(Reading.TRANSCRIBE), "stance": Stance.DISAGREE},
        {"attachments": files(Reading.TRANSCRIBE), "text": f"{POINTER} Đề nghị bỏ mục 3."},
    ],
)
def test_anything_but_a_mere_pointer_to_unread_files_stays_counted(fields: dict[str, Any]) -> None:
    assert decide(received(**({"text": POINTER} | fields)), MODEL, b"k").outcome is Outcome.COUNTED
