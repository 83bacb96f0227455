"""Words packed as numbers, and how arrays of numbers are searched: as plain Python would."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify import packed as module
from services.classify.packed import Packed, each_once, found_in, pair_keys

_WORD = re.compile(r"[^\W_]+")
_NUMBERS = {"a": 1, "b": 2, "đường": 3, "giao": 4}
chunk = st.sampled_from([*_NUMBERS, "a-b", "đường,", "...", "_", "xa", "x" * 40, "a" + "-b" * 20]) | st.text()


def _packed() -> Packed:
    return Packed(_NUMBERS, _WORD.findall)


def _numbers_of(chunks: list[str]) -> list[int]:
    return [_NUMBERS.get(word, 0) for chunk in chunks for word in _WORD.findall(chunk)]


@given(st.lists(st.lists(chunk, max_size=6), max_size=6), st.lists(st.integers(0, 9), max_size=2))
def test_the_numbers_of_all_pieces_stand_one_after_the_other(pieces: list[list[str]], before: list[int]) -> None:
    chunks = _packed()
    for _ in range(2):  # first with chunks that are new, then with chunks that are known
        numbers, counts = chunks.of(pieces, before)
        expected = [[*before, *_numbers_of(piece)] for piece in pieces]
        assert counts == [*map(len, expected)]
        assert numbers.tolist() == [number for piece in expected for number in piece]
        assert numbers.dtype == np.int32


def test_no_piece_and_pieces_without_a_word_have_no_numbers() -> None:
    several: list[list[list[str]]] = [[], [[]], [[], ["..."]]]
    for pieces in several:
        numbers, counts = _packed().of(pieces)
        assert (numbers.tolist(), counts) == ([], [0] * len(pieces))


def test_not_more_chunks_are_kept_than_fit_and_no_long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """A citizen's text must not fill the memory; and what was forgotten is read again, also in the middle of a text."""
    monkeypatch.setattr(module, "_MOST_KEPT", 3)
    chunks = _packed()
    numbers, counts = chunks.of([["a", "b", "giao", "a-b", "xa"], ["a", "đường"], ["a", "b"]])
    assert (numbers.tolist(), counts) == ([1, 2, 4, 1, 2, 0, 1, 3, 1, 2], [6, 2, 2])
    assert len(chunks) <= 3
    long = "a" + "-b" * 20
    assert chunks.of([[long]])[0].tolist() == [1, *[2] * 20]
    assert long not in chunks


@given(st.lists(st.integers(0, 4), max_size=20), st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4))))
def test_pairs_are_found_where_their_two_numbers_stand_side_by_side(
    numbers: list[int], pairs: set[tuple[int, int]]
) -> None:
    ordered = [*sorted(a * 5 + b for a, b in pairs), 25]
    which, where = found_in(np.array(ordered, np.int64), pair_keys(np.array(numbers, np.int32), 5))
    expected = [(at, pair) for at, pair in enumerate(pairwise(numbers)) if pair in pairs]
    assert which.tolist() == [at for at, _ in expected]
    assert [divmod(ordered[place], 5) for place in where.tolist()] == [pair for _, pair in expected]


def test_keys_of_large_numbers_do_not_overflow() -> None:
    largest = (1 << 20) - 1
    assert pair_keys(np.array([largest, largest], np.int32), largest + 1).tolist() == [
        largest * (largest + 1) + largest
    ]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6))), st.integers(7, 9))
def test_each_value_of_a_row_is_left_once_in_order(pairs: list[tuple[int, int]], size: int) -> None:
    rows, values = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    found = each_once(rows, values, size)
    assert [*zip(*(its.tolist() for its in found), strict=True)] == sorted(set(pairs))


def test_nothing_is_nothing_also_where_there_is_no_value_to_be_had() -> None:
    nothing = np.array([], np.int64)
    assert [its.tolist() for its in each_once(nothing, nothing, 0)] == [[], []]
    assert [its.tolist() for its in found_in(np.array([4], np.int64), nothing)] == [[], []]
    assert pair_keys(np.array([1], np.int32), 2).tolist() == []
    assert pair_keys(np.array([], np.int32), 2).tolist() == []
