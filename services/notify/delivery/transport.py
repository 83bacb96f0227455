"""What the sender asks of a way to deliver something, whatever that something is."""

from datetime import datetime
from typing import Protocol, TypeVar

from shared.errors import Permanent

Message = TypeVar("Message", contravariant=True)


class Transport(Protocol[Message]):
    """Raises Transient (may succeed later) or Permanent (refused for good)."""

    async def send(self, message: Message, /, *, at: datetime) -> None:
        """Returns once the receiving server has taken responsibility."""


class RefusedError(Permanent):
    """The receiving server refuses this message for good."""
