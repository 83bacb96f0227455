"""What readers do at the queue: take the next item, answer it, put it off, see how much waits."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.classify.review import claims
from services.classify.review.item import SECOND
from services.classify.review.pick import Filter, Work, lanes_for, next_work, settle_lanes, take, work_of
from services.classify.review.queue import (
    ANSWERS,
    PRIORITY,
    QUEUE,
    day_of,
    opinion_of,
)
from services.classify.source import followers, received_of
from shared.accounts import Account, Accounts
from shared.bus import Bus
from shared.clock import Clock
from shared.consultation import Consultation
from shared.events import Stance, SubmissionReceived
from shared.problem import Problem
from shared.shared_throttle import SharedThrottle
from shared.store.port import DocumentStore

SUMMARY_S = 3.0  # sizes are counted that often at most, however many look


@dataclass(frozen=True)
class Sheet:
    """All there is to show of an item."""

    work: Work
    received: SubmissionReceived
    given: Stance | None  # the stance its writer chose
    followers: int  # other opinions that a decision on this one will reach

    @property
    def blind(self) -> bool:
        """Whether the reader must not know what the machine said."""
        return self.work.item.kind != "queue"


@dataclass(frozen=True)
class Sizes:
    """How many items wait for which reason, and how many opinions of the sample wait for their second reader."""

    lanes: Mapping[str, int]
    second: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.lanes.values()) + self.second


@dataclass(frozen=True)
class Desk:
    """One per process."""

    store: DocumentStore
    bus: Bus
    accounts: Accounts
    clock: Clock
    operator_token_sha256: str
    throttle: SharedThrottle
    _sizes: dict[str, tuple[float, Sizes]] = field(default_factory=dict)

    def consultation(self, id_: str) -> Consultation:
        """Raises Problem 404 when there is no such consultation."""
        found = self.bus.consultations.get(id_)
        if found is None:
            raise Problem(
                404,
                "unknown-consultation",
                "Không có đợt lấy ý kiến này",
                "Mã đợt lấy ý kiến không đúng hoặc đợt lấy ý kiến chưa được công bố. Xin kiểm tra lại.",
            )
        return found

    async def next(self, consultation: str, reader: Account, kind: Filter | None = None) -> Sheet | None:
        """Takes the next item for 15 minutes; None when nothing is left for this reader."""
        lanes = lanes_for(reader.id, self.accounts.ids(), await self.done_today(consultation, reader.id), kind)
        for _ in range(5):
            work = await next_work(self.store, consultation, reader.id, lanes, self.clock())
            if work is None:
                return None
            if (sheet := await self._sheet(work)) is not None:
                return sheet
            await claims.put_off(self.store, work.item.opinion_id, reader.id, self.clock())  # its text is gone
        return None

    async def open(self, consultation: str, item_id: str, reader: Account) -> Sheet | None:
        """Takes that item; None when it waits no more, is not for this reader, or another has it."""
        work = await work_of(self.store, item_id)
        if work is None or work.item.consultation != consultation or not work.item.open_to(reader.id):
            return None
        if not await take(self.store, work, reader.id, self.clock()):
            return None
        return await self._sheet(work)

    async def put_off(self, item_id: str, reader: Account) -> None:
        """Offers it to this reader only when nothing else is left."""
        await claims.put_off(self.store, opinion_of(item_id), reader.id, self.clock())

    async def sizes(self, consultation: str) -> Sizes:
        """How much waits, at most a few seconds old."""
        now = asyncio.get_running_loop().time()
        kept = self._sizes.get(consultation)
        if kept is not None and now - kept[0] < SUMMARY_S:
            return kept[1]
        await settle_lanes(self.store, consultation)
        counted = await self.store.count_by(QUEUE, "by_lane", where=(consultation,), depth=1)
        found = {str(lane): n for (lane,), n in counted.items() if lane is not None}
        second = sum(n for lane, n in found.items() if lane.startswith(SECOND))
        sizes = Sizes({lane: found.get(lane, 0) for lane in (*PRIORITY, "sample")}, second)
        self._sizes[consultation] = (now, sizes)
        return sizes

    def forget_sizes(self, consultation: str) -> None:
        """Counts anew at the next look: something was just read."""
        self._sizes.pop(consultation, None)

    async def done_today(self, consultation: str, reviewer: str) -> int:
        """How many reviews the account has made since midnight in Vietnam."""
        where = (consultation, reviewer, day_of(self.clock()))
        return (await self.store.count_by(ANSWERS, "by_reader", where=where)).get((), 0)

    async def _sheet(self, work: Work) -> Sheet | None:
        received = await received_of(self.store, self.bus.js, work.item.submission_id)
        if received is None:
            return None
        reached = await followers(self.store, work.item.consultation, work.opinion)
        return Sheet(work, received, received.stance, reached)
