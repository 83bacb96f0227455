"""What one chat message is to us while its conversation waits."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from shared.events import Frozen


class RemoteFile(Frozen):
    """A file named by a message. The bytes are fetched at once, for its address expires; until then `state` is `waiting`."""

    name: str
    kind: str  # Zalo's: image, file, audio ...
    suffix: str = ""  # as declared: docx
    url: str = ""
    size: int | None = None  # as declared, bytes
    md5: str = ""  # as declared, hex
    said: str = ""  # stands for the bytes where the attachment is of an unknown kind
    state: Literal["waiting", "held", "lost"] = "waiting"
    attempts: int = 0
    blob: str = ""  # held: SHA-256 of the encrypted bytes in the object store
    content_type: str = ""
    reason: str = ""  # lost: why, as a code

    @property
    def waiting(self) -> bool:
        """Whether its bytes are still to be fetched."""
        return self.state == "waiting" and not self.said


class Message(Frozen):
    """One message of one person to one Official Account."""

    id: str
    user: str
    anonymous: bool = False  # an anonymous chat: `user` is the conversation's id, and there is no account to answer to
    sent_at: AwareDatetime | None  # by Zalo's clock, as far as it is usable
    received_at: AwareDatetime  # by ours: when the webhook had it
    text: str = ""
    place: str = ""  # "latitude, longitude"
    files: tuple[RemoteFile, ...] = ()

    @property
    def spoken_at(self) -> datetime:
        """When the person sent it: never later than we had it."""
        return min(self.sent_at or self.received_at, self.received_at)

    @property
    def says_something(self) -> bool:
        """Whether there is anything in it that could be an opinion (a sticker, a card or a bare place is none)."""
        return bool(self.text.strip() or self.files)
