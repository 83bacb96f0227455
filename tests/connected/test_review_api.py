"""The review queue on a real bus and database: two readers, blind samples, double clicks, and what is never said."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared import topology
from shared.bus import Bus
from shared.clock import utc_now
from shared.envelope import decode
from shared.events import OpinionReviewed, Stance, SubmissionClassified
from shared.provision import provision
from shared.settings import ServiceSettings
from shared.shared_throttle import AWAY_S
from tests.support.review_app import API, TOKEN, Running, add_reader, define, login, make_settings, running
from tests.support.waiting import until
from tests.unit.services.classify.samples import received

pytestmark = pytest.mark.connected

TEXTS = (
    "Đề nghị quan tâm đường giao thông lên bản.",
    "Đề nghị bổ sung giáo viên cho điểm trường.",
    "Đề nghị làm rõ nguyên nhân của hạn chế.",
    "Kết quả đạt được nêu còn chung chung.",
)


async def events(bus: Bus, kind: type) -> list[Any]:
    """All events of a type in the stream, in order."""
    last = (await bus.js.stream_info(topology.EVENTS.name)).state.last_seq
    found = []
    for seq in range(1, last + 1):
        message = await bus.js.get_msg(topology.EVENTS.name, seq)
        event = decode(message.subject or "", message.headers or {}, message.data or b"")
        if isinstance(event, kind):
            found.append(event)
    return found


async def settled(bus: Bus) -> bool:
    """Whether classify has nothing left to do."""
    for consumer in (topology.CLASSIFY, topology.CLASSIFY_REVIEW, topology.CLASSIFY_WORK):
        info = await bus.js.consumer_info(consumer.stream, consumer.name)
        if info.num_pending or info.num_ack_pending:
            return False
    return True


@asynccontextmanager
async def desk(
    bus: Bus, bus_settings: ServiceSettings, folder: Path, count: int = 4, clock: Any = utc_now, **policy: float
) -> AsyncIterator[Running]:
    """Classify with so many classified submissions and three readers."""
    await define(bus, **policy)
    for n in (1, 2, 3):
        await add_reader(bus, f"tham-dinh-{n}")
    for n in range(count):
        await bus.publisher.publish(received(n + 1, TEXTS[n % len(TEXTS)], person=f"p{n}"))
    async with running(make_settings(folder, bus_settings.nats_url), clock) as app:

        async def classified() -> bool:
            return len({e.submission_id for e in await events(bus, SubmissionClassified)}) >= count

        await until(classified, 30)
        await until(lambda: settled(bus), 30)
        yield app


async def test_only_readers_get_in_and_the_operator_sees_sizes_alone(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with desk(bus, bus_settings, tmp_path) as app, app.client() as http:
        assert (await http.get(f"{API}/next")).status_code == 401
        assert (await http.get(f"{API}/summary")).status_code == 401
        page = await http.get("/tham-dinh/thu-nghiem")
        assert (page.status_code, page.headers["location"]) == (
            303,
            "/tham-dinh/dang-nhap?tiep=/tham-dinh/thu-nghiem",
        )
        operator = {"Authorization": f"Bearer {TOKEN}"}
        summary = (await http.get(f"{API}/summary", headers=operator)).json()
        assert summary["total"] == 4
        assert "done_today" not in summary
        assert (await http.get(f"{API}/next", headers=operator)).status_code == 401
        assert (await http.get(f"{API}/summary", headers={"Authorization": "Bearer sai"})).status_code == 401


async def test_wrong_passwords_are_counted_by_all_replicas_together_and_by_each_alone_without_the_bucket(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path, bus_settings.nats_url)
    async with (
        desk(bus, bus_settings, tmp_path, 1) as one,
        running(settings) as two,
        one.client() as here,
        two.client() as there,
    ):
        for http in (here, there, here, there, here):
            assert (await login(http, "tham-dinh-1", "sai")).status_code == 401
        for http in (here, there):
            assert (await login(http, "tham-dinh-1")).status_code == 429
        await bus.js.delete_key_value(topology.LIMITS_BUCKET)  # it lives in memory: a server started anew has none
        assert (await login(there, "tham-dinh-1")).status_code == 429, "this replica knows what it was told"
        await asyncio.sleep(AWAY_S + 0.1)
        assert (await login(there, "tham-dinh-1")).status_code == 303, "the bucket is made anew, and is empty"


async def test_wrong_passwords_close_the_door_and_a_revoked_account_is_out_at_once(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with desk(bus, bus_settings, tmp_path, 1) as app:
        async with app.client() as http:
            assert [(await login(http, "tham-dinh-1", "sai")).status_code for _ in range(5)] == [401] * 5
            assert (await login(http, "tham-dinh-1")).status_code == 429
        await app.app.state.review.throttle.succeeded("127.0.0.1")
        async with app.reader("tham-dinh-2") as reader:
            assert await reader.next() is not None
            await add_reader(bus, "tham-dinh-2", revoked=True)

            async def out() -> bool:
                return (await reader.http.get(f"{API}/next")).status_code == 401

            await until(out, 10)
        async with app.client() as http:
            assert (await login(http, "tham-dinh-2")).status_code == 401


async def test_two_readers_get_different_items_until_a_claim_runs_out(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    now = utc_now()
    async with (
        desk(bus, bus_settings, tmp_path, 2, clock=lambda: now) as app,
        app.reader("tham-dinh-1") as first,
        app.reader("tham-dinh-2") as second,
    ):
        one, two = await first.next(), await second.next()
        assert one is not None
        assert two is not None
        assert one["opinion_id"] != two["opinion_id"]
        again = await first.next()
        assert again is not None
        assert again["opinion_id"] == one["opinion_id"]
        async with app.reader("tham-dinh-3") as third:
            assert await third.next() is None
            assert (await third.review(one)).status_code == 409
            now += timedelta(minutes=16)
            assert await third.next() is not None


async def test_a_review_stands_in_the_stream_before_its_201_and_a_double_click_gives_one(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with desk(bus, bus_settings, tmp_path) as app, app.reader("tham-dinh-1") as reader:
        item = await reader.next()
        assert item is not None
        assert item["kind"] == "queue"
        answers = await asyncio.gather(*(reader.review(item, topics=[1, 3]) for _ in range(2)))
        assert [a.status_code for a in answers] == [201, 201], [a.text for a in answers]
        found = await events(bus, OpinionReviewed)
        assert len(found) == 1
        event: OpinionReviewed = found[0]
        assert (event.reviewer, event.topics, event.stance, event.kind) == (
            "tham-dinh-1",
            (1, 3),
            Stance.AMEND,
            "queue",
        )
        assert event.machine is not None
        assert list(event.machine.topics) == item["machine"]["topics"]
        assert not event.confirmed
        await until(lambda: settled(bus), 20)
        assert (await reader.review(item, topics=[1, 3])).status_code == 201  # the same again is the same, however late
        assert len(await events(bus, OpinionReviewed)) == 1
        assert (await reader.review(item, topics=[6])).status_code == 409
        summary = await reader.summary()
        assert (summary["total"], summary["done_today"]) == (3, 1)
        async with app.reader("tham-dinh-2") as other:
            await other.next()  # brings the token
            stale = await other.review(item)
            assert stale.status_code == 409
            assert stale.headers["content-type"].startswith("application/problem+json")


async def test_a_later_decision_counts_though_the_clock_of_its_replica_is_behind(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    skew = timedelta(hours=1)
    async with desk(bus, bus_settings, tmp_path, 1, lambda: utc_now() + skew) as app:
        async with app.reader("tham-dinh-1") as first:
            item = await first.next()
            assert item is not None
            assert (await first.review(item, topics=[1])).status_code == 201
        await until(lambda: settled(bus), 20)
        skew = timedelta()
        async with app.reader("tham-dinh-2") as second:
            await second.next()  # brings the token
            later = await second.review(item | {"revision": 2}, topics=[3])
            assert later.status_code == 201, later.text
        await until(lambda: settled(bus), 20)
        last = max(await events(bus, SubmissionClassified), key=lambda event: event.revision)
        assert last.opinions[0].topics == (3,)


async def test_a_confirmation_is_one_and_takes_the_opinion_off_the_queue(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with desk(bus, bus_settings, tmp_path, 1) as app, app.reader("tham-dinh-1") as reader:
        item = await reader.next()
        assert item is not None
        said = {"topics": item["machine"]["topics"], "stance": item["machine"]["stance"], "confirmed": True}
        assert (await reader.review(item, **said)).status_code == 201
        [event] = await events(bus, OpinionReviewed)
        assert event.confirmed

        async def decided() -> bool:
            return any(e.revision == 2 for e in await events(bus, SubmissionClassified))

        await until(decided, 20)
        [newest] = [e for e in await events(bus, SubmissionClassified) if e.revision == 2]
        assert newest.opinions[0].review == ()
        assert newest.opinions[0].evidence.review_id == event.review_id
        assert await reader.next() is None


async def test_everything_delivered_again_brings_nothing_back_and_loses_nothing(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with desk(bus, bus_settings, tmp_path, 4) as app, app.reader("tham-dinh-1") as reader:
        for _ in range(2):
            item = await reader.next()
            assert item is not None
            assert (await reader.review(item)).status_code == 201
        await until(lambda: settled(bus), 20)
    for consumer in (topology.CLASSIFY, topology.CLASSIFY_REVIEW):
        await bus.js.delete_consumer(consumer.stream, consumer.name)
    await provision(bus.js, ack_wait_s=bus_settings.ack_wait_s)
    settings = make_settings(tmp_path, bus_settings.nats_url)
    async with running(settings) as app, app.reader("tham-dinh-1") as reader:
        await until(lambda: settled(bus), 20)
        left = set()
        while (item := await reader.next()) is not None:
            left.add(item["opinion_id"])
            assert (await reader.review(item)).status_code == 201
        assert len(left) == 2
        await until(lambda: settled(bus), 20)
        assert (await reader.summary())["total"] == 0
        assert len(await events(bus, OpinionReviewed)) == 4


async def test_two_readers_work_on_one_letter_without_disturbing_each_other(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    letter = "1. Đề nghị làm đường giao thông lên bản.\n2. Đề nghị nêu rõ nguyên nhân của hạn chế."
    await bus.publisher.publish(received(60, letter))
    async with desk(bus, bus_settings, tmp_path, 0) as app:

        async def both() -> bool:
            return bool(await events(bus, SubmissionClassified)) and await settled(bus)

        await until(both, 20)
        async with app.reader("tham-dinh-1") as a, app.reader("tham-dinh-2") as b:
            one, two = await a.next(), await b.next()
            assert one is not None
            assert two is not None
            assert one["opinion_id"] != two["opinion_id"]
            assert (await a.review(one)).status_code == 201

            async def revised() -> bool:
                return any(e.revision == 2 for e in await events(bus, SubmissionClassified))

            await until(revised, 20)
            page = await b.http.get(f"/tham-dinh/thu-nghiem/y-kien/{two['item_id']}")
            assert page.status_code == 200
            for _ in range(2):
                answer = await b.review(two)
                assert answer.status_code == 201, answer.text
            assert await a.next() is None
        assert len(await events(bus, OpinionReviewed)) == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"topics": [99]}, "topics"),
        ({"topics": []}, "topics"),
        ({"topics": [1, 2, 3]}, "topics"),
        ({"topics": [1, 1]}, "topics"),
        ({"topics": [0, 1]}, "topics"),
        ({"stance": "thich"}, "stance"),
        ({"start": 0}, "end"),
        ({"start": 0, "end": 10_000}, "start"),
        ({"start": 5, "end": 5}, "start"),
        ({"revision": 0}, "revision"),
        ({"topics": [3], "confirmed": True}, "confirmed"),
    ],
)
async def test_a_wrong_answer_is_refused_naming_the_field(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path, fields: dict[str, Any], field: str
) -> None:
    async with desk(bus, bus_settings, tmp_path, 1) as app, app.reader("tham-dinh-1") as reader:
        item = await reader.next()
        assert item is not None
        answer = await reader.review(item, **fields)
        assert answer.status_code == 422, answer.text
        assert field in {error["field"].split(".")[0] for error in answer.json()["errors"]}
        assert await events(bus, OpinionReviewed) == []


async def test_a_stance_that_its_writer_chose_stays(bus: Bus, bus_settings: ServiceSettings, tmp_path: Path) -> None:
    await bus.publisher.publish(received(50, "Cần làm đường giao thông.", stance=Stance.DISAGREE))
    async with desk(bus, bus_settings, tmp_path, 1) as app, app.reader("tham-dinh-1") as reader:
        items = []
        for _ in range(2):
            item = await reader.next()
            assert item is not None
            if item["given"]:
                items.append(item)
            if not item["given"]:
                assert (await reader.review(item)).status_code == 201
        item = items[0]
        assert (await reader.review(item, stance="agree")).status_code == 422
        assert (await reader.review(item, stance="disagree")).status_code == 201


async def test_a_corrected_span_travels_with_the_review(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with desk(bus, bus_settings, tmp_path, 1) as app, app.reader("tham-dinh-1") as reader:
        item = await reader.next()
        assert item is not None
        assert (await reader.review(item, start=item["start"] + 8, end=item["end"])).status_code == 201
        [event] = await events(bus, OpinionReviewed)
        assert (event.start, event.end) == (item["start"] + 8, item["end"])


async def test_two_people_read_the_sample_blind_and_a_third_settles(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with desk(bus, bus_settings, tmp_path, 2, sample_rate=1.0) as app:
        async with app.reader("tham-dinh-1") as a, app.reader("tham-dinh-2") as b, app.reader("tham-dinh-3") as c:
            one = await a.next()
            assert one is not None
            said = json.dumps(one)
            assert one["kind"] == "sample"
            for word in (
                "machine",
                "topics",
                "confidence",
                "reasons",
                "evidence",
                "classifier",
                '"stance"',
                "low_conf",
            ):
                assert word not in said
            assert not any(piece["hint"] for piece in one["text"])
            assert (await a.review(one, confirmed=True)).status_code == 422
            assert (await a.review(one, topics=[1], stance="agree")).status_code == 201
            assert (await a.review(one, topics=[3], stance="agree")).status_code == 409
            mine = await a.next()
            assert mine is not None
            assert mine["opinion_id"] != one["opinion_id"]
            assert (await a.summary())["second_readings"] == 1
            two = await b.next("sample")
            assert two is not None
            assert two["opinion_id"] == one["opinion_id"]
            assert set(two) == set(one)
            assert (await b.review(two, topics=[2], stance="agree")).status_code == 201
            assert (await c.summary())["lanes"]["settle"] == 1
            settle = await c.next("settle")
            assert settle is not None
            assert settle["kind"] == "settle"
            assert "machine" not in settle
            assert sorted(r["topics"] for r in settle["readings"]) == [[1], [2]]
            assert "tham-dinh" not in json.dumps(settle)
            assert (await c.review(settle, topics=[2], stance="agree")).status_code == 201
            assert await a.next("settle") is None
        kinds = [(e.kind, e.reviewer) for e in await events(bus, OpinionReviewed)]
        assert kinds == [("sample", "tham-dinh-1"), ("sample", "tham-dinh-2"), ("settle", "tham-dinh-3")]
        assert all(e.machine is not None for e in await events(bus, OpinionReviewed))


async def test_agreement_of_two_blind_readers_decides(bus: Bus, bus_settings: ServiceSettings, tmp_path: Path) -> None:
    async with (
        desk(bus, bus_settings, tmp_path, 1, sample_rate=1.0) as app,
        app.reader("tham-dinh-1") as a,
        app.reader("tham-dinh-2") as b,
    ):
        for reader in (a, b):
            item = await reader.next()
            assert item is not None
            assert (await reader.review(item, topics=[6], stance="supplement")).status_code == 201

        async def decided() -> bool:
            newest = (await events(bus, SubmissionClassified))[-1]
            return bool(newest.opinions[0].topics == (6,) and newest.opinions[0].review == ())

        await until(decided, 20)
        assert (await a.summary())["total"] == 0


async def test_what_is_put_off_comes_last_and_only_for_that_reader(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    async with (
        desk(bus, bus_settings, tmp_path, 2) as app,
        app.reader("tham-dinh-1") as a,
        app.reader("tham-dinh-2") as b,
    ):
        one = await a.next()
        assert one is not None
        token = a.http.headers["X-CSRF-Token"]
        form = {"_form": token, "action": "de-sau"}
        path = f"/tham-dinh/thu-nghiem/y-kien/{one['item_id']}"
        assert (await a.http.post(path, data=form)).status_code == 303
        two = await a.next()
        assert two is not None
        assert two["opinion_id"] != one["opinion_id"]
        other = await b.next()
        assert other is not None
        assert other["opinion_id"] == one["opinion_id"]
        assert (await b.review(other)).status_code == 201
        assert (await a.review(two)).status_code == 201


async def test_personal_data_and_who_wrote_are_never_shown(
    bus: Bus, bus_settings: ServiceSettings, tmp_path: Path
) -> None:
    secret = "0912 345 678"
    await bus.publisher.publish(
        received(70, f"Đề nghị sửa đường giao thông, liên hệ {secret}, thu@example.vn.", person="nguoi-bi-mat")
    )
    async with desk(bus, bus_settings, tmp_path, 1) as app, app.reader("tham-dinh-1") as reader:
        for _ in range(2):
            item = await reader.next()
            assert item is not None
            page = (await reader.http.get(f"/tham-dinh/thu-nghiem/y-kien/{item['item_id']}")).text
            for said in (json.dumps(item, ensure_ascii=False), page):
                for hidden in (secret, "thu@example.vn", "nguoi-bi-mat"):
                    assert hidden not in said
            assert (await reader.review(item)).status_code == 201
