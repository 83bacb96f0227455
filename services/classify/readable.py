"""Can a text be read at all? What cannot ends as `unreadable` with a reason code, visible on every report, never dropped."""

import unicodedata
from enum import StrEnum

from shared.events import SubmissionReceived

_SAMPLE = 20_000  # code points looked at
_LONG = 24  # visible characters from which the mixture tells


class Unreadable(StrEnum):
    """Why nothing could be read; a code, never the citizen's words."""

    EMPTY = "empty"
    ATTACHMENT_ONLY = "attachment_only"  # to be transcribed by people or a later step
    NO_LETTERS = "no_letters"
    BROKEN_CHARACTERS = "broken_characters"
    NOISE = "noise"


def unreadable(received: SubmissionReceived) -> Unreadable | None:
    """Why the submission cannot be read; None when it can, a given stance without a text included."""
    if received.text.strip():
        return _noise(received.text)
    if received.stance is not None:
        return None
    return Unreadable.ATTACHMENT_ONLY if received.attachments else Unreadable.EMPTY


def _noise(text: str) -> Unreadable | None:
    visible = [c for c in text[:_SAMPLE] if not c.isspace()]
    letters = sum(1 for c in visible if c.isalpha() or unicodedata.combining(c))
    if letters == 0:
        return None if any(c.isalpha() for c in text[_SAMPLE:]) else Unreadable.NO_LETTERS
    broken = sum(1 for c in visible if c == "\ufffd" or unicodedata.category(c) in {"Cn", "Co"})
    if broken * 10 > len(visible):
        return Unreadable.BROKEN_CHARACTERS
    return Unreadable.NOISE if len(visible) >= _LONG and letters * 10 < len(visible) * 3 else None
