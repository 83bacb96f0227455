"""Lines are handed out in batches, and none that came before a bad one is lost."""

from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.cli.json_lines import BadLineError, batches, field, objects

sizes = st.integers(1, 6)


def _failing(items: Iterable[int], error: Exception) -> Iterator[int]:
    yield from items
    raise error


@given(st.lists(st.integers()), sizes)
@example([], 1)
@example([1, 2, 3, 4], 2)
def test_all_are_handed_out_in_order_in_full_batches_but_for_the_last(items: list[int], size: int) -> None:
    found = [*batches(items, size)]
    assert [item for batch in found for item in batch] == items
    assert [len(batch) for batch in found[:-1]] == [size] * (len(found) - 1)
    assert all(0 < len(batch) <= size for batch in found)


@given(st.lists(st.integers(0, 9)), sizes, st.integers(1, 20))
def test_heavy_items_are_handed_out_before_there_are_many_of_them(items: list[int], size: int, most: int) -> None:
    found = [*batches(items, size, weigh=lambda item: item, most=most)]
    assert [item for batch in found for item in batch] == items
    assert all(0 < len(batch) <= size and sum(batch[:-1]) < most for batch in found)
    assert all(len(batch) == size or sum(batch) >= most for batch in found[:-1])


@given(st.lists(st.integers()), sizes)
@example([], 1)
@example([1, 2, 3], 3)
@example([1, 2, 3], 2)
def test_what_came_before_a_bad_line_is_handed_out_before_it_is_reported(items: list[int], size: int) -> None:
    handed_out = batches(_failing(items, BadLineError("line 7: not JSON")), size)
    found = [next(handed_out) for _ in range(-(-len(items) // size))]
    assert [item for batch in found for item in batch] == items
    assert all(0 < len(batch) <= size for batch in found)
    with pytest.raises(BadLineError, match="line 7: not JSON"):
        next(handed_out)
    assert [*handed_out] == []


def test_another_fault_than_a_bad_line_is_not_held_back() -> None:
    """Of a text that cannot be read any further nothing is known."""
    found = batches(_failing([1, 2, 3], OSError("disk")), 2)
    assert next(found) == [1, 2]
    with pytest.raises(OSError, match="disk"):
        next(found)


@pytest.mark.parametrize("size", [1, 3, 256])
def test_of_an_endless_input_no_more_is_read_than_is_handed_out(size: int) -> None:
    read = 0

    def endless() -> Iterator[int]:
        nonlocal read
        for number in count():
            read += 1
            yield number

    found = batches(endless(), size)
    assert read == 0
    for number in range(1, 5):
        assert len(next(found)) == size
        assert read == number * size


def test_a_batch_that_was_handed_out_belongs_to_whoever_got_it() -> None:
    first, second = batches([1, 2, 3, 4], 2)
    first.clear()
    assert second == [3, 4]


def test_lines_are_read_one_by_one_as_they_are_asked_for() -> None:
    """A person at a terminal gets an answer to each line."""
    read: list[int] = []
    lines = StringIO('{"id": 1}\n\n{"id": 2}\n[]\n')

    def rows() -> Iterator[object]:
        for number, row in objects(lines, "with an id"):
            read.append(number)
            yield row

    found = batches(rows(), 1)
    assert (next(found), read) == ([{"id": 1}], [1])
    assert (next(found), read) == ([{"id": 2}], [1, 3])
    with pytest.raises(BadLineError, match="line 4: not an object with an id"):
        next(found)


@pytest.mark.parametrize("value", [True, None, 1.5, [1]])
def test_a_field_of_another_kind_is_named(value: object) -> None:
    with pytest.raises(BadLineError, match="line 3: field 'id' has the wrong type"):
        field(3, {"id": value}, "id", (str, int))
    assert field(3, {"id": 5}, "id", (str, int)) == 5
