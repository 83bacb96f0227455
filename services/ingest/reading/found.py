"""What a format's reader answers. Standard library only: the process apart must start fast.

The values of `TEXT` and the others are those of `shared.events.Reading`; a test keeps the two together.
"""

from dataclasses import dataclass

TEXT = "text"
NO_TEXT = "no_text"
TRANSCRIBE = "transcribe"
ENCRYPTED = "encrypted"
MALFORMED = "malformed"
BOMB = "bomb"
TIMEOUT = "timeout"
TOO_LONG = "too_long"
UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Member:
    """A file found inside a file; its bytes are still to be read. With `reading`: the file itself once more.

    Such a second entry has neither name nor bytes: the parent has them.
    """

    filename: str
    content_type: str
    data: bytes
    reading: str | None = None


@dataclass(frozen=True)
class Found:
    """`text` only with `TEXT`. `note` is a word for the log: never the citizen's words."""

    reading: str
    text: str = ""
    members: tuple[Member, ...] = ()
    note: str = ""


class Unread(Exception):
    """The file cannot be read, and this is why."""

    def __init__(self, reading: str, note: str = "") -> None:
        super().__init__(reading)
        self.reading = reading
        self.note = note


def of_text(text: str, *, pictures: bool = False) -> Found:
    """Text when there is any letter or digit in it; without one, pictures are for people to write down."""
    if any(c.isalnum() for c in text):
        return Found(TEXT, text)
    return Found(TRANSCRIBE if pictures else NO_TEXT)
