"""A person's decision: a new revision of the result, published, and brought to all that say the same; once, whatever happens."""

from typing import Any

import pytest

from services.classify.corrections.apply import keys
from services.classify.pipeline import text_key
from shared.errors import Permanent, Transient
from shared.events import ReviewReason, Stance, SubmissionWithdrawn
from tests.support.memory_store import MemoryStore
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.fakes import Crash, Site, review
from tests.unit.services.classify.samples import AT, received, submission_id

TEXT = "Đề nghị bổ sung chỉ tiêu về đường giao thông nông thôn cho các bản vùng cao của tỉnh nhà trong nhiệm kỳ tới."
NEAR = "Đề nghị bổ sung chỉ tiêu về đường giao thông nông thôn cho các bản vùng cao của tỉnh ta trong nhiệm kỳ tới đây."
WITHDRAWN = SubmissionWithdrawn(
    consultation="thu-nghiem", submission_id=submission_id(1), withdrawn_at=AT, legal_basis="theo yêu cầu"
)
OTHER = "Nhất trí với chủ đề Đại hội."


async def test_a_decision_makes_the_next_revision_with_what_the_person_said() -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    await site.hear(review())
    first, second = site.publisher.published
    assert (first.revision, second.revision) == (1, 2)
    (opinion,) = second.opinions
    assert (opinion.topics, opinion.stance, opinion.confidence, opinion.review) == ((3,), Stance.AGREE, 1.0, ())
    assert opinion.evidence is not None
    assert (opinion.evidence.by, opinion.evidence.review_id) == ("correction", review().review_id)
    assert opinion.text == first.opinions[0].text
    assert site.corrected == ["thu-nghiem"]


async def test_the_same_decision_again_publishes_the_same_revision_again() -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    await site.hear(review(), review(), review())
    assert [e.revision for e in site.publisher.published] == [1, 2, 2, 2]
    assert len({e.model_dump_json() for e in site.publisher.published}) == 2


async def test_a_later_decision_replaces_the_former_and_an_older_one_that_comes_late_does_not() -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    await site.hear(review(minutes=5, topics=(2,)), review(minutes=1, topics=(1,)))
    assert (await site.result()).opinions[0].topics == (2,)
    await site.hear(review(minutes=9, topics=(6,)))
    assert (await site.result()).opinions[0].topics == (6,)


async def test_the_words_again_get_the_label_at_once() -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    await site.hear(review())
    await site.receive(received(2, TEXT.upper()))
    (opinion,) = site.publisher.published[-1].opinions
    assert (opinion.topics, opinion.stance) == ((3,), Stance.AGREE)
    assert opinion.evidence is not None
    assert opinion.evidence.review_id == review().review_id
    assert site.publisher.published[-1].revision == 1


async def test_nearly_the_same_words_get_the_topic_and_keep_their_own_stance() -> None:
    site = Site()
    await site.receive(received(1, TEXT), received(2, NEAR))
    before = await site.result(2)
    assert before.opinions[0].same_as == f"{submission_id(1)}-1"
    await site.hear(review(stance=Stance.DISAGREE))
    await site.work()
    after = await site.result(2)
    assert after.opinions[0].topics == (3,)
    assert after.opinions[0].stance is before.opinions[0].stance
    assert after.revision == 2


async def test_everything_said_before_in_the_same_words_is_relabelled_page_by_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.classify.relabel.twins.PAGE", 3)
    site = Site()
    await site.receive(*(received(n, TEXT) for n in range(1, 11)), received(20, OTHER))
    await site.hear(review())
    await site.work()
    for n in range(1, 11):
        result = await site.result(n)
        assert (result.revision, result.opinions[0].topics, result.opinions[0].stance) == (2, (3,), Stance.AGREE)
    assert (await site.result(20)).revision == 1
    again = len(site.publisher.published)
    await site.hear(review())
    await site.work()
    assert {e.event_id for e in site.publisher.published[again:]} <= {
        e.event_id for e in site.publisher.published[:again]
    }


async def test_what_people_decided_about_a_twin_itself_stays() -> None:
    site = Site()
    await site.receive(received(1, TEXT), received(2, TEXT))
    await site.hear(review(2, topics=(2,), minutes=1), review(1, topics=(3,), minutes=2))
    await site.work()
    assert (await site.result(2)).opinions[0].topics == (2,)
    assert (await site.result(1)).opinions[0].topics == (3,)
    await site.receive(received(3, TEXT))
    assert (await site.result(3)).opinions[0].topics == (3,)  # the newest


