"""The model of each consultation: built once per definition and learned model, away from the event loop."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from services.classify.learning.artifact import Learned
from services.classify.model import TopicModel, build_model
from shared import metrics
from shared.consultation import Consultation
from shared.draft_text import DraftText
from shared.errors import Permanent
from shared.registry import Consultations

log = structlog.get_logger()


def nothing_learned(_consultation: str) -> Learned | None:
    """Of a service that does not learn."""
    return None


@dataclass(frozen=True)
class _Built:
    """`day0`: the model before anybody corrected anything; `model`: the one in use, with `learned` if that can be used."""

    consultation: Consultation
    day0: TopicModel
    learned: Learned | None
    model: TopicModel


class Models:
    """A definition that changed makes a new model at the next submission, and so does a newly learned one."""

    def __init__(
        self, consultations: Consultations, learned: Callable[[str], Learned | None] = nothing_learned
    ) -> None:
        self._consultations = consultations
        self._learned = learned
        self._built: dict[str, _Built] = {}
        self._lock = asyncio.Lock()

    async def of(self, consultation: Consultation) -> TopicModel:
        """The model in use. Raises Transient when a draft's text cannot be had now."""
        return (await self._current(consultation)).model

    async def day0(self, consultation: Consultation) -> TopicModel:
        """The model that knows the consultation's own words only. Raises Transient."""
        return (await self._current(consultation)).day0

    async def texts(self, consultation: Consultation) -> dict[str, DraftText]:
        """The drafts' current texts that were published. Raises Transient."""
        found: dict[str, DraftText] = {}
        for draft in consultation.drafts:
            if draft.current.sha256 is None:
                continue  # a definition that was never published has no texts
            try:
                found[draft.id] = await self._consultations.draft_text(draft.current)
            except Permanent as error:
                log.error("draft text cannot be used", consultation=consultation.id, draft=draft.id, reason=str(error))  # noqa: TRY400
        return found

    async def _current(self, consultation: Consultation) -> _Built:
        learned = self._learned(consultation.id)
        built = self._built.get(consultation.id)
        if built is not None and _same(built.consultation, consultation) and built.learned is learned:
            return built
        async with self._lock:
            built = self._built.get(consultation.id)
            if built is None or not _same(built.consultation, consultation):
                texts = await self.texts(consultation)
                day0 = await asyncio.to_thread(build_model, consultation, texts)
                built = _Built(consultation, day0, None, day0)
                if learned is not None:
                    built = await self._with(built, learned)
            elif built.learned is not learned:
                built = await self._with(built, learned)
            self._built[consultation.id] = built
        return built

    async def _with(self, built: _Built, learned: Learned | None) -> _Built:
        """The same definition with another learned model; one that does not fit it is refused, and what there was stays."""
        if learned is None:
            return replace(built, learned=None, model=built.day0)
        texts = await self.texts(built.consultation)
        try:
            model = await asyncio.to_thread(build_model, built.consultation, texts, learned)
        except ValueError as error:
            metrics.MODEL_REFUSED.labels("unfit").inc()
            log.error(  # noqa: TRY400 - the frames tell nothing
                "learned model refused, the former stays",
                consultation=built.consultation.id,
                artifact=learned.digest,
                reason=str(error),
            )
            return replace(built, learned=learned)
        log.info("model in use", consultation=built.consultation.id, classifier=model.version)
        return replace(built, learned=learned, model=model)


def _same(one: Consultation, other: Consultation) -> bool:
    return one is other or one == other
