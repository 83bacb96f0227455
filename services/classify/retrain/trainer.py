"""When to train, and who: soon after a correction, at start-up, and whenever a look shows that the model in use is behind.

One replica at a time trains (a lease spares double work; two that train the same rows announce the same once). What to train is
asked of the store each time, so a crash anywhere loses nothing: the next look finds the model behind and trains.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from uuid import uuid4

import nats.errors
import structlog

from services.classify.models import Models
from services.classify.retrain.announced import Announced, LearnedModels
from services.classify.retrain.apart import train_apart
from services.classify.retrain.artifacts import announce, due, tidy
from services.classify.retrain.lesson import Lesson
from services.classify.retrain.rows import State, rows_of, state_of
from shared import metrics, topology
from shared.bus import Bus
from shared.clock import Clock
from shared.consultation import Consultation
from shared.errors import YkienError
from shared.leases import Lease
from shared.store.port import DocumentStore

log = structlog.get_logger()

LEAST_ROWS = 10  # with fewer, corrections only reach what says the same
DEBOUNCE_S = 2.0  # a reader corrects one after another
LOOK_S = 60.0
BUSY_S = 5.0  # before looking again when another replica trains
_LEASE_S = 15.0

Train = Callable[[Lesson], Awaitable[bytes]]


class Trainer:
    """One per process; `run` goes on until it is cancelled."""

    def __init__(
        self,
        store: DocumentStore,
        bus: Bus,
        models: Models,
        learned: LearnedModels,
        clock: Clock,
        *,
        train: Train = train_apart,
        debounce_s: float = DEBOUNCE_S,
    ) -> None:
        self._store = store
        self._bus = bus
        self._models = models
        self._learned = learned
        self._clock = clock
        self._train = train
        self._debounce_s = debounce_s
        self._holder = uuid4().hex
        self._leases: dict[str, Lease] = {}
        self._mended: set[tuple[str, str]] = set()
        self._woken = asyncio.Event()

    def wake(self, consultation: str) -> None:
        """Something was corrected."""
        log.debug("training asked for", consultation=consultation)
        self._woken.set()

    async def run(self) -> None:
        """Looks at once, after every correction and every minute."""
        while True:
            self._woken.clear()
            again_s = LOOK_S
            for consultation in self._bus.consultations.all():
                try:
                    if not await self.look(consultation):
                        again_s = BUSY_S
                except (YkienError, nats.errors.Error, OSError, TimeoutError, ValueError) as error:
                    metrics.MODELS_TRAINED.labels("failed").inc()
                    told = str(error) if isinstance(error, YkienError) else type(error).__name__
                    log.error("training failed, it is tried again", consultation=consultation.id, reason=told)  # noqa: TRY400
            try:
                async with asyncio.timeout(again_s):
                    await self._woken.wait()
                await asyncio.sleep(self._debounce_s)
            except TimeoutError:
                continue

    async def look(self, consultation: Consultation) -> bool:
        """Trains when the model in use is behind, and deletes former ones when they are due; False when another replica is at it.

        Raises Transient or TrainingFailed, nats errors.
        """
        day0 = (await self._models.day0(consultation)).version
        state = await state_of(self._store, consultation.id, day0)
        if not (self._is_behind(consultation, state) or self._is_untidy(consultation, state)):
            return True
        if await self._rebuilding():
            return False  # half the corrections must not look like all of them
        # One object for ever: it remembers since when another's entry stands, and takes over from who died.
        lease = self._leases.setdefault(
            consultation.id, Lease(self._bus.js, f"train.{consultation.id}", holder=self._holder, term_s=_LEASE_S)
        )
        if not await lease.try_now():
            return False
        async with lease.held():
            state = await state_of(self._store, consultation.id, day0)
            if self._is_behind(consultation, state):
                await self._renew(consultation, state)
            now, in_use = self._clock(), self._learned.stored()
            await tidy(self._bus.js, self._bus.blobs, consultation.id, gone=state.gone, now=now, in_use=in_use)
        return True

    async def _renew(self, consultation: Consultation, state: State) -> None:
        """Announces a model of the present decisions, or that there is none any more."""
        began = self._clock()
        codes = {0} | {topic.code for topic in consultation.topic_groups}
        rows = [row for row in await rows_of(self._store, consultation.id) if set(row.topics) <= codes]
        if len(rows) < LEAST_ROWS:
            if self._may_hold_withdrawn_words(consultation, state):
                await self._withdraw(consultation, state, len(rows))
            return
        artifact = await self._train(Lesson.of(consultation, await self._models.texts(consultation), rows))
        sha256 = await self._bus.blobs.put(artifact)
        announced = Announced(
            consultation=consultation.id,
            version=f"learned-{sha256[:12]}",
            sha256=sha256,
            state=state.digest,
            rows=len(rows),
            trained_at=self._clock(),
            gone=state.gone,
        )
        mending = self._learned.unusable(consultation.id)
        self._mended.add((consultation.id, state.digest))
        new = await announce(self._bus.js, announced, again=mending)
        metrics.MODELS_TRAINED.labels("announced" if new else "known").inc()
        log.info(
            "model trained",
            consultation=consultation.id,
            rows=len(rows),
            artifact=sha256,
            seconds=round((self._clock() - began).total_seconds(), 2),
            announced=new,
        )

    async def _withdraw(self, consultation: Consultation, state: State, rows: int) -> None:
        """Too few decisions are left to learn from, and what was learned may hold words that were taken back."""
        nothing = Announced(
            consultation=consultation.id,
            version="day0",
            sha256=None,
            state=state.digest,
            rows=rows,
            trained_at=self._clock(),
            gone=state.gone,
        )
        new = await announce(self._bus.js, nothing)
        metrics.MODELS_TRAINED.labels("withdrawn").inc(new)
        log.info("model withdrawn, too few decisions are left", consultation=consultation.id, rows=rows, announced=new)

    def _is_behind(self, consultation: Consultation, state: State) -> bool:
        if state.rows < LEAST_ROWS:
            return self._may_hold_withdrawn_words(consultation, state)
        return not self._is_announced(consultation, state)

    def _may_hold_withdrawn_words(self, consultation: Consultation, state: State) -> bool:
        announced = self._learned.announced(consultation.id)
        return announced is not None and announced.sha256 is not None and announced.gone < state.gone

    def _is_untidy(self, consultation: Consultation, state: State) -> bool:
        announced = self._learned.announced(consultation.id)
        return announced is not None and bool(due(announced, state.gone, self._clock()))

    def _is_announced(self, consultation: Consultation, state: State) -> bool:
        announced = self._learned.announced(consultation.id)
        if announced is None or announced.state != state.digest:
            return False
        # Once per process: what cannot be read the second time either is a fault of the code, not of the store.
        return not self._learned.unusable(consultation.id) or (consultation.id, state.digest) in self._mended

    async def _rebuilding(self) -> bool:
        """Whether an operator is making the projection anew just now, or such a rebuild was interrupted."""
        consumer = topology.CLASSIFY_REVIEW
        subject = f"$JS.API.CONSUMER.INFO.{consumer.stream}.{consumer.name}"
        answer = json.loads((await self._bus.nc.request(subject, b"", timeout=5)).data)
        return bool(answer.get("paused", False))
