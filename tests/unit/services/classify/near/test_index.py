"""Twins are linked to the first one, by whichever replica, as often as the message comes."""

import itertools
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify.near.index import Twins
from services.classify.near.records import BANDS, COLLECTIONS, HEADS, TEXTS, changes, forget
from shared.events import Outcome, SubmissionClassified
from shared.store.port import DocumentStore
from shared.text import fold
from tests.support.memory_store import MemoryStore
from tests.support.store_engines import ENGINES, make_store
from tests.unit.services.classify.near.samples import LETTER, OTHER, OWN, event, first, reread
from tests.unit.services.classify.samples import submission_id

EDITED = LETTER.replace("bố trí", "dành").replace("hằng năm", "mỗi năm")


@pytest.fixture(params=ENGINES)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[DocumentStore]:
    held = make_store(request.param, tmp_path, COLLECTIONS)
    await held.open()
    await held.clear(COLLECTIONS, ())
    yield held
    await held.close()


def heads(events: Sequence[SubmissionClassified]) -> list[list[str | None]]:
    return [[opinion.same_as for opinion in one.opinions] for one in events]


async def test_copies_in_any_writing_follow_the_first_one(store: DocumentStore) -> None:
    twins = Twins(store)
    await twins.link([event(1, LETTER)])
    linked = await twins.link([event(2, LETTER), event(3, LETTER.upper()), event(4, LETTER.replace(",", " ;"))])
    assert heads(linked) == [[first(1)], [first(1)], [first(1)]]
    assert {one.opinions[0].similarity for one in linked} == {1.0}


async def test_a_slightly_edited_copy_follows_the_first_one_and_says_how_alike_it_is(store: DocumentStore) -> None:
    twins = Twins(store)
    assert heads(await twins.link([event(1, LETTER)])) == [[None]]
    (linked,) = await twins.link([event(2, EDITED)])
    assert linked.opinions[0].same_as == first(1)
    assert 0.76 <= (linked.opinions[0].similarity or 0) < 1
    (copy,) = await twins.link([event(3, EDITED)])
    assert copy.opinions[0].same_as == first(1)
    assert copy.opinions[0].similarity == linked.opinions[0].similarity


async def test_twins_within_one_batch_are_found(store: DocumentStore) -> None:
    linked = await Twins(store).link([event(1, LETTER, OTHER), event(2, EDITED), event(3, OTHER), event(4, LETTER)])
    assert heads(linked) == [[None, None], [first(1)], [first(1, 2)], [first(1)]]


async def test_another_consultation_has_its_own_clusters(store: DocumentStore) -> None:
    twins = Twins(store)
    await twins.link([event(1, LETTER)])
    assert heads(await twins.link([event(2, LETTER, consultation="khac"), event(3, EDITED, consultation="khac")])) == [
        [None],
        [first(2)],
    ]


async def test_linking_again_gives_the_same_answer(store: DocumentStore) -> None:
    batch = [event(1, LETTER, OTHER), event(2, EDITED, f"{OTHER} {OWN}"), event(3, f"{OWN}\n{LETTER}")]
    once = await Twins(store).link(batch, reread)
    assert await Twins(store).link(batch, reread) == once
    assert [(await Twins(store).link([one], reread))[0] for one in batch] == once
    assert await Twins(store).link(once, reread) == once


async def test_exact_copies_cost_one_read_and_store_nothing() -> None:
    store = Counting()
    await Twins(store).link([event(1, LETTER, OTHER)])
    store.calls.clear()
    await Twins(store).link([event(n, LETTER, OTHER) for n in range(2, 50)])
    assert store.calls == ["get_many near_texts"]


async def test_a_batch_costs_a_fixed_number_of_calls_however_large_it_is() -> None:
    small, large = Counting(), Counting()
    await Twins(small).link([event(1, unlike(1)), event(2, unlike(1) + " nữa")])
    await Twins(large).link([event(n, unlike(n)) for n in range(100)])
    assert len(large.calls) <= len(small.calls) <= 8