async def test_a_stance_the_writer_chose_is_not_overridden_by_anybody() -> None:
    site = Site()
    await site.receive(received(1, TEXT, stance=Stance.DISAGREE), received(2, TEXT, stance=Stance.PARTLY_AGREE))
    await site.hear(review(stance=Stance.AGREE))
    await site.work()
    assert (await site.result(1)).opinions[0].stance is Stance.DISAGREE
    assert (await site.result(2)).opinions[0].stance is Stance.PARTLY_AGREE
    assert (await site.result(2)).opinions[0].topics == (3,)


async def test_two_blind_readers_that_differ_leave_the_label_and_ask_for_a_third() -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    before = (await site.result()).opinions[0]
    await site.hear(review(kind="sample", reviewer="a", minutes=1, topics=(2,)))
    assert len(site.publisher.published) == 1
    await site.hear(review(kind="sample", reviewer="b", minutes=2, topics=(3,)))
    after = (await site.result()).opinions[0]
    assert (after.topics, after.stance) == (before.topics, before.stance)
    assert ReviewReason.CONFLICT in after.review
    await site.hear(review(kind="settle", reviewer="c", minutes=3, topics=(3,)))
    assert ((await site.result()).opinions[0].topics, (await site.result()).opinions[0].review) == ((3,), ())


async def test_a_shortened_span_keeps_the_rest_as_an_opinion_for_a_reader() -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    await site.hear(review(start=0, end=44))
    result = await site.result()
    assert [o.text for o in result.opinions] == [TEXT[:44], TEXT[44:].strip()]
    assert result.opinions[0].review == ()
    assert result.opinions[1].review == (ReviewReason.LOW_CONFIDENCE,)
    await site.hear(review(start=0, end=44))
    assert await site.result() == result


@pytest.mark.parametrize(
    "bad",
    [
        review(9),
        review(opinion=7),
        review(topics=(5,)),
        review(topics=()),
        review(topics=(1, 1)),
        review(topics=(0, 1)),
        review(start=3),
        review(start=0, end=5000),
    ],
)
async def test_a_decision_about_something_that_is_not_there_is_refused_and_changes_nothing(bad: Any) -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    with pytest.raises(Permanent):
        await site.hear(bad)
    assert (await site.result()).revision == 1
    assert len(site.publisher.published) == 1


async def test_a_decision_about_a_withdrawn_submission_holds_and_brings_no_word_back() -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    await site.receive(received(2, TEXT))
    await site.classify(site._delivered([WITHDRAWN]))
    await site.hear(review())
    await site.work()
    assert [(o.text, o.topics) for o in (await site.result()).opinions] == [("", (3,))]
    told = [e for e in site.publisher.published if e.submission_id == submission_id(1) and e.revision == 2]
    assert [o.text for e in told for o in e.opinions] == [""] * len(told)
    assert (await site.result(2)).opinions[0].topics == (3,)


async def test_of_a_withdrawn_submission_nothing_can_be_cut() -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    await site.classify(site._delivered([WITHDRAWN]))
    await site.hear(review(start=0, end=44))
    assert (await site.result()).revision == 1


async def test_a_cut_opinion_says_nothing_about_those_that_say_all_of_it() -> None:
    site = Site()
    await site.receive(received(1, TEXT), received(2, NEAR), received(3, TEXT))
    before = [(await site.result(n)).opinions[0] for n in (2, 3)]
    await site.hear(review(start=0, end=44))
    await site.work()
    after = [(await site.result(n)).opinions[0] for n in (2, 3)]
    assert [o.model_copy(update={"review": ()}) for o in after] == before  # one of them is to be read now


async def test_a_later_decision_about_what_was_cut_does_not_reach_those_that_say_all_of_it() -> None:
    site = Site()
    await site.receive(received(1, TEXT), received(2, NEAR), received(3, TEXT))
    await site.hear(review(start=0, end=44))
    await site.hear(review(minutes=5, topics=(6,), stance=Stance.DISAGREE))
    await site.work()
    assert (await site.result()).opinions[0].topics == (6,)
    for n in (2, 3):
        evidence = (await site.result(n)).opinions[0].evidence
        assert evidence is None or evidence.by != "correction"


async def test_a_decision_that_was_refused_does_not_undo_the_one_before_it() -> None:
    """Another reader has cut the opinion meanwhile: the span of this one lies outside."""
    site = Site()
    await site.receive(received(1, TEXT))
    first = review(topics=(3,), start=0, end=44)
    await site.hear(first)
    with pytest.raises(Permanent, match="span"):
        await site.hear(review(minutes=5, reviewer="can-bo-2", topics=(6,), start=30, end=80))
    await site.hear(first)  # a redelivery
    assert (await site.result()).opinions[0].topics == (3,)
    await site.receive(received(2, (await site.result()).opinions[0].text))
    assert (await site.result(2)).opinions[0].topics == (3,)


