"""What people correct, on a real bus: the opinion, its twins, the model of every replica; and nothing twice after a kill."""

import asyncio
import hashlib
import zlib
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nats.errors
import pytest
from litestar.testing import AsyncTestClient
from nats.js.errors import KeyNotFoundError

from services.classify.app import build_app
from services.classify.retrain import trainer
from services.classify.retrain.announced import Announced
from services.classify.settings import ClassifySettings
from shared import dead_letters, topology
from shared.bus import Bus
from shared.clock import utc_now
from shared.errors import Transient
from shared.events import OpinionReviewed, Stance, SubmissionClassified, SubmissionWithdrawn
from shared.registry import publish_definition
from shared.settings import ServiceSettings
from tests.connected.test_classify_service import DRAFT, classified, settled
from tests.support.small_consultation import small_consultation
from tests.support.waiting import until
from tests.unit.services.classify.samples import AT, received, submission_id

pytestmark = pytest.mark.connected

TEXT = "Đề nghị bổ sung chỉ tiêu về đường giao thông nông thôn cho các bản vùng cao của tỉnh nhà."
TOKEN = "ma-cua-nguoi-van-hanh"
JOBS = f"/api/v1/consultations/{small_consultation().id}/reclassifications"


@pytest.fixture
def settings(bus_settings: ServiceSettings, tmp_path: Path) -> ClassifySettings:
    (tmp_path / "duplicate.key").write_text("00" * 32)
    (tmp_path / "token.sha256").write_text(hashlib.sha256(TOKEN.encode()).hexdigest())
    return ClassifySettings(
        nats_url=bus_settings.nats_url,
        ack_wait_s=bus_settings.ack_wait_s,
        data=tmp_path,
        duplicate_key_file=tmp_path / "duplicate.key",
        operator_token_sha256_file=tmp_path / "token.sha256",
    )


@pytest.fixture
async def defined(bus: Bus) -> Bus:
    """A bus that knows the consultation."""
    await publish_definition(bus.js, bus.blobs, small_consultation(), DRAFT)
    return bus


def review(number: int, topics: tuple[int, ...] = (3,), **fields: Any) -> OpinionReviewed:
    """The decision that the first opinion of a submission is about topic 3."""
    return OpinionReviewed.model_validate(
        {
            "consultation": "thu-nghiem",
            "review_id": f"review-{number}-{topics[0]}",
            "submission_id": submission_id(number),
            "opinion_id": f"{submission_id(number)}-1",
            "reviewer": "can-bo-1",
            "reviewed_at": AT + timedelta(minutes=number),
            "topics": topics,
            "stance": Stance.SUPPLEMENT,
            "confirmed": False,
        }
        | fields
    )


async def latest(bus: Bus) -> dict[str, SubmissionClassified]:
    """The highest revision of every submission."""
    found: dict[str, SubmissionClassified] = {}
    for event in await classified(bus):
        if event.submission_id not in found or event.revision > found[event.submission_id].revision:
            found[event.submission_id] = event
    return found


async def idle(bus: Bus) -> bool:
    """Whether classify has nothing to do."""
    for consumer in (topology.CLASSIFY_REVIEW, topology.CLASSIFY_WORK):
        info = await bus.js.consumer_info(consumer.stream, consumer.name)
        if info.num_pending or info.num_ack_pending:
            return False
    return await settled(bus)


def texts(count: int) -> list[str]:
    """Different opinions, some about one thing and some about another."""
    about = ("đường giao thông", "giáo viên mầm non", "nhà văn hóa bản", "nước sạch sinh hoạt", "chợ phiên vùng cao")
    place = ("xã Mường Phăng", "xã Nà Tấu", "xã Pú Nhi", "xã Thanh Nưa")
    return [f"Đề nghị quan tâm {about[n % 5]} ở {place[n // 5 % 4]}, việc thứ {n}." for n in range(count)]