async def test_own_sentences_become_opinions_of_their_own(store: DocumentStore) -> None:
    twins = Twins(store)
    await twins.link([event(1, LETTER)])
    text = f"{LETTER} {OWN}\n  {OTHER}"
    (linked,) = await twins.link([event(2, "Ý kiến khác hẳn về nghĩa trang liệt sĩ.", text)], reread)
    assert [o.opinion_id for o in linked.opinions] == [first(2), first(2, 2), first(2, 3)]
    assert [o.same_as for o in linked.opinions] == [None, first(1), None]
    assert linked.opinions[1].text == LETTER
    assert linked.opinions[2].text == f"{OWN}\n  {OTHER}"
    (copy,) = await twins.link([event(3, text)], reread)
    assert [o.same_as for o in copy.opinions] == [first(1), first(2, 3)]


async def test_the_same_words_without_stops_cannot_be_cut_and_have_one_head_all_the_same(store: DocumentStore) -> None:
    twins = Twins(store)
    await twins.link([event(1, LETTER), event(2, f"{LETTER} {OWN}")], reread)
    unstopped = f"{LETTER} {OWN}".replace(".", " ")
    batch = [event(3, unstopped), event(4, unstopped.upper())]
    once = await twins.link(batch, reread)
    head = once[0].opinions[0].same_as or first(3)
    assert [len(one.opinions) for one in once] == [1, 1]
    assert once[1].opinions[0].same_as == head
    assert await twins.link(batch, reread) == once


async def test_without_reading_anew_nothing_is_cut(store: DocumentStore) -> None:
    twins = Twins(store)
    await twins.link([event(1, LETTER)])
    (linked,) = await twins.link([event(2, f"{LETTER} {OWN}")])
    assert [o.text for o in linked.opinions] == [f"{LETTER} {OWN}"]


async def test_opposite_and_changed_numbers_are_heads_of_their_own(store: DocumentStore) -> None:
    texts = [
        "Tôi đồng ý nâng tỷ lệ che phủ rừng lên 45% vào cuối nhiệm kỳ tới.",
        "Tôi không đồng ý nâng tỷ lệ che phủ rừng lên 45% vào cuối nhiệm kỳ tới.",
        "Tôi đồng ý nâng tỷ lệ che phủ rừng lên 50% vào cuối nhiệm kỳ tới.",
        "Đồng ý với chỉ tiêu nước sạch nông thôn ở mục II của dự thảo",
        "Đồng ý với chỉ tiêu nước sạch nông thôn ở mục III của dự thảo",
    ]
    linked = await Twins(store).link([event(n, text) for n, text in enumerate(texts)])
    assert heads(linked) == [[None]] * 5


async def test_unreadable_ones_are_left_and_duplicates_follow_but_never_head(store: DocumentStore) -> None:
    twins = Twins(store)
    early = event(1, LETTER, outcome=Outcome.DUPLICATE)
    unread = event(2, LETTER, outcome=Outcome.UNREADABLE)
    assert await twins.link([early, unread]) == [early, unread]
    assert heads(await twins.link([event(3, LETTER), early])) == [[None], [first(3)]]


async def test_symbols_alone_are_nobodys_twins(store: DocumentStore) -> None:
    assert heads(await Twins(store).link([event(1, "???"), event(2, "!!!")])) == [[None], [None]]


