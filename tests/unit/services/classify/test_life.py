"""Whatever people write, take back and decide, in any order: no opinion is lost or counted twice, and a rebuild ends in the same."""

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from services.classify import projection, restore
from services.report.calendar.periods import current
from services.report.counts import live
from services.report.counts.load import load_facts
from services.report.documents.balance import check
from services.report.figures.labels import labels_of
from services.report.figures.make import make_report
from services.report.handlers import folder
from shared.delivery import Delivery
from shared.events import Event, Stance, SubmissionReceived, SubmissionWithdrawn
from tests.support.memory_store import MemoryStore
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.fakes import Site, review
from tests.unit.services.classify.samples import AT, received, submission_id

DEFINITION = small_consultation()
TEXTS = (
    "Đề nghị làm đường giao thông nông thôn cho bản vùng cao của tỉnh ta, kính mong bổ sung chỉ tiêu cụ thể.",
    "Mong có thêm lớp dạy đan lát và thêu thùa cho chị em ở bản, ai thích thì cứ đến học thử xem sao.",
    "Kính gửi ban soạn thảo.\n1. Nhất trí với chủ đề Đại hội.\n2. Đề nghị bổ sung giáo viên mầm non.\nTrân trọng.",
    " ",
)
OWN = " Riêng nhà tôi mong được cấp nước sạch sinh hoạt sớm."


async def lived(dice: random.Random) -> Site:
    site, count = Site(), 0
    for minute in range(25):
        chance = dice.random()
        if chance < 0.45 or count < 3:
            count += 1
            text = dice.choice(TEXTS) + (OWN if dice.random() < 0.3 else "")
            person, given = dice.choice([None, "a" * 64]), dice.choice([None, None, Stance.AGREE])
            await site.receive(received(count, text, person, stance=given))
        elif chance < 0.55:
            await site.classify(site._delivered([taken_back(dice.randint(1, count))]))
        else:
            await decide(site, dice, dice.randint(1, count), minute)
    await site.work()
    return site


async def decide(site: Site, dice: random.Random, number: int, minute: int) -> None:
    opinions = (await site.result(number)).opinions
    if not opinions:
        return
    opinion = dice.choice(opinions)
    cuts = dice.random() < 0.3 and bool(opinion.text)
    span = {"start": opinion.start, "end": (opinion.start + opinion.end) // 2} if cuts else {}
    await site.hear(
        review(
            number,
            int(opinion.opinion_id.rpartition("-")[2]),
            topics=(dice.choice([1, 2, 3, 6]),),
            stance=dice.choice(list(Stance)),
            kind=dice.choice(["queue", "queue", "sample", "settle"]),
            reviewer=dice.choice("abc"),
            minutes=minute,
            **span,
        )
    )
    if dice.random() < 0.7:
        await site.work()


def taken_back(number: int) -> SubmissionWithdrawn:
    return SubmissionWithdrawn(
        consultation=DEFINITION.id, submission_id=submission_id(number), withdrawn_at=AT, legal_basis="theo yêu cầu"
    )


@pytest.mark.parametrize("seed", range(12))
async def test_report_dashboard_texts_and_rebuild_all_agree(seed: int) -> None:
    dice = random.Random(seed)
    site = await lived(dice)
    events: list[Event] = [delivery.event for delivery in site.stream]
    events += site.publisher.published
    stream = [Delivery(event, seq, AT + timedelta(seconds=seq)) for seq, event in enumerate(events, start=1)]
    await counted(stream, dice)
    await covered(site)
    await rebuilt(site, stream)


async def counted(stream: list[Delivery[Event]], dice: random.Random) -> None:
    """The report balances and the dashboard says the same, in whatever order the events came."""
    mixed = list(stream)
    dice.shuffle(mixed)
    store = MemoryStore()
    for start in range(0, len(mixed), 5):
        await folder(store)(mixed[start : start + 5])
    at = AT + timedelta(days=2)
    report = make_report(
        await load_facts(store, DEFINITION.id, at),
        report_id="r",
        kind="adhoc",
        consultation=DEFINITION,
        period=current(DEFINITION, at),
        as_of=at,
    )
    check(report)
    seen = await live.figures(store, DEFINITION.id, labels_of(DEFINITION), ZoneInfo("Asia/Ho_Chi_Minh"))
    assert seen.opinions == report.opinions_cumulative
    for topic in report.topics:
        assert sum(n for (code, _), n in seen.topics.items() if code == topic.code) == topic.opinions_cumulative


async def covered(site: Site) -> None:
    """Every character of a text that was split stands in one opinion or one part set aside."""
    for delivery in site.stream:
        event = delivery.event
        if not isinstance(event, SubmissionReceived):
            continue
        held = await site.store.get(projection.RESULTS, event.submission_id)
        result = projection.result_of(held.doc)
        spans = [(opinion.start, opinion.end) for opinion in result.opinions]
        spans += [(aside.start, aside.end) for aside in result.set_aside]
        inside = [at for start, end in spans for at in range(start, end)]
        assert len(inside) == len(set(inside))
        if result.opinions:
            assert all(character.isspace() or at in set(inside) for at, character in enumerate(event.text))


async def rebuilt(site: Site, stream: list[Delivery[Event]]) -> None:
    """A rebuild from the stream gives what the service had."""
    store = MemoryStore()
    for delivery in [*site.stream, *stream[len(site.stream) :]]:
        await store.apply(projection.NAME, delivery.seq, projection.fold(delivery))
    await restore.restore(store)
    for name in ("results", "corrections", "labels", "opinions", "withdrawn", "originals", "review_queue"):
        (collection,) = [c for c in projection.COLLECTIONS if c.name == name]
        made, was = store._of(collection), site.store._of(collection)
        assert {id_: row.doc for id_, row in made.items()} == {id_: row.doc for id_, row in was.items()}, name