async def test_a_correction_reaches_its_twins_the_model_and_every_replica(
    defined: Bus, settings: ClassifySettings
) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(build_app(settings).lifespan())
        said = texts(12)
        await asyncio.gather(*(defined.publisher.publish(received(n, text)) for n, text in enumerate(said)))
        await asyncio.gather(*(defined.publisher.publish(received(100 + n, said[0])) for n in range(5)))
        await until(lambda: idle(defined), 30)
        day0 = {e.classifier for e in (await latest(defined)).values()}
        assert len(day0) == 1
        for n in range(12):
            await defined.publisher.publish(review(n, (3,) if n % 2 else (1,)))
        await until(lambda: idle(defined), 30)
        events = await latest(defined)
        for n in (0, 100, 101, 102, 103, 104):
            (opinion,) = events[submission_id(n)].opinions
            assert (opinion.topics, opinion.stance) == ((1,), Stance.SUPPLEMENT)
            assert opinion.evidence is not None
            assert opinion.evidence.review_id == "review-0-1"
        kv = await defined.js.key_value(topology.MODELS_BUCKET)

        async def trained() -> bool:
            try:
                return Announced.model_validate_json((await kv.get("thu-nghiem")).value or b"").rows == 12
            except Exception:  # noqa: BLE001 - not there yet
                return False

        await until(trained, 60, "the model is trained")
        number = 1000

        async def both_use_it() -> bool:
            """Submissions go to either replica; ten in a row named the learned version."""
            nonlocal number
            await asyncio.gather(
                *(defined.publisher.publish(received(number + n, f"Góp ý mới số {number + n}.")) for n in range(10))
            )
            await until(lambda: idle(defined), 20)
            events = await latest(defined)
            named = {events[submission_id(number + n)].classifier for n in range(10)}
            number += 10
            return not named & day0

        await until(both_use_it, 30, "the replicas use the learned model")
        after = await latest(defined)
        assert after[submission_id(0)].classifier in day0  # nothing is classified anew without being asked
    assert await dead_letters.list_(defined.js) == []


async def test_the_words_of_a_withdrawn_letter_leave_the_model_and_the_object_store(
    defined: Bus, settings: ClassifySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "LOOK_S", 0.3)
    monkeypatch.setattr(trainer, "BUSY_S", 0.3)
    later = [timedelta()]

    def clock() -> datetime:
        return utc_now() + later[0]

    kv = await defined.js.key_value(topology.MODELS_BUCKET)

    async def announced() -> Announced | None:
        try:
            return Announced.model_validate_json((await kv.get("thu-nghiem")).value or b"")
        except KeyNotFoundError:
            return None

    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(build_app(settings, clock).lifespan())
        said = [*texts(trainer.LEAST_ROWS), "Đề nghị xây cầu treo Nậm Xyz cho bản."]
        await asyncio.gather(*(defined.publisher.publish(received(n, text)) for n, text in enumerate(said)))
        await until(lambda: idle(defined), 30)
        for n in range(len(said)):
            await defined.publisher.publish(review(n, (3,) if n % 2 else (1,)))

        async def trained() -> bool:
            found = await announced()
            return found is not None and found.rows == len(said)

        await until(trained, 60, "the model is trained")
        first = await announced()
        assert first is not None
        assert first.sha256 is not None
        assert b"xyz" in zlib.decompress(await defined.blobs.get(first.sha256))
        for number in (len(said) - 1, 0):  # then too few are left
            before = await announced()
            assert before is not None
            await defined.publisher.publish(
                SubmissionWithdrawn(
                    consultation="thu-nghiem",
                    submission_id=submission_id(number),
                    withdrawn_at=AT,
                    legal_basis="theo yêu cầu",
                )
            )

            async def renewed(before: Announced = before) -> bool:
                return await announced() != before

            await until(renewed, 60, "another model, or none, is announced")
            now = await announced()
            assert now is not None
            assert now.sha256 is None or b"xyz" not in zlib.decompress(await defined.blobs.get(now.sha256))
            assert [one.sha256 for one in now.former][:1] == [before.sha256]
            await asyncio.sleep(1)
            assert await defined.blobs.get(str(before.sha256))  # a slow replica may still be loading it
            later[0] += timedelta(hours=2)

            async def deleted(before: Announced = before) -> bool:
                try:
                    await defined.blobs.get(str(before.sha256))
                except KeyError:
                    return True
                return False

            await until(deleted, 30, "the former artifact is deleted")
        left = await announced()
        assert left is not None
        assert left.sha256 is None
        await defined.publisher.publish(received(500, "Đề nghị quan tâm nước sạch."))
        await until(lambda: idle(defined), 20)
        assert (await latest(defined))[submission_id(500)].classifier.startswith("day0-")
    assert await dead_letters.list_(defined.js) == []


