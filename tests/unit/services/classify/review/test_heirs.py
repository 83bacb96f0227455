"""A form letter whose first sender takes it back, or whose first copy is cut, still finds a reader: one, and no more."""

import pytest

from services.classify.handlers import ClassifyHandler
from services.classify.projection import RESULTS, WITHDRAWN, result_of, withdrawn_document
from shared.events import Outcome, ReviewReason, Stance, SubmissionWithdrawn
from tests.unit.services.classify.fakes import Site, review
from tests.unit.services.classify.samples import AT, received, submission_id

DOUBTFUL = "Mong có thêm lớp dạy đan lát và thêu thùa cho chị em ở bản, ai thích thì cứ đến học thử xem sao."


def taken_back(number: int) -> SubmissionWithdrawn:
    return SubmissionWithdrawn(
        consultation="thu-nghiem", submission_id=submission_id(number), withdrawn_at=AT, legal_basis="theo yêu cầu"
    )


async def withdraw(site: Site, *numbers: int) -> None:
    await site.classify(site._delivered([taken_back(n) for n in numbers]))


async def waiting(site: Site, numbers: range) -> list[int]:
    """Whose only opinion waits for a reader."""
    found = []
    for n in numbers:
        if await site.store.get(WITHDRAWN, submission_id(n)) is None:
            (opinion, *_) = (await site.result(n)).opinions
            found += [n] if opinion.review else []
    return found


async def letters(count: int) -> Site:
    site = Site()
    for n in range(1, count + 1):
        await site.receive(received(n, DOUBTFUL))
    assert (await site.result(1)).opinions[0].review, "the sample text must be in doubt"
    assert (await site.result(2)).opinions[0].same_as == f"{submission_id(1)}-1"
    assert await waiting(site, range(1, count + 1)) == [1]
    return site


async def test_a_twin_waits_in_place_of_a_head_that_was_taken_back() -> None:
    site = await letters(4)
    await withdraw(site, 1)
    (heir,) = await waiting(site, range(1, 5))
    assert site.publisher.published[-1].submission_id == submission_id(heir)
    assert site.publisher.published[-1].revision == 2
    await withdraw(site, heir)
    (second,) = await waiting(site, range(1, 5))
    assert second != heir
    await site.hear(review(second, topics=(2,), stance=Stance.SUPPLEMENT))
    await site.work()
    for n in {2, 3, 4} - {heir}:
        assert (await site.result(n)).opinions[0].topics == (2,)
    assert await waiting(site, range(1, 5)) == []


async def test_repeating_a_withdrawal_asks_no_second_reader() -> None:
    site = await letters(4)
    await withdraw(site, 1)
    await withdraw(site, 1)
    assert len(await waiting(site, range(1, 5))) == 1


async def test_the_first_copy_that_comes_after_the_only_letter_was_taken_back_is_read() -> None:
    site = Site()
    await site.receive(received(1, DOUBTFUL))
    await withdraw(site, 1)
    await site.receive(received(2, DOUBTFUL), received(3, DOUBTFUL))
    await site.receive(received(4, DOUBTFUL))
    assert len(await waiting(site, range(2, 5))) == 1


async def test_a_withdrawal_during_classification_leaves_no_cluster_without_a_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The head is marked as taken back after its twins were linked to it and before its result was stored."""
    site = Site()
    stored = ClassifyHandler._stored

    async def meanwhile(self: ClassifyHandler, decided):  # type: ignore[no-untyped-def]
        await site.store.insert_once(WITHDRAWN, submission_id(1), withdrawn_document(taken_back(1)))
        return await stored(self, decided)

    monkeypatch.setattr(ClassifyHandler, "_stored", meanwhile)
    await site.receive(received(1, DOUBTFUL), received(2, DOUBTFUL))
    assert await waiting(site, range(2, 3)) == [2]


async def test_a_crash_before_the_heir_was_published_is_mended_by_the_redelivery() -> None:
    site = await letters(3)
    site.publisher.away = True
    with pytest.raises(Exception, match="away"):
        await withdraw(site, 1)
    site.publisher.away = False
    before = len(site.publisher.published)
    await withdraw(site, 1)
    (heir,) = await waiting(site, range(1, 4))
    assert [e.submission_id for e in site.publisher.published[before:]] == [submission_id(heir)]


async def test_a_duplicate_of_the_same_person_is_no_heir() -> None:
    site = Site()
    await site.receive(
        received(1, DOUBTFUL, "p" * 64), received(2, DOUBTFUL, "p" * 64), received(3, DOUBTFUL, "q" * 64)
    )
    assert (await site.result(2)).outcome is Outcome.DUPLICATE
    await withdraw(site, 1)
    assert await waiting(site, range(2, 4)) == [3]


async def test_what_people_decided_of_a_head_that_was_taken_back_needs_no_second_reader() -> None:
    site = await letters(3)
    await site.hear(review(1, topics=(2,)))
    await site.work()
    await withdraw(site, 1)
    await site.receive(received(4, DOUBTFUL))
    assert await waiting(site, range(1, 5)) == []
    assert (await site.result(4)).opinions[0].topics == (2,)


async def test_when_a_reader_cuts_the_head_a_twin_is_read_for_what_it_says_more() -> None:
    site = await letters(4)
    await site.hear(review(1, topics=(2,), start=0, end=20))
    await site.work()
    heirs = await waiting(site, range(2, 5))
    assert len(heirs) == 1
    await site.hear(review(1, topics=(2,), start=0, end=20))
    assert await waiting(site, range(2, 5)) == heirs
    result = result_of((await site.store.get(RESULTS, submission_id(heirs[0]))).doc)
    assert ReviewReason.LOW_CONFIDENCE in result.opinions[0].review
