"""Can a text be read at all? What cannot ends as `unreadable` with a reason code, visible on every report, never dropped."""

import re
import unicodedata
from enum import StrEnum

from services.classify.garbled import Spoilt, spoilt
from services.classify.pointer import is_pointer
from services.classify.unread_files import holds_text, unread_files
from shared.events import Reading, SubmissionReceived

_SAMPLE = 20_000  # code points looked at
_SIGN = re.compile(r"[^\w\s]|[\d_]")
_LONG = 24  # visible characters from which the mixture tells


class Unreadable(StrEnum):
    """Why nothing could be read; a code, never the citizen's words."""

    EMPTY = "empty"
    AUTOMATIC_MAIL = "automatic_mail"
    NEEDS_TRANSCRIPTION = "needs_transcription"
    ATTACHMENT_ENCRYPTED = "attachment_encrypted"
    ATTACHMENT_TOO_LONG = "attachment_too_long"
    ATTACHMENT_TIMEOUT = "attachment_timeout"
    ATTACHMENT_MALFORMED = "attachment_malformed"
    ATTACHMENT_BOMB = "attachment_bomb"
    ATTACHMENT_UNSUPPORTED = "attachment_unsupported"
    ATTACHMENT_NO_TEXT = "attachment_no_text"
    ATTACHMENT_ONLY = "attachment_only"  # an older event: nobody has tried to read the files
    NO_LETTERS = "no_letters"
    BROKEN_CHARACTERS = "broken_characters"
    NOISE = "noise"
    WRONG_FONT = "wrong_font"  # written in TCVN3 or VNI, shown as Western letters
    WRONG_ENCODING = "wrong_encoding"  # UTF-8 read as something else
    OCR_NOISE = "ocr_noise"


# Of several files that which promises most when a person takes it up: a scan can be written down, a program hardly.
_BY_READING = {
    Reading.TRANSCRIBE: Unreadable.NEEDS_TRANSCRIPTION,
    Reading.ENCRYPTED: Unreadable.ATTACHMENT_ENCRYPTED,
    Reading.TOO_LONG: Unreadable.ATTACHMENT_TOO_LONG,
    Reading.TIMEOUT: Unreadable.ATTACHMENT_TIMEOUT,
    Reading.MALFORMED: Unreadable.ATTACHMENT_MALFORMED,
    Reading.BOMB: Unreadable.ATTACHMENT_BOMB,
    Reading.UNSUPPORTED: Unreadable.ATTACHMENT_UNSUPPORTED,
    Reading.NO_TEXT: Unreadable.ATTACHMENT_NO_TEXT,
}
_BY_SPOILING = {
    Spoilt.FONT: Unreadable.WRONG_FONT,
    Spoilt.ENCODING: Unreadable.WRONG_ENCODING,
    Spoilt.LETTERS_LOST: Unreadable.BROKEN_CHARACTERS,
    Spoilt.SCAN: Unreadable.OCR_NOISE,
}


def unreadable(received: SubmissionReceived) -> Unreadable | None:
    """Why the submission cannot be read; None when it can, a given stance without a text included.

    A mail that no person wrote holds no opinion, whatever its text. A text that only points to files nobody could read ("Ý kiến ở
    ảnh đính kèm") is none either: the opinion is in the files.
    """
    if received.automatic is not None:
        return Unreadable.AUTOMATIC_MAIL
    if received.text.strip():
        return _noise(received.text) or _behind_pointer(received)
    if received.stance is not None:
        return None
    readings = {file.reading for file in received.attachments if file.reading is not None}
    if reason := _most_promising(readings):
        return reason
    files = any(file.role == "file" for file in received.attachments)  # the original mail alone is no opinion in a file
    return Unreadable.ATTACHMENT_ONLY if files else Unreadable.EMPTY


def _behind_pointer(received: SubmissionReceived) -> Unreadable | None:
    """The reason of the files the text points to; None when it says more, a stance was given, or one of the files was read."""
    if received.stance is not None or holds_text(received):
        return None
    unread = unread_files(received)
    return _most_promising(set(unread)) if unread and is_pointer(received.text) else None


def _most_promising(readings: set[Reading]) -> Unreadable | None:
    return next((reason for reading, reason in _BY_READING.items() if reading in readings), None)


def _noise(text: str) -> Unreadable | None:
    if reason := _mixture(text):
        return reason
    spoiling = spoilt(text)
    return None if spoiling is None else _BY_SPOILING[spoiling]


def _mixture(text: str) -> Unreadable | None:
    """What the mixture of characters tells; mostly letters, as nearly every text, is told at once."""
    sample = text[:_SAMPLE]
    if len(_SIGN.findall(sample)) * 10 < len(sample) - sample.count(" "):
        return None
    visible = [c for c in text[:_SAMPLE] if not c.isspace()]
    letters = sum(1 for c in visible if c.isalpha() or unicodedata.combining(c))
    if letters == 0:
        return None if any(c.isalpha() for c in text[_SAMPLE:]) else Unreadable.NO_LETTERS
    broken = sum(1 for c in visible if c == "\ufffd" or unicodedata.category(c) in {"Cn", "Co"})
    if broken * 10 > len(visible):
        return Unreadable.BROKEN_CHARACTERS
    return Unreadable.NOISE if len(visible) >= _LONG and letters * 10 < len(visible) * 3 else None
