"""Jobs have a bounded life: a preview nobody will look at again goes, with the list of what it would have changed.

What is being applied stays. A preview is closed before its list goes: nobody can apply the half of it.
"""

from datetime import datetime, timedelta

import structlog

from services.classify.reclassify.job import CHANGED, JOBS, Job, document, job_of
from shared.store.port import After, Delete, DocumentStore

log = structlog.get_logger()

KEPT = 20  # the newest of each consultation stay however old they are
KEPT_FOR = timedelta(days=30)
ROWS = 500  # deleted in one write
WRITES = 20  # of one call: a message of work has its time, and what is left goes the next time
_NAME = "reclassify"  # these writes follow no stream: the position stays 0


async def clean(store: DocumentStore, consultation: str, now: datetime) -> int:
    """Deletes the jobs that are neither young nor among the newest; returns how many. Repeating it changes nothing."""
    gone, writes = 0, WRITES
    held = await _all(store, consultation)
    for job in outlived([job for _, job in held.values()], now):
        if not await _closed(store, job, held[job.id][0]):
            continue
        while writes:
            writes -= 1
            page = await store.scan(CHANGED, "by_job", where=(job.id,), limit=ROWS)
            await store.apply(_NAME, 0, [Delete(CHANGED, item.id) for item in page.items])
            if page.next is None:
                break
        else:
            break  # its list is not wholly gone, so it stays to be found again
        gone += await store.delete(JOBS, job.id)
    if gone:
        log.info("reclassification.cleaned", consultation=consultation, jobs=gone)
    return gone


def outlived(jobs: list[Job], now: datetime) -> list[Job]:
    """Those of one consultation's jobs that may go, the oldest first. Pure."""
    by_age = sorted(jobs, key=lambda job: (job.created_at, job.id))
    return [job for job in by_age[:-KEPT] if job.created_at < now - KEPT_FOR and job.state != "applying"]


async def _closed(store: DocumentStore, job: Job, version: int) -> bool:
    """Whether nobody can go on with the job; False: somebody just does."""
    if job.state in ("applied", "outdated"):
        return True
    return await store.replace_if(JOBS, job.id, version, document(job.model_copy(update={"state": "outdated"})))


async def _all(store: DocumentStore, consultation: str) -> dict[str, tuple[int, Job]]:
    """The jobs by their ids, each with its stored version."""
    found: dict[str, tuple[int, Job]] = {}
    after: After | None = None
    while True:
        page = await store.scan(JOBS, "by_consultation", where=(consultation,), after=after)
        found |= {item.id: (item.version, job_of(item.doc)) for item in page.items}
        if page.next is None:
            return found
        after = page.next
