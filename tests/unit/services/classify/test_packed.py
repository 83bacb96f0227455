"""Words packed as numbers, and how arrays of numbers are searched: as plain Python would."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.classify import packed as module
from services.classify.packed import Packed, SideBySide, each_once, found_in, pair_keys, parted

_WORD = re.compile(r"[^\W_]+")
_NUMBERS = {"a": 1, "b": 2, "đường": 3, "giao": 4}
chunk = st.sampled_from([*_NUMBERS, "a-b", "đường,", "...", "_", "xa", "x" * 40, "a" + "-b" * 20]) | st.text()


def _packed() -> Packed:
    return Packed(_NUMBERS, _WORD.findall)


def _numbers_of(chunks: list[str]) -> list[int]:
    return [_NUMBERS.get(word, 0) for chunk in chunks for word in _WORD.findall(chunk)]


@given(st.lists(st.lists(chunk, max_size=6), max_size=6))
def test_the_numbers_of_all_pieces_stand_one_after_the_other(pieces: list[list[str]]) -> None:
    chunks = _packed()
    for _ in range(2):  # first with chunks that are new, then with chunks that are known
        numbers, counts = chunks.of(pieces)
        expected = [_numbers_of(piece) for piece in pieces]
        assert counts == [*map(len, expected)]
        assert numbers.tolist() == [number for piece in expected for number in piece]
        assert numbers.dtype == np.int32
        packed = [chunks.pack(piece) for piece in pieces]
        assert [np.frombuffer(each, np.int32).tolist() for each in packed] == expected


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


# Another table that cuts chunks otherwise: it knows other words, and takes "a-b" or "..." for as many as there are runs of dashes.
_OTHER_WORD = re.compile(r"[^\s-]+|-+")
_OTHER_NUMBERS = {"a": 7, "-": 8, "đường,": 9, "...": 10}


def _beside() -> tuple[Packed, Packed, SideBySide]:
    left, right = _packed(), Packed(_OTHER_NUMBERS, _OTHER_WORD.findall)
    return left, right, SideBySide(left, right)


def _of_a_table(table: Packed, piece: list[str], others: Packed) -> list[int]:
    """What a table says of a piece, chunk by chunk, 0 for the words that only the other one sees."""
    found: list[int] = []
    for chunk in piece:
        mine, theirs = (np.frombuffer(each[chunk], np.int32).tolist() for each in (table, others))
        found += mine + [0] * (len(theirs) - len(mine))
    return found


@given(st.lists(st.lists(chunk, max_size=6), max_size=6))
@example([["a-b", "giao"], [], ["...", "a"], ["_"]])
def test_two_tables_side_by_side_say_what_each_says_by_itself(pieces: list[list[str]]) -> None:
    left, right, both = _beside()
    for _ in range(2):  # first with chunks that are new, then with chunks that are known
        of_left, of_right, counts = parted([both.pack(piece) for piece in pieces])
        expected = [(_of_a_table(left, piece, right), _of_a_table(right, piece, left)) for piece in pieces]
        assert counts == [len(words) for words, _ in expected]
        assert of_left.tolist() == [number for words, _ in expected for number in words]
        assert of_right.tolist() == [number for _, words in expected for number in words]
        assert of_left.dtype == of_right.dtype == np.int32


def test_where_two_tables_disagree_on_the_number_of_words_the_next_chunk_still_stands_side_by_side() -> None:
    _, _, both = _beside()
    of_left, of_right, counts = parted([both.pack(["a-b", "a"]), both.pack([]), both.pack(["...", "a", "đường,"])])
    assert of_left.tolist() == [1, 2, 0, 1, 0, 1, 3]
    assert of_right.tolist() == [7, 8, 0, 7, 10, 7, 9]
    assert counts == [4, 0, 3]
    nothing, nothing_else, none = parted([])
    assert (nothing.tolist(), nothing_else.tolist(), none) == ([], [], [])


def test_side_by_side_not_more_is_kept_than_fits_and_what_was_forgotten_is_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_MOST_KEPT", 3)
    _, _, both = _beside()
    long = "a" + "-b" * 20
    piece = ["a", "b", "giao", long, "a-b", "xa", "a"]
    once = both.pack(piece)
    assert both.pack(piece) == once == b"".join(_beside()[2][chunk] for chunk in piece)
    assert len(both) <= 3
    assert long not in both


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
