"""A linear model on whole weights: what it says of a text is exact, and the same whatever texts stand beside it."""

import math
import random
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.learning.features import features, words
from services.classify.learning.scorer import LARGEST, UNIT, Scorer, Weights

_weight = st.integers(-LARGEST * UNIT, LARGEST * UNIT)
_feature = st.lists(st.sampled_from(["^", "a", "b", "c", "không", ","]), min_size=1, max_size=3).map(" ".join)
tables = st.dictionaries(
    _feature.filter(lambda name: name != "^") | st.sampled_from(["!a", "!b"]),
    st.tuples(_weight, _weight, st.integers(0, LARGEST * UNIT)),
    max_size=12,
)
texts = st.lists(st.lists(st.sampled_from(["a", "b", "c", "không", ",", "a,b", "never", "--"]), max_size=8), max_size=6)


def _known(table: Mapping[str, Weights], text: Sequence[str], order: int) -> list[str]:
    return sorted(table.keys() & features(words(" ".join(text)), order))


def _expected(table: Mapping[str, Weights], text: Sequence[str], order: int) -> list[float]:
    """The same with Python's own integers."""
    rows = [(0, 0, 0), *(table[feature] for feature in _known(table, text, order))]
    *outputs, square = map(sum, zip(*rows, strict=True))
    return [output / math.sqrt(square * UNIT) if square else 0.0 for output in outputs]


@given(tables, texts, st.integers(1, 3))
def test_scores_are_the_exact_sums_of_the_features_that_stand_in_each_text(
    table: dict[str, Weights], several: list[list[str]], order: int
) -> None:
    heard = Scorer(2, table).hear(several, order)
    assert len(heard.scores) == len(several)
    for scores, text in zip(heard.scores, several, strict=True):
        assert scores == pytest.approx(_expected(table, text, order), rel=1e-14, abs=0)


@given(tables, texts, st.integers(1, 3))
def test_a_text_has_the_same_scores_to_the_last_bit_alone_and_among_others(
    table: dict[str, Weights], several: list[list[str]], order: int
) -> None:
    scorer = Scorer(2, table)
    assert scorer.hear(several, order).scores == [scorer.hear([text], order).scores[0] for text in several]


@given(tables, texts, st.integers(1, 3))
def test_texts_that_were_packed_before_chunk_by_chunk_or_as_a_whole_are_heard_alike(
    table: dict[str, Weights], several: list[list[str]], order: int
) -> None:
    scorer = Scorer(2, table)
    heard = scorer.hear(several, order)
    for packed in (
        [scorer.pack(text) for text in several],
        [b"".join(map(scorer.pack_chunk, text)) for text in several],
    ):
        again = scorer.hear_packed(packed, order)
        assert again.scores == heard.scores
        assert again.rows.tolist() == heard.rows.tolist()
        assert again.features.tolist() == heard.features.tolist()
        assert again.scales.tolist() == heard.scales.tolist()


def test_no_sum_overflows_with_the_most_features_a_text_can_have_nor_in_a_batch_of_such_texts() -> None:
    largest = LARGEST * UNIT
    table = {f"f{i}": (largest, -largest, largest) for i in range(4_000)}
    heard = Scorer(2, table).hear([[*table]] * 40, 1)
    length = math.sqrt(4_000 * LARGEST)
    assert np.array(heard.scores) == pytest.approx(np.array([[length, -length]] * 40), rel=1e-14)
    assert heard.scores == [heard.scores[0]] * 40


def _scorer() -> Scorer:
    return Scorer(2, {"a": (UNIT, -2 * UNIT, 4 * UNIT), "b": (3 * UNIT, UNIT, 5 * UNIT)})


def test_scores_are_as_of_a_text_whose_features_have_length_one() -> None:
    assert _scorer().hear([["a", "b", "never", "seen"], ["never"], []], 1).scores == [
        [4 / math.sqrt(9), -1 / math.sqrt(9)],
        [0.0, 0.0],
        [0.0, 0.0],
    ]


