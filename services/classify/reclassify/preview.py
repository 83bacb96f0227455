"""What the present model would change, one page of submissions a message; and its application, just as it was shown.

A page counts once: the job's document is written by compare-and-set together with the number of the next page. What would change
is kept by submission and revision, and only that is applied.
"""

import asyncio
from collections.abc import Sequence

import structlog
from nats.js import JetStreamContext
from opentelemetry.context import Context

from services.classify.corrections import store as corrections
from services.classify.models import Models
from services.classify.outlet import follow, let_out
from services.classify.projection import SOURCES, WITHDRAWN
from services.classify.reclassify.cleanup import clean
from services.classify.reclassify.job import CHANGED, JOBS, Job, document, job_of
from services.classify.reclassify.reread import Difference, People, Rules, difference, reread
from services.classify.relabel.order import Place, Reclassify, Work
from services.classify.results import known, revise
from services.classify.source import received_at, received_of
from shared.clock import Clock, utc_now
from shared.errors import Permanent, Transient
from shared.events import SubmissionClassified, SubmissionReceived
from shared.publisher import Publisher
from shared.registry import Consultations
from shared.settlement import DeadLetter, decide
from shared.store.port import DocumentStore, Page, Stored

log = structlog.get_logger()

PAGE = 100  # submissions of one message
_AT_ONCE = 16  # messages asked of the stream
_OTHER_MODEL_ATTEMPTS = 3  # a replica may be a moment behind in taking over a model