async def test_bytes_whose_deletion_was_cut_short_go_when_they_are_deleted_again(bus: Bus) -> None:
    name = await bus.blobs.put(b"bytes that hold words")
    store = bus.blobs._store
    stream = f"OBJ_{topology.BLOBS_BUCKET}"

    async def killed(*_: Any, **__: Any) -> bool:
        raise nats.errors.ConnectionClosedError

    purge, store._js.purge_stream = store._js.purge_stream, killed  # type: ignore[method-assign]
    with pytest.raises(Transient):
        await bus.blobs.delete(name)
    store._js.purge_stream = purge  # type: ignore[method-assign]
    left = (await bus.js.stream_info(stream)).state.messages
    with pytest.raises(KeyError):
        await bus.blobs.get(name)
    for _ in range(2):
        await bus.blobs.delete(name)
        assert (await bus.js.stream_info(stream)).state.messages == left - 1, "only the crossed-off name is left"
    await bus.blobs.delete("0" * 64)  # never was


async def test_bytes_that_are_deleted_while_somebody_begins_to_read_them_are_not_waited_for(bus: Bus) -> None:
    name = await bus.blobs.put(b"bytes that hold words")
    store = bus.blobs._store
    subscribe = store._js.subscribe

    async def overtaken(*args: Any, **kwargs: Any) -> Any:
        await bus.blobs.delete(name)
        return await subscribe(*args, **kwargs)

    store._js.subscribe = overtaken  # type: ignore[method-assign]
    began = asyncio.get_running_loop().time()
    with pytest.raises(KeyError):
        await bus.blobs.get(name)
    assert asyncio.get_running_loop().time() - began < 10
    store._js.subscribe = subscribe  # type: ignore[method-assign]
    assert await bus.blobs.put(b"bytes that hold words") == name
    assert await bus.blobs.get(name) == b"bytes that hold words"


async def test_a_broken_model_is_refused_and_the_last_good_one_stays(defined: Bus, settings: ClassifySettings) -> None:
    sha256 = await defined.blobs.put(b"no model")
    announced = Announced(
        consultation="thu-nghiem", version="learned-x", sha256=sha256, state="s", rows=10, trained_at=AT
    )
    kv = await defined.js.key_value(topology.MODELS_BUCKET)
    await kv.put("thu-nghiem", announced.model_dump_json().encode())
    await kv.put("khac", b"no announcement")
    async with AsyncTestClient(build_app(settings)) as client:
        await defined.publisher.publish(received(1, TEXT))
        await until(lambda: idle(defined), 20)
        assert 'ykien_model_refused_total{reason="artifact"}' in (await client.get("/metrics")).text
    assert (await latest(defined))[submission_id(1)].classifier.startswith("day0-")