async def test_opinions_without_a_word_have_nothing_in_common() -> None:
    site = Site()
    await site.receive(received(1, "Nhất trí."), received(2, "Nhất trí."))
    wordless = (await site.result(1)).opinions[0].model_copy(update={"text": "?!", "text_key": text_key("?!")})
    assert not keys([wordless]) & {wordless.text_key}


async def test_a_label_whose_topic_group_is_gone_is_not_inherited() -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    await site.hear(review(topics=(6,)))
    groups = [{"code": 1, "title": "Chủ đề", "description": "Chủ đề", "hints": ["chủ đề"]}]
    site.registry.known["thu-nghiem"] = small_consultation(topic_groups=groups)
    await site.receive(received(2, TEXT))
    assert (await site.result(2)).opinions[0].topics != (6,)


async def test_a_label_whose_topic_group_is_gone_is_brought_to_no_twin() -> None:
    site = Site()
    await site.receive(received(1, TEXT), received(2, TEXT))
    await site.hear(review(topics=(6,)))
    groups = [{"code": 1, "title": "Chủ đề", "description": "Chủ đề", "hints": ["chủ đề"]}]
    site.registry.known["thu-nghiem"] = small_consultation(topic_groups=groups)
    await site.work()
    assert (await site.result(2)).revision == 1


class Dying(MemoryStore):
    """Dies at the n-th write from now on, before or after it is done."""

    def __init__(self) -> None:
        super().__init__()
        self.left: int | None = None
        self.after = False

    async def _step(self, write: Any) -> Any:
        if self.left is not None:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise Crash
        done = await write
        if self.left == 0:
            raise Crash
        return done

    async def insert_once(self, *a: Any) -> Any:
        return await self._step(super().insert_once(*a))

    async def replace_if(self, *a: Any) -> Any:
        return await self._step(super().replace_if(*a))

    async def apply(self, *a: Any) -> Any:
        return await self._step(super().apply(*a))

    async def delete(self, *a: Any) -> Any:
        return await self._step(super().delete(*a))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(1, 10))
async def test_a_crash_between_any_two_steps_changes_nothing_in_the_end(step: int, after: bool) -> None:
    store = Dying()
    site = Site(store)
    await site.receive(*(received(n, TEXT) for n in range(1, 4)))
    store.left, store.after = step, after
    try:
        await site.hear(review())
        await site.work()
    except Crash:
        store.left = None
        await site.hear(review())
    store.left = None
    site.orders.ids.clear()  # the window of the bus's memory is over
    await site.hear(review())
    await site.work()
    for n in range(1, 4):
        result = await site.result(n)
        assert (result.revision, result.opinions[0].topics) == (2, (3,))
    published = {e.event_id: e.model_dump_json() for e in site.publisher.published}
    assert len(published) == len({(e.event_id, e.model_dump_json()) for e in site.publisher.published}) == 6


async def test_nothing_is_lost_while_the_bus_is_away() -> None:
    site = Site()
    await site.receive(received(1, TEXT), received(2, TEXT))
    site.publisher.away = True
    with pytest.raises(Transient):
        await site.hear(review())
    site.publisher.away, site.orders.away = False, True
    with pytest.raises(Transient):
        await site.hear(review())
    site.orders.away = False
    await site.hear(review())
    await site.work()
    assert (await site.result(2)).opinions[0].topics == (3,)
    assert {e.revision for e in site.publisher.published if e.submission_id == submission_id(1)} == {1, 2}


async def test_a_submission_stored_while_the_correction_is_made_is_corrected_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = Site()
    await site.receive(received(1, TEXT))
    real = site.classify._stored

    async def corrected_in_between(decided: Any) -> Any:
        monkeypatch.setattr(site.classify, "_stored", real)
        await site.hear(review())
        await site.work()  # cannot find the new one yet
        return await real(decided)

    monkeypatch.setattr(site.classify, "_stored", corrected_in_between)
    await site.receive(received(2, TEXT))
    assert (await site.result(2)).opinions[0].topics == (3,)
    assert site.publisher.published[-1].opinions[0].topics == (3,)
    ours = [e.revision for e in site.publisher.published if e.submission_id == submission_id(2)]
    assert ours == [1, 2]  # the first one too: a rebuild reads from it who said the same