def test_a_feature_that_stands_twice_counts_once() -> None:
    once, twice = _scorer().hear([["a", "b"], ["a", "b", "a"]], 1).scores
    assert once == twice


def test_the_order_of_the_features_changes_nothing_not_even_a_rounding() -> None:
    draw = random.Random(4)
    table = {f"f{i}": (draw.randrange(-UNIT, UNIT), draw.randrange(-UNIT, UNIT), UNIT) for i in range(500)}
    names = list(table)
    draw.shuffle(names)
    mixed = Scorer(2, dict(sorted(table.items(), reverse=True)))
    expected = Scorer(2, table).hear([[*table]], 1).scores
    assert Scorer(2, table).hear([names], 1).scores == expected
    assert mixed.hear([names, [*table]], 1).scores == expected * 2


def test_no_text_and_a_table_without_features_are_nothing_special() -> None:
    assert _scorer().hear([], 3).scores == []
    assert _scorer().strongest(_scorer().hear([], 3), [], 8) == []
    empty = Scorer(2, {})
    heard = empty.hear([["a"], []], 3)
    assert heard.scores == [[0.0, 0.0]] * 2
    assert empty.strongest(heard, [0, 1], 8) == [[], []]


def test_the_strongest_features_are_those_that_speak_for_the_output() -> None:
    scorer = _scorer()
    heard = scorer.hear([["a", "b", "x"]] * 3, 1)
    for_first, for_second, for_none = scorer.strongest(heard, [0, 1, -1], 8)
    assert [feature for _, feature in for_first] == ["b", "a"]
    assert [-negated for negated, _ in for_first] == pytest.approx([3 / math.sqrt(9), 1 / math.sqrt(9)])
    assert [feature for _, feature in for_second] == ["b"]
    assert [-negated for negated, _ in for_second] == pytest.approx([1 / math.sqrt(9)])
    assert for_none == []
    assert scorer.strongest(heard, [0, 0, 1], 1) == [for_first[:1], for_first[:1], for_second]


def test_of_features_that_speak_as_loudly_the_first_by_name_comes_first() -> None:
    scorer = Scorer(1, dict.fromkeys(("c", "a", "b"), (UNIT, UNIT)))
    (found,) = scorer.strongest(scorer.hear([["c", "b", "a"]], 1), [0], 2)
    assert [feature for _, feature in found] == ["a", "b"]
    assert found == sorted(found)


def test_marks_what_a_text_begins_with_and_denied_words_are_not_named() -> None:
    """A reader is shown words, as they stand in the text."""
    scorer = Scorer(1, dict.fromkeys((",", "^ không", "!hay", "không hay", "hay ,"), (UNIT, UNIT)))
    heard = scorer.hear([["không", "hay,"]], 3)
    assert len(heard.features) == 5
    (found,) = scorer.strongest(heard, [0], 8)
    assert [feature for _, feature in found] == ["không hay"]


@given(tables, texts, st.integers(1, 3), st.integers(1, 3), st.data())
def test_the_strongest_are_told_apart_text_by_text(
    table: dict[str, Weights], several: list[list[str]], order: int, most: int, data: st.DataObject
) -> None:
    scorer = Scorer(2, table)
    asked = data.draw(st.lists(st.integers(-1, 1), min_size=len(several), max_size=len(several)))
    found = scorer.strongest(scorer.hear(several, order), asked, most)
    assert len(found) == len(several)
    for its, text, output in zip(found, several, asked, strict=True):
        known = [f for f in _known(table, text, order) if f.replace(" ", "").isalnum()] if output >= 0 else []
        loud = sorted((-table[f][output], f) for f in known if table[f][output] > 0)[:most]
        assert [feature for _, feature in its] == [feature for _, feature in loud]
        square = sum(table[f][-1] for f in _known(table, text, order))
        scale = 1 / math.sqrt(square * UNIT) if square else 0.0
        assert [negated for negated, _ in its] == pytest.approx([negated * scale for negated, _ in loud], rel=1e-14)
        alone = scorer.strongest(scorer.hear([text], order), [output], most)
        assert [its] == alone
