"""Weights packed into integers."""

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from services.classify.learning.scorer import LARGEST, UNIT, Scorer, packed, unpacked

weights = st.lists(st.integers(-LARGEST * UNIT, LARGEST * UNIT), min_size=1, max_size=20)


@given(weights)
def test_what_is_packed_comes_out_again(lanes: list[int]) -> None:
    assert unpacked(packed(lanes), len(lanes)) == lanes


@given(st.lists(st.lists(st.integers(-LARGEST * UNIT, LARGEST * UNIT), min_size=3, max_size=3), max_size=200))
def test_a_sum_of_packed_weights_is_the_packed_sum(rows: list[list[int]]) -> None:
    assert unpacked(sum(map(packed, rows)), 3) == [sum(column) for column in zip(*rows, strict=True)] or not rows


def test_no_lane_overflows_with_the_most_features_a_text_can_have() -> None:
    assert unpacked(4_000 * packed([LARGEST * UNIT, -LARGEST * UNIT]), 2) == [
        4_000 * LARGEST * UNIT,
        -4_000 * LARGEST * UNIT,
    ]


def _scorer() -> Scorer:
    return Scorer(2, {"a": packed([UNIT, -2 * UNIT, 4 * UNIT]), "b": packed([3 * UNIT, UNIT, 5 * UNIT])})


def test_scores_are_as_of_a_text_whose_features_have_length_one() -> None:
    assert _scorer().scores({"a", "b", "never seen"}) == [4 / math.sqrt(9), -1 / math.sqrt(9)]
    assert _scorer().scores({"never seen"}) == [0.0, 0.0]


def test_the_order_of_the_features_changes_nothing_not_even_a_rounding() -> None:
    draw = random.Random(4)
    table = {f"f{i}": packed([draw.randrange(-UNIT, UNIT) for _ in range(2)] + [UNIT]) for i in range(500)}
    scorer = Scorer(2, table)
    names = list(table)
    expected = scorer.scores(names)
    draw.shuffle(names)
    assert scorer.scores(names) == expected


def test_the_strongest_features_are_those_that_speak_for_the_output() -> None:
    heard = _scorer().hear(["a", "b", "x"])
    assert heard.scores == _scorer().scores(["a", "b", "x"])
    assert heard.strongest(0, 8) == [(-3 / math.sqrt(9), "b"), (-1 / math.sqrt(9), "a")]
    assert [feature for _, feature in heard.strongest(1, 8)] == ["b"]
    assert len(heard.strongest(0, 1)) == 1