async def test_a_form_letter_names_the_first_submission(store: DocumentStore) -> None:
    twins = Twins(store)
    (head,) = await twins.link([event(1, LETTER, OTHER)], reread)
    (same,) = await twins.link([event(2, EDITED, OTHER, OWN)], reread)
    (one_sentence,) = await twins.link([event(3, "Nhất trí."), event(4, "Nhất trí.")][1:])
    (mostly_own,) = await twins.link([event(5, LETTER, "Suối cạn. " * 60)], reread)
    assert (head.campaign, same.campaign) == (None, submission_id(1))
    assert (one_sentence.campaign, mostly_own.campaign) == (None, None)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_replicas_at_once_never_make_two_heads_of_exact_copies(order: tuple[int, ...]) -> None:
    """Each replica is stopped before its first write, when it knows of no other."""
    store = MemoryStore()
    replicas = [Late(store, [event(n, LETTER), event(n + 10, EDITED)]) for n in range(3)]
    for replica in replicas:
        await replica.read()
    linked = [await replicas[n].write() for n in order]
    again = [await Twins(store).link(replica.batch) for replica in replicas]
    for answers in (linked, [again[n] for n in order]):
        followed = {one.opinions[0].same_as or one.opinions[0].opinion_id for batch in answers for one in batch[:1]}
        assert followed == {first(order[0])}
    firsts = {one.opinions[0].same_as for batch in again for one in batch[1:]}
    assert firsts == {first(order[0])}, "twins of a head that lost follow the one that won"
    assert set(store._of(HEADS)) == {first(order[0])}


async def test_a_crash_before_the_bands_are_stored_is_mended_by_the_redelivery() -> None:
    store = Crashing()
    with pytest.raises(RuntimeError):
        await Twins(store).link([event(1, LETTER)])
    store.whole = True
    assert heads(await Twins(store).link([event(1, LETTER)])) == [[None]]
    assert heads(await Twins(store).link([event(2, EDITED)])) == [[first(1)]]


async def test_a_rebuild_from_the_stream_brings_the_clusters_back(store: DocumentStore) -> None:
    stream = await Twins(store).link([event(1, LETTER, OTHER), event(2, EDITED), event(3, f"{LETTER} {OWN}")], reread)
    await store.clear(COLLECTIONS, ())
    for seq, one in enumerate(stream, start=1):
        await store.apply("classify", seq, changes(one))
    batch = [event(4, LETTER), event(5, EDITED), event(6, OTHER.upper()), event(7, OWN), event(8, LETTER + " Xin hết.")]
    found = await Twins(store).link(batch, reread)
    assert heads(found) == [[first(1)], [first(1)], [first(1, 2)], [first(3, 2)], [first(1)]]
    assert await Twins(store).link([event(1, LETTER, OTHER)]) == stream[:1]


async def test_a_withdrawn_head_keeps_its_cluster_and_loses_its_words(store: DocumentStore) -> None:
    twins = Twins(store)
    await twins.link([event(1, LETTER, OTHER), event(12, LETTER.replace("Đề nghị", "Kiến nghị thêm rằng nên"))])
    await forget(store, [submission_id(1)])
    held = await store.get_many(HEADS, [first(1), first(1, 2)])
    assert [set(one.doc) for one in held.values()] == [{"consultation"}, {"consultation"}]
    assert heads(await twins.link([event(2, LETTER)])) == [[first(1)]]
    assert heads(await twins.link([event(1, LETTER, OTHER)])) == [[None, None]]
    assert "words" not in (await store.get_many(HEADS, [first(1)]))[first(1)].doc
    assert heads(await twins.link([event(3, EDITED)])) == [[None]], "nothing to compare to: a cluster of its own"
    assert heads(await twins.link([event(4, EDITED.replace("cùng", "cuối"))])) == [[first(3)]], (
        "its bands were taken over"
    )


async def test_forgetting_one_submission_leaves_the_others(store: DocumentStore) -> None:
    await Twins(store).link([event(1, LETTER), event(2, OTHER)])
    await forget(store, [submission_id(1), submission_id(77)])
    held = await store.get_many(HEADS, [first(1), first(2)])
    assert ["words" in held[first(n)].doc for n in (1, 2)] == [False, True]


