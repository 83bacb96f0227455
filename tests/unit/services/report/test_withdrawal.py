"""A submission taken back stays counted, and its words are nowhere: not in the database, not in any document."""

import json
import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.report import withdrawal
from services.report.calendar.periods import current
from services.report.counts.load import load_facts
from services.report.documents import render_all
from services.report.figures.annex import WITHDRAWN
from services.report.figures.make import make_report
from services.report.handlers import folder
from services.report.model import Report
from services.report.projection import COLLECTIONS, NAME, fold
from shared.delivery import Delivery
from shared.events import Event, PersonalData, Stance
from tests.support.memory_store import MemoryStore
from tests.support.report_events import BASE, ID, classified, definition, deliver, opinion, received, withdrawn

SECRET = "Nhà tôi ở bản Mường, xin đừng thu hồi đất"
OTHER = "Đề nghị làm rõ chỉ tiêu giảm nghèo"


def words(n: int, revision: int = 1, text: str = SECRET) -> Event:
    pii = (PersonalData(kind="address", start=6, end=20),)
    return classified(n, opinion(n, text=text, pii=pii, stance=Stance.DISAGREE), revision=revision)


EVENTS: list[Delivery[Event]] = [
    deliver(received(1, text=SECRET), 1),
    deliver(received(2, text=OTHER), 2),
    deliver(words(1), 3),
    deliver(words(2, text=OTHER), 4),
    deliver(withdrawn(1), 5),
    deliver(words(1, revision=2), 6),
]


def everything(store: MemoryStore) -> str:
    rows = {c.name: {id_: row.doc for id_, row in store._of(c).items()} for c in COLLECTIONS}
    return json.dumps(rows, ensure_ascii=False)


async def report(store: MemoryStore, seconds: float = 3600) -> Report:
    at = BASE + timedelta(seconds=seconds)
    c = definition()
    facts = await load_facts(store, ID, at)
    return make_report(facts, report_id="r", kind="adhoc", consultation=c, period=current(c, at), as_of=at)


@given(st.randoms(), st.integers(1, 4), st.lists(st.sampled_from(EVENTS), max_size=3))
async def test_the_words_go_in_whatever_order_and_batches_the_events_come(
    dice: random.Random, batch: int, repeats: list[Delivery[Event]]
) -> None:
    mixed = EVENTS + repeats
    dice.shuffle(mixed)
    store = MemoryStore()
    handle = folder(store)
    for at in range(0, len(mixed), batch):
        await handle(mixed[at : at + batch])
    assert SECRET not in everything(store)
    assert OTHER in everything(store)


async def test_what_was_counted_stays_counted_and_is_neither_quoted_nor_read() -> None:
    store = MemoryStore()
    await folder(store)(EVENTS)
    made = await report(store)
    assert (made.opinions_cumulative, made.cumulative.counted, made.withdrawn) == (2, 2, 1)
    assert [(row.text, row.places) for row in made.annex] == [(WITHDRAWN, ()), (OTHER[:6] + "[…]" + OTHER[20:], ())]
    quotes = [quote.text for topic in made.topics for quote in topic.quotes]
    assert len(quotes) == 1
    assert sum(t.quotes_left_out for t in made.topics) == 1
    files = render_all(made)
    assert SECRET.encode() not in files["report.html"][1] + files["report.json"][1]
    assert "đã được người gửi rút lại" in files["report.html"][1].decode()
    assert WITHDRAWN in files["report.json"][1].decode()


async def test_a_report_of_an_earlier_instant_does_not_bring_the_words_back() -> None:
    store = MemoryStore()
    for delivery in EVENTS:  # as a rebuild folds, without looking
        await store.apply(NAME, delivery.seq, fold(delivery))
    early = await report(store, seconds=4.5)
    assert (early.withdrawn, early.opinions_cumulative) == (0, 2)
    assert early.annex[0].text == WITHDRAWN
    assert SECRET in everything(store)
    await withdrawal.erase_all(store)
    assert SECRET not in everything(store)
    assert (await report(store, seconds=4.5)) == early


async def test_every_revision_is_erased() -> None:
    store = MemoryStore()
    await folder(store)([deliver(words(1, revision=n), n) for n in range(1, 41)])
    await folder(store)([deliver(withdrawn(1), 50)])
    assert SECRET not in everything(store)
