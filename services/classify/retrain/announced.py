"""The learned models that all replicas use: announced in a key-value bucket, taken into use as they come.

A model that cannot be read is refused: it is logged and counted, and the last good one stays.
"""

import asyncio

import structlog
from nats.js import JetStreamContext
from nats.js.kv import KV_DEL, KV_PURGE, KeyValue
from pydantic import AwareDatetime, Field, ValidationError

from services.classify.learning.artifact import Learned, load
from shared import metrics, topology
from shared.blobs import Blobs, Damaged
from shared.bucket_watch import BucketWatch
from shared.envelope import validation_faults
from shared.errors import Transient
from shared.events import ConsultationId, Frozen, Sha256

log = structlog.get_logger()

_AGAIN_S = 1.0


class Former(Frozen):
    """An artifact that was in use until `since` and is still stored; `gone`: as in `Announced`."""

    sha256: Sha256
    gone: int = Field(ge=0)
    since: AwareDatetime


class Announced(Frozen):
    """Which artifact a consultation uses. `state` tells what it was taught (see `rows.py`), `rows` how many decisions.

    `sha256` None: none any more, for too few of the decisions are left. `gone`: how many submissions had been taken back before it
    was taught; their words are not in it. `former`: what was in use before, the newest first (`artifacts.py`).
    """

    consultation: ConsultationId
    version: str
    sha256: Sha256 | None
    state: str
    rows: int = Field(ge=0)
    trained_at: AwareDatetime
    gone: int = Field(0, ge=0)
    former: tuple[Former, ...] = ()


class LearnedModels:
    """What is in use here; reading never waits."""

    def __init__(self, js: JetStreamContext, blobs: Blobs) -> None:
        self._blobs = blobs
        self._announced: dict[str, Announced] = {}
        self._loaded: dict[str, Learned] = {}
        self._tried: dict[str, str] = {}  # consultation -> artifact that was loaded or refused
        self._news = asyncio.Event()
        self._watch = BucketWatch(js, topology.MODELS_BUCKET, self._take)

    def get(self, consultation: str) -> Learned | None:
        """The learned model of a consultation, or None."""
        return self._loaded.get(consultation)

    def announced(self, consultation: str) -> Announced | None:
        """What was announced last, whether or not it could be read."""
        return self._announced.get(consultation)

    def unusable(self, consultation: str) -> bool:
        """Whether what was announced was refused here: its artifact is gone, or is no model."""
        announced, loaded = self._announced.get(consultation), self._loaded.get(consultation)
        return (
            announced is not None
            and announced.sha256 is not None
            and self._tried.get(consultation) == announced.sha256
            and (loaded is None or loaded.digest != announced.sha256)
        )

    async def loaded(self) -> None:
        """Returns when everything that was announced so far has been loaded or refused."""
        await self._watch.loaded.wait()
        while self._open():  # noqa: ASYNC110 - at start-up only
            await asyncio.sleep(0.05)

    async def run(self) -> None:
        """Follows the bucket without end."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch.run(), name="models-watch")
            group.create_task(self._load_all(), name="models-load")

    def stored(self) -> frozenset[str]:
        """Every artifact that some announcement names as in use."""
        return frozenset(a.sha256 for a in self._announced.values() if a.sha256 is not None)

    def _open(self) -> list[tuple[Announced, str]]:
        return [
            (a, a.sha256)
            for id_, a in sorted(self._announced.items())
            if a.sha256 is not None and self._tried.get(id_) != a.sha256
        ]

    def _take(self, entry: KeyValue.Entry) -> None:
        if entry.operation in (KV_DEL, KV_PURGE):
            for known in (self._announced, self._loaded, self._tried):
                known.pop(entry.key, None)
            log.info("learned model withdrawn", consultation=entry.key)
            return
        try:
            announced = Announced.model_validate_json(entry.value or b"")
        except ValidationError as error:
            metrics.MODEL_REFUSED.labels("announcement").inc()
            log.error("announcement refused", consultation=entry.key, faults=validation_faults(error))  # noqa: TRY400
            return
        if announced.consultation != entry.key:
            metrics.MODEL_REFUSED.labels("announcement").inc()
            log.error("announcement refused: stands under another id", consultation=entry.key)
            return
        if announced.sha256 is None:
            for known in (self._loaded, self._tried):
                known.pop(entry.key, None)
            log.info("learned model withdrawn", consultation=entry.key)
        if self.unusable(entry.key):
            self._tried.pop(entry.key)  # the same artifact may have been stored again
        self._announced[entry.key] = announced
        self._news.set()

    async def _load_all(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while waiting := self._open():
                for announced, artifact in waiting:
                    await self._load(announced, artifact)

    async def _load(self, announced: Announced, artifact: str) -> None:
        facts = {"consultation": announced.consultation, "artifact": artifact}
        try:
            learned = await asyncio.to_thread(load, await self._blobs.get(artifact))
        except Damaged:
            metrics.MODEL_REFUSED.labels("artifact").inc()
            log.error("learned model refused, the last good one stays", **facts, reason="other bytes than announced")  # noqa: TRY400
        except Transient as error:
            log.warning("learned model not loaded yet", **facts, reason=str(error))
            await asyncio.sleep(_AGAIN_S)
            return
        except (KeyError, ValueError) as error:
            metrics.MODEL_REFUSED.labels("artifact").inc()
            reason = "not in the object store" if isinstance(error, KeyError) else str(error)
            log.error("learned model refused, the last good one stays", **facts, reason=reason)  # noqa: TRY400
        else:
            if self._uses(announced.consultation, artifact):
                self._loaded[announced.consultation] = learned
                log.info("learned model taken over", **facts, rows=announced.rows)
        if self._uses(announced.consultation, artifact):
            self._tried[announced.consultation] = artifact

    def _uses(self, consultation: str, artifact: str) -> bool:
        """Whether that is still what was announced last: meanwhile another may have been, or none."""
        now = self._announced.get(consultation)
        return now is not None and now.sha256 == artifact