class Reclassifier:
    """Carries out `Reclassify` orders. Repeating one changes nothing."""

    def __init__(
        self,
        store: DocumentStore,
        js: JetStreamContext,
        publisher: Publisher,
        consultations: Consultations,
        models: Models,
        work: Work,
        secret: bytes,
        clock: Clock = utc_now,
    ) -> None:
        self._store = store
        self._js = js
        self._publisher = publisher
        self._consultations = consultations
        self._models = models
        self._work = work
        self._secret = secret
        self._clock = clock

    async def __call__(self, order: Reclassify, context: Context, attempt: int) -> None:
        """Raises Permanent for a job nobody knows, Transient when bus or database are away."""
        try:
            await self._go_on(order, context, attempt)
        except Exception as error:
            if isinstance(settled := decide(error, attempt), DeadLetter):
                await self._stopped(order, settled.reason)
            raise

    async def _go_on(self, order: Reclassify, context: Context, attempt: int) -> None:
        held = await self._store.get(JOBS, order.job)
        if held is None:
            raise Permanent(f"job {order.job} is not known")
        job = job_of(held.doc)
        at_work = {"preview": "previewing", "apply": "applying"}[order.step]
        if job.state != at_work:
            log.info("reclassification.step_is_over", job=job.id, state=job.state, step=order.step)
            return
        if order.page == job.page:
            rules = await self._rules(job)
            if rules is None:
                if attempt < _OTHER_MODEL_ATTEMPTS:
                    raise Transient("the job asks another model than this replica has")
                job = await self._store_job(job.model_copy(update={"state": "outdated"}), held.version)
                _tell("reclassification.outdated", job)
                return
            if order.step == "preview" and order.page == 0:
                await clean(self._store, order.consultation, self._clock())
            page = self._previewed if order.step == "preview" else self._applied
            found = (await page(job, rules, context)).model_copy(update={"stopped": None})
            if found.state == "applied":
                found = found.model_copy(update={"applied_at": self._clock()})
            job = await self._store_job(found, held.version)
            if job.state != at_work:
                _tell("reclassification.preview_ready" if job.state == "ready" else "reclassification.applied", job)
        if job.state == at_work:
            await self._work.order(order.model_copy(update={"page": job.page}))

    async def _rules(self, job: Job) -> Rules | None:
        """By what this replica reads now; None when that is not what the job asks."""
        definition = self._consultations.get(job.consultation)
        if definition is None:
            raise Transient(f"consultation {job.consultation} is not known (yet)")
        model = await self._models.of(definition)
        return Rules(model, definition.review, self._secret) if model.version == job.classifier else None

    async def _stopped(self, order: Reclassify, reason: str) -> None:
        """Notes in the job that its work waits among the dead letters now, so that nobody waits for it."""
        log.error(
            "reclassification.failed",
            job=order.job,
            consultation=order.consultation,
            step=order.step,
            page=order.page,
            reason=reason,
        )
        try:
            held = await self._store.get(JOBS, order.job)
            if held is not None:
                job = job_of(held.doc).model_copy(update={"stopped": reason})
                await self._store.replace_if(JOBS, order.job, held.version, document(job))
        except Transient as error:
            log.warning("reclassification.stop_not_noted", job=order.job, reason=str(error))

    async def _store_job(self, job: Job, version: int) -> Job:
        if not await self._store.replace_if(JOBS, job.id, version, document(job)):
            raise Transient("the job is written by another replica at the same time")
        return job

    async def _previewed(self, job: Job, rules: Rules, _context: Context) -> Job:
        page = await self._store.scan(
            SOURCES,
            "by_consultation",
            where=(job.consultation,),
            after=job.after.after() if job.after else None,
            limit=PAGE,
        )
        results = await known(self._store, [item.id for item in page.items])
        gone = await self._store.get_many(WITHDRAWN, [item.id for item in page.items])
        wanted = [
            item for item in page.items if item.id in results and item.id not in gone and results[item.id].opinions
        ]
        texts = await self._texts(wanted)
        people = await self._people(job.consultation, [results[id_] for id_ in texts])

        def read_all() -> list[tuple[SubmissionClassified, SubmissionClassified | None]]:
            return [(results[id_], reread(results[id_], text, rules, people)) for id_, text in texts.items()]

        changed = [(old, new) for old, new in await asyncio.to_thread(read_all) if new is not None]
        await self._store.insert_many_once(
            CHANGED,
            {
                f"{job.id}:{old.submission_id}": {
                    "job": job.id,
                    "submission_id": old.submission_id,
                    "revision": old.revision,
                }
                for old, _ in changed
            },
        )
        found: list[Difference] = [difference(old, new) for old, new in changed]
        counted = job.with_found(found).model_copy(
            update={
                "submissions": job.submissions + len(results),
                "submissions_changed": job.submissions_changed + len(changed),
                "unreadable": job.unreadable
                + len(results)
                - sum(1 for id_ in results if id_ in texts or not results[id_].opinions),
            }
        )
        return _turned(counted, page, "ready")

    async def _texts(self, wanted: Sequence[Stored]) -> dict[str, SubmissionReceived]:
        """The submissions whose words the stream still has."""
        limit = asyncio.Semaphore(_AT_ONCE)

        async def one(item: Stored) -> SubmissionReceived | None:
            async with limit:
                return await received_at(self._js, int(str(item.doc["seq"])), item.id)

        found = await asyncio.gather(*(one(item) for item in wanted))
        return {text.submission_id: text for text in found if text is not None}

    async def _people(self, consultation: str, events: Sequence[SubmissionClassified]) -> People:
        opinions = [opinion for event in events for opinion in event.opinions]
        return People(
            await corrections.labels_of(self._store, consultation, opinions),
            await corrections.direct(self._store, opinions),
        )

    async def _applied(self, job: Job, rules: Rules, context: Context) -> Job:
        page = await self._store.scan(
            CHANGED, "by_job", where=(job.id,), after=job.after.after() if job.after else None, limit=PAGE
        )
        done: dict[str, SubmissionClassified] = {}
        for item in page.items:
            id_ = str(item.doc["submission_id"])
            if (event := await self._changed(id_, int(str(item.doc["revision"])), rules)) is not None:
                done[id_] = event
        await follow(self._store, done.values())
        await let_out(self._store, self._publisher, done, dict.fromkeys(done, context))
        counts = {"applied": job.applied + len(done), "skipped": job.skipped + len(page.items) - len(done)}
        return _turned(job.model_copy(update=counts), page, "applied")

    async def _changed(self, submission_id: str, revision: int, rules: Rules) -> SubmissionClassified | None:
        """The result after the change that was shown; None when something else changed it since."""
        received = await received_of(self._store, self._js, submission_id)
        if received is None:
            return None

        async def change(current: SubmissionClassified) -> SubmissionClassified | None:
            # The mark is looked for after the result was read: an erasure does not count as a revision, and its words must not come back.
            if current.revision != revision or await self._store.get(WITHDRAWN, submission_id) is not None:
                return None
            return reread(current, received, rules, await self._people(current.consultation, [current]))

        event = await revise(self._store, submission_id, change)
        ours = event is not None and event.revision == revision + 1 and event.classifier == rules.model.version
        return event if ours else None


def _tell(event: str, job: Job) -> None:
    """One line of the log: ids and counts."""
    counts = {"submissions": job.submissions, "changed": job.submissions_changed, "unreadable": job.unreadable}
    done = {"applied": job.applied, "skipped": job.skipped}
    log.info(event, job=job.id, consultation=job.consultation, classifier=job.classifier, **counts, **done)


def _turned(job: Job, page: Page, end: str) -> Job:
    """The job at its next page, or at its end."""
    if page.next is None:
        return job.model_copy(update={"state": end, "after": None, "page": 0})
    return job.model_copy(update={"after": Place.of(page.next), "page": job.page + 1})