WORDS = st.sampled_from(
    tuple(fold("trồng rừng nước sạch bê tông trạm y tế học chợ phiên không 70 đồng ý sửa mục ii").split())
)
TEXTS_ = st.lists(WORDS, min_size=1, max_size=25).map(" ".join)
BATCHES = st.lists(
    st.lists(st.one_of(TEXTS_, st.sampled_from((LETTER, EDITED, OTHER))), min_size=1, max_size=3), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(BATCHES)
async def test_any_batch_linked_twice_is_the_same_and_every_head_heads_itself(texts: list[list[str]]) -> None:
    store = MemoryStore()
    batch = [event(n, *some) for n, some in enumerate(texts)]
    once = await Twins(store).link(batch, reread)
    assert await Twins(store).link(batch, reread) == once
    followed = {o.opinion_id: o.same_as for one in once for o in one.opinions}
    assert all(followed[head] is None for head in followed.values() if head is not None)


@settings(max_examples=60, deadline=None)
@given(BATCHES, st.randoms(use_true_random=False))
async def test_the_groups_of_exact_copies_are_the_same_in_any_order(texts: list[list[str]], draw: object) -> None:
    batch = [event(n, *some) for n, some in enumerate(texts)]
    shuffled = list(batch)
    draw.shuffle(shuffled)  # type: ignore[attr-defined]
    for order in (batch, shuffled):
        store = MemoryStore()
        answers = [one for event_ in order for one in await Twins(store).link([event_])]
        groups: dict[str, set[str]] = {}
        for o in (o for one in answers for o in one.opinions):
            groups.setdefault(str(o.text_key), set()).add(o.same_as or o.opinion_id)
        assert all(len(found) == 1 for found in groups.values())


PARTS = st.lists(st.sampled_from((LETTER, EDITED, OWN, OTHER, "  ", "\n", "Vâng.", "…")), min_size=1, max_size=6)


@settings(max_examples=80, deadline=None)
@given(PARTS)
async def test_cutting_leaves_no_character_out_and_none_twice(parts: list[str]) -> None:
    store = MemoryStore()
    await Twins(store).link([event(1, LETTER)])
    text = " ".join(parts)
    (linked,) = await Twins(store).link([event(2, text)], reread)
    covered = [0] * len(text)
    for opinion in linked.opinions:
        assert opinion.text == text[opinion.start : opinion.end]
        for at in range(opinion.start, opinion.end):
            covered[at] += 1
    assert all(n == 1 or (n == 0 and text[at].isspace()) for at, n in enumerate(covered))
    assert len({o.opinion_id for o in linked.opinions}) == len(linked.opinions)


def unlike(number: int) -> str:
    return " ".join(f"từ{number}lần{word}" for word in range(12))


class Counting(MemoryStore):
    """Notes the calls."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    async def get_many(self, collection, ids):  # type: ignore[no-untyped-def]
        self.calls.append(f"get_many {collection.name}")
        return await super().get_many(collection, ids)

    async def insert_many_once(self, collection, docs):  # type: ignore[no-untyped-def]
        self.calls.append(f"insert_many_once {collection.name}")
        return await super().insert_many_once(collection, docs)


class Crashing(MemoryStore):
    """Away when the bands are to be stored."""

    whole = False

    async def insert_many_once(self, collection, docs):  # type: ignore[no-untyped-def]
        if collection in (HEADS, BANDS) and not self.whole:
            raise RuntimeError("crash")
        return await super().insert_many_once(collection, docs)


class Late(MemoryStore):
    """A replica whose reads of texts all happened before anybody wrote."""

    def __init__(self, shared: MemoryStore, batch: list[SubmissionClassified]) -> None:
        self._rows = shared._rows
        self._positions = {}
        self.batch = batch
        self._blind = True

    async def read(self) -> None:
        """Nothing is there yet."""
        assert await super().get_many(TEXTS, []) == {}

    async def get_many(self, collection, ids):  # type: ignore[no-untyped-def]
        if self._blind:
            return {}
        return await super().get_many(collection, ids)

    async def insert_many_once(self, collection, docs):  # type: ignore[no-untyped-def]
        self._blind = False
        return await super().insert_many_once(collection, docs)

    async def write(self) -> list[SubmissionClassified]:
        return await Twins(self).link(self.batch)
