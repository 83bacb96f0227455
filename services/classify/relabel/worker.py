"""Hands each message of the work stream to who carries it out."""

from services.classify.reclassify.preview import Reclassifier
from services.classify.relabel.order import Relabel, read
from services.classify.relabel.twins import Twins
from shared.raw_message import RawMessage


class Worker:
    """Called by the bus, one message at a time."""

    def __init__(self, twins: Twins, reclassifier: Reclassifier) -> None:
        self._twins = twins
        self._reclassifier = reclassifier

    async def __call__(self, message: RawMessage) -> None:
        """Raises Permanent for a message that is no order, Transient when bus or database are away."""
        order = read(message.body)
        if isinstance(order, Relabel):
            await self._twins(order, message.context)
        else:
            await self._reclassifier(order, message.context, message.attempt)
