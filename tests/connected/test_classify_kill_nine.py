"""`kill -9` of classify while it relabels, reclassifies and trains: in the end everything is done, once."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.js.errors import KeyNotFoundError

from services.classify.retrain.announced import Announced
from services.classify.settings import ClassifySettings
from shared import dead_letters, topology
from shared.bus import Bus
from shared.events import Stance, SubmissionClassified
from shared.registry import publish_definition
from tests.connected.test_classify_learning import (  # noqa: F401 - fixtures
    JOBS,
    TEXT,
    TOKEN,
    defined,
    idle,
    review,
    settings,
    texts,
)
from tests.connected.test_classify_service import DRAFT, classified, settled
from tests.support.classify_process import ClassifyProcess
from tests.support.small_consultation import small_consultation
from tests.support.waiting import until
from tests.unit.services.classify.samples import received, submission_id

pytestmark = pytest.mark.connected

TWINS = 800
KILLS = 3


@pytest.fixture
def process(settings: ClassifySettings, tmp_path: Path) -> Iterator[ClassifyProcess]:  # noqa: F811
    """Started; killed at the end."""
    one = ClassifyProcess(settings, tmp_path / "classify.log")
    one.start()
    yield one
    one.kill()


def revisions(events: list[SubmissionClassified]) -> dict[str, dict[int, str]]:
    """Submission -> revision -> event; fails when one revision was published with two contents."""
    found: dict[str, dict[int, str]] = {}
    for event in events:
        body = event.model_dump_json()
        assert found.setdefault(event.submission_id, {}).setdefault(event.revision, body) == body
    return found


async def harassed(process: ClassifyProcess, chance: random.Random, seconds: float) -> None:
    """The process dies again and again and is started anew."""
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.02, seconds))
        await asyncio.to_thread(process.kill)
        await asyncio.to_thread(process.start)


async def test_every_twin_is_relabelled_once_though_classify_is_killed_meanwhile(
    defined: Bus,  # noqa: F811
    process: ClassifyProcess,
) -> None:
    await asyncio.gather(*(defined.publisher.publish(received(n, TEXT)) for n in range(TWINS)))
    await until(lambda: settled(defined), 60)
    await defined.publisher.publish(review(0))
    await harassed(process, random.Random(4), 0.6)

    async def all_follow() -> bool:
        latest = {e.submission_id: e for e in await classified(defined) if e.revision > 1}
        return len(latest) == TWINS and await idle(defined)

    await until(all_follow, 90, "every twin has its label")
    found = revisions(await classified(defined))
    assert {frozenset(by) for by in found.values()} == {frozenset({1, 2})}
    for event in await classified(defined):
        if event.revision == 2:
            assert (event.opinions[0].topics, event.opinions[0].stance) == ((3,), Stance.SUPPLEMENT)
    assert await dead_letters.list_(defined.js) == []


async def test_a_job_counts_and_changes_each_submission_once_though_classify_is_killed_meanwhile(
    defined: Bus,  # noqa: F811
    process: ClassifyProcess,
) -> None:
    said = texts(TWINS)
    await asyncio.gather(*(defined.publisher.publish(received(n, text)) for n, text in enumerate(said)))
    await until(lambda: settled(defined), 60)
    groups = [{"code": 6, "title": "Đời sống", "description": "Đời sống", "hints": ["nước sạch", "chợ phiên"]}]
    await publish_definition(defined.js, defined.blobs, small_consultation(topic_groups=groups), DRAFT)
    await asyncio.sleep(0.5)

    async def ask(method: str, path: str) -> Any:
        async with httpx.AsyncClient(base_url=process.url, trust_env=False) as client:
            answer = await client.request(method, path, headers={"Authorization": f"Bearer {TOKEN}"})
            return answer.raise_for_status().json()

    async def reaches(job: str, state: str) -> None:
        async def there() -> bool:
            with suppress(httpx.HTTPError):
                return bool((await ask("GET", f"{JOBS}/{job}"))["state"] == state)
            return False

        await until(there, 90, f"the job is {state}")

    job = (await ask("POST", JOBS))["job"]
    await harassed(process, random.Random(5), 0.4)
    await reaches(job, "ready")
    seen = await ask("GET", f"{JOBS}/{job}")
    assert seen["submissions"] == TWINS
    assert len(await classified(defined)) == TWINS
    await ask("POST", f"{JOBS}/{job}/apply")
    await harassed(process, random.Random(6), 0.4)
    await reaches(job, "applied")
    done = await ask("GET", f"{JOBS}/{job}")
    assert (done["applied"], done["skipped"]) == (seen["submissions_changed"], 0)
    found = revisions(await classified(defined))
    assert sum(1 for by in found.values() if set(by) == {1, 2}) == seen["submissions_changed"] > 0
    assert all(set(by) <= {1, 2} for by in found.values())
    assert await dead_letters.list_(defined.js) == []


async def test_no_correction_is_lost_to_the_model_though_classify_is_killed_in_training(
    defined: Bus,  # noqa: F811
    process: ClassifyProcess,
) -> None:
    said = texts(14)
    await asyncio.gather(*(defined.publisher.publish(received(n, text)) for n, text in enumerate(said)))
    await until(lambda: settled(defined), 60)
    for n in range(14):
        await defined.publisher.publish(review(n, (3,) if n % 2 else (1,)))
    await harassed(process, random.Random(7), 3.5)
    kv = await defined.js.key_value(topology.MODELS_BUCKET)

    async def all_learned() -> bool:
        with suppress(KeyNotFoundError):
            return Announced.model_validate_json((await kv.get("thu-nghiem")).value or b"").rows == len(said)
        return False

    await until(all_learned, 90, "all corrections are learned")
    found = revisions(await classified(defined))
    assert all(set(found[submission_id(n)]) == {1, 2} for n in range(14))
