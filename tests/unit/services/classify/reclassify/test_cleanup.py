"""Old previews go with their lists; young ones and the newest stay."""

from datetime import timedelta

from services.classify.reclassify.cleanup import KEPT, KEPT_FOR, ROWS, WRITES, clean, outlived
from services.classify.reclassify.job import CHANGED, JOBS, Job, document
from shared.store.port import Collection, Document
from tests.support.memory_store import MemoryStore
from tests.unit.services.classify.samples import AT

OLD = AT - KEPT_FOR - timedelta(seconds=1)


def job(number: int, days: float = 0.0, consultation: str = "thu-nghiem") -> Job:
    return Job(id=f"job-{number:03}", consultation=consultation, classifier="m", created_at=OLD + timedelta(days=days))


async def holding(jobs: list[Job], rows: int) -> MemoryStore:
    store = MemoryStore()
    for one in jobs:
        await store.insert_once(JOBS, one.id, document(one))
        await store.insert_many_once(CHANGED, {f"{one.id}:{n}": {"job": one.id} for n in range(rows)})
    return store


def test_only_what_is_neither_young_nor_among_the_newest_goes() -> None:
    old = [job(n, days=-n) for n in range(KEPT + 3)]
    assert [one.id for one in outlived(old, AT)] == ["job-022", "job-021", "job-020"]
    assert outlived(old[:KEPT], AT) == []
    young = [job(100 + n, days=1) for n in range(KEPT + 30)]
    assert outlived(young, AT) == []
    assert len(outlived(old + young, AT)) == len(old)


async def test_the_list_goes_with_its_job_and_another_consultations_stays() -> None:
    jobs = [job(n) for n in range(KEPT + 2)]
    store = await holding([*jobs, job(900, consultation="khac")], 3)
    assert await clean(store, "thu-nghiem", AT) == 2
    assert sorted(store._of(JOBS)) == [one.id for one in jobs[2:]] + ["job-900"]
    assert len(store._of(CHANGED)) == (KEPT + 1) * 3
    assert await clean(store, "thu-nghiem", AT) == 0


async def test_a_long_list_goes_bit_by_bit_and_its_job_last() -> None:
    store = await holding([job(n) for n in range(KEPT + 1)], 0)
    rows = ROWS * WRITES + 1
    await store.insert_many_once(CHANGED, {f"job-000:{n}": {"job": "job-000"} for n in range(rows)})
    assert await clean(store, "thu-nghiem", AT) == 0
    assert "job-000" in store._of(JOBS)
    assert len(store._of(CHANGED)) == 1
    assert await clean(store, "thu-nghiem", AT) == 1
    assert not store._of(CHANGED)


async def test_a_job_that_is_being_applied_stays_however_old_it_is() -> None:
    applying = job(0).model_copy(update={"state": "applying"})
    store = await holding([applying, *(job(n) for n in range(1, KEPT + 2))], 3)
    assert await clean(store, "thu-nghiem", AT) == 1
    assert applying.id in store._of(JOBS)
    assert applying.id + ":2" in store._of(CHANGED)


async def test_a_preview_that_somebody_begins_to_apply_just_then_keeps_its_list() -> None:
    class Quicker(MemoryStore):
        """Another replica writes the oldest job just before the cleanup does."""

        async def replace_if(self, collection: Collection, id_: str, version: int, doc: Document) -> bool:
            if id_ == "job-000":
                await super().replace_if(collection, id_, version, doc | {"state": "applying"})
            return await super().replace_if(collection, id_, version, doc)

    store = Quicker()
    for n in range(KEPT + 1):
        await store.insert_once(JOBS, job(n).id, document(job(n)))
    await store.insert_once(CHANGED, "job-000:1", {"job": "job-000"})
    assert await clean(store, "thu-nghiem", AT) == 0
    assert store._of(JOBS)["job-000"].doc["state"] == "applying"
    assert "job-000:1" in store._of(CHANGED)


async def test_a_preview_whose_list_is_going_can_not_be_applied_any_more() -> None:
    store = await holding([job(n) for n in range(KEPT + 1)], 0)
    rows = ROWS * WRITES + 1
    await store.insert_many_once(CHANGED, {f"job-000:{n}": {"job": "job-000"} for n in range(rows)})
    assert await clean(store, "thu-nghiem", AT) == 0
    assert store._of(JOBS)["job-000"].doc["state"] == "outdated"