async def test_bad_work_goes_to_the_dead_letters_and_holds_nothing_up(defined: Bus, settings: ClassifySettings) -> None:
    await defined.js.publish("work.classify.relabel.thu-nghiem", b"\x00", stream=topology.WORK.name)
    await defined.js.publish("work.classify.x.thu-nghiem", b'{"kind":"relabel"}', stream=topology.WORK.name)
    await defined.js.publish(
        "work.classify.reclassify.thu-nghiem",
        b'{"kind":"reclassify","consultation":"thu-nghiem","job":"khong-co"}',
        stream=topology.WORK.name,
    )
    await defined.publisher.publish(review(77))  # of a submission nobody knows
    await defined.publisher.publish(received(1, TEXT))
    await defined.publisher.publish(received(2, TEXT))
    async with build_app(settings).lifespan():
        await until(lambda: settled(defined), 20)
        await defined.publisher.publish(review(1))

        async def relabelled() -> bool:
            events = await latest(defined)
            return all(events[submission_id(n)].opinions[0].topics == (3,) for n in (1, 2))

        await until(relabelled, 20)
        assert len(await dead_letters.list_(defined.js)) == 4


async def test_a_preview_shows_what_would_change_and_only_that_is_applied(
    defined: Bus, settings: ClassifySettings
) -> None:
    async with AsyncTestClient(build_app(settings)) as client:
        said = texts(8)
        await asyncio.gather(*(defined.publisher.publish(received(n, text)) for n, text in enumerate(said)))
        await defined.publisher.publish(received(50, TEXT, stance=Stance.AGREE))
        await until(lambda: idle(defined), 20)
        await defined.publisher.publish(review(0))
        await until(lambda: idle(defined), 20)
        other = small_consultation(
            topic_groups=[
                {"code": 3, "title": "Hạ tầng", "description": "Hạ tầng", "hints": ["đường giao thông", "chợ phiên"]},
                {"code": 6, "title": "Đời sống", "description": "Đời sống", "hints": ["giáo viên", "nước sạch"]},
            ]
        )
        await publish_definition(defined.js, defined.blobs, other, DRAFT)
        await asyncio.sleep(0.5)
        before = await latest(defined)
        assert (await client.post(JOBS)).status_code == 401
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        job = (await client.post(JOBS)).json()["job"]

        async def state() -> str:
            return str((await client.get(f"{JOBS}/{job}")).json()["state"])

        async def ready() -> bool:
            return await state() == "ready"

        await until(ready, 20)
        seen = (await client.get(f"{JOBS}/{job}")).json()
        assert seen["submissions"] == 9
        assert seen["submissions_changed"] > 0
        assert sum(seen["topics"].values()) > 0
        assert f"{submission_id(0)}-1" not in seen["examples"]  # a person decided about it
        assert await latest(defined) == before
        assert (await client.post(f"{JOBS}/{job}/apply")).status_code == 202

        async def applied() -> bool:
            return await state() == "applied"

        await until(applied, 20)
        repeated = await client.post(f"{JOBS}/{job}/apply")
        assert repeated.status_code == 200
        assert repeated.json()["applied_at"]
        assert "đã được áp dụng" in repeated.json()["detail"]
        after = await latest(defined)
        changed = {id_ for id_ in after if after[id_].revision != before[id_].revision}
        assert len(changed) == seen["submissions_changed"]
        assert submission_id(0) not in changed
        assert after[submission_id(50)].opinions[0].stance is Stance.AGREE
        again = (await client.post(JOBS)).json()["job"]

        async def nothing_left() -> bool:
            found = (await client.get(f"{JOBS}/{again}")).json()
            return bool(found["state"] == "ready" and found["submissions_changed"] == 0)

        await until(nothing_left, 20)
        await publish_definition(defined.js, defined.blobs, small_consultation(), DRAFT)
        await asyncio.sleep(0.5)
        refused = await client.post(f"{JOBS}/{again}/apply")
        assert refused.status_code == 409
        assert refused.json()["type"].endswith("model-changed")
        assert "Xin tạo bản xem trước mới" in refused.json()["detail"]
        shown = (await client.get(f"{JOBS}/{again}")).json()
        assert (shown["state"], shown["detail"]) == ("outdated", refused.json()["detail"])
        assert (await client.get(f"{JOBS}/khong-co")).status_code == 404
