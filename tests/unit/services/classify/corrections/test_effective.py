"""Which of several decisions about one opinion counts, in whatever order they come."""

import itertools

import pytest

from services.classify.corrections.effective import Conflict, Label, effective
from shared.events import OpinionReviewed, Stance
from tests.unit.services.classify.fakes import review


def sample(
    reviewer: str, minutes: int, topics: tuple[int, ...] = (3,), stance: Stance = Stance.AGREE
) -> OpinionReviewed:
    return review(kind="sample", reviewer=reviewer, minutes=minutes, topics=topics, stance=stance)


def test_nothing_follows_from_nothing() -> None:
    assert effective([]) is None


def test_the_latest_decision_of_the_queue_wins_in_any_order() -> None:
    reviews = [review(minutes=n, topics=(n,)) for n in (1, 2, 3)]
    for order in itertools.permutations(reviews):
        found = effective(order)
        assert isinstance(found, Label)
        assert found.topics == (3,)


def test_one_blind_reading_changes_nothing() -> None:
    assert effective([sample("a", 1)]) is None


def test_two_readings_of_the_same_reader_are_one() -> None:
    assert effective([sample("a", 1), sample("a", 2)]) is None


def test_two_blind_readers_that_agree_make_a_label() -> None:
    found = effective([sample("a", 1, (3, 6)), sample("b", 2, (6, 3))])
    assert isinstance(found, Label)
    assert set(found.topics) == {3, 6}


@pytest.mark.parametrize("other", [sample("b", 2, (6,)), sample("b", 2, stance=Stance.DISAGREE)])
def test_two_blind_readers_that_differ_need_a_third(other: OpinionReviewed) -> None:
    assert effective([sample("a", 1), other]) == Conflict()


def test_who_settles_a_dispute_decides_it() -> None:
    settled = review(kind="settle", reviewer="c", minutes=3, topics=(2,))
    for order in itertools.permutations([sample("a", 1), sample("b", 2, (6,)), settled]):
        found = effective(order)
        assert isinstance(found, Label)
        assert found.review_id == settled.review_id


def test_a_reader_who_comes_round_ends_the_dispute() -> None:
    found = effective([sample("a", 1), sample("b", 2, (6,)), sample("b", 3)])
    assert isinstance(found, Label)
    assert found.topics == (3,)
