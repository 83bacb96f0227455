"""The measures of agreement are those of the literature, and only the blind sample enters them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from services.report.figures.agreement import accuracy, agreement, sampled, stance_accuracy, topic_accuracy
from services.report.figures.rows import Review
from shared.events import Stance
from tests.support.report_events import BASE


def review(
    opinion: str,
    reviewer: str,
    *topics: int,
    kind: str = "sample",
    minute: int = 0,
    machine: int = 1,
    stance: Stance = Stance.AGREE,
) -> Review:
    at = BASE + timedelta(minutes=minute)
    return Review(opinion, reviewer, kind, at, at, topics or (1,), stance, False, (machine,), Stance.AGREE)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=60))
def test_kappa_is_cohens(pairs: list[tuple[int, int]]) -> None:
    found = agreement(pairs)
    if len({value for pair in pairs for value in pair}) == 1:
        assert found.kappa is None
        return
    assert found.kappa == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)), abs=1e-4)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.kappa <= found.high


def test_the_accuracy_has_wilsons_interval() -> None:
    found = accuracy(45, 50)  # a textbook case: 0.786 to 0.957
    assert (found.share, found.low, found.high) == (0.9, 0.7864, 0.9565)
    assert accuracy(0, 0).share is None
    assert (accuracy(5, 5).low or 0) < 1


def test_one_reading_of_the_queue_says_nothing_about_quality() -> None:
    assert sampled([review("o", "a", kind="queue"), review("o", "b", kind="queue")]) == ()


def test_two_blind_readers_make_a_pair_and_a_reader_who_reads_again_does_not() -> None:
    assert sampled([review("o", "a"), review("o", "a", 2, minute=1)]) == ()
    (pair,) = sampled([review("o", "a"), review("o", "b", minute=1), review("o", "a", 2, minute=2)])
    assert (pair.first.topics, pair.second.topics) == ((2,), (1,))


def test_where_two_differ_only_the_third_decides_what_was_right() -> None:
    readings = [review("o", "a", 2), review("o", "b", 3, minute=1)]
    (undecided,) = sampled(readings)
    assert undecided.topics is None
    assert topic_accuracy([undecided]).judged == 0
    (settled,) = sampled([*readings, review("o", "c", 1, kind="settle", minute=2)])
    assert (topic_accuracy([settled]).right, stance_accuracy([settled]).right) == (1, 1)


def test_the_classifier_is_wrong_where_both_readers_say_otherwise() -> None:
    pair = sampled([review("o", "a", 2, stance=Stance.AMEND), review("o", "b", 2, stance=Stance.AMEND)])
    assert (topic_accuracy(pair).judged, topic_accuracy(pair).right) == (1, 0)
    assert (stance_accuracy(pair).judged, stance_accuracy(pair).right) == (1, 0)
