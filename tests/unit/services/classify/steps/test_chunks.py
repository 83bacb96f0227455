"""What is kept of a chunk is what its text says, chunk by chunk as in one go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.steps import chunks as module
from services.classify.steps.chunks import Chunks, parted
from services.classify.steps.hearing import Hearing
from services.classify.steps.view import view
from shared.text import fold

_PIECES = (
    "đề nghị",
    "không",
    "Hoà",
    "a",
    *",.;:?!…()/”»",
    " ",
    "\t",
    "\xa0",
    "\u2028",
    "12",
    "(a)",
    "-",
    "x" * 30,
    "e\u0301",
)
text = st.lists(st.sampled_from(_PIECES)).map("".join) | st.text()


def number(chunk: str) -> bytes:
    return chunk.encode("utf-8", "surrogatepass")


@given(text.filter(lambda text: "\n" not in text))
def test_chunk_by_chunk_is_as_in_one_go(text: str) -> None:
    kept = Chunks(number)
    for _ in range(2):  # first with chunks that are new, then with chunks that are known
        numbers, folded, words = kept.columns(text.split())
        assert [*numbers] == [number(chunk) for chunk in text.split()]
        assert [*folded] == [fold(chunk) for chunk in text.split()]
        assert [word for its in words for word in its] == parted(text)


def test_no_chunk_has_empty_columns() -> None:
    assert Chunks(number).columns([]) == ((), (), ())


def test_not_more_chunks_are_kept_than_fit_and_no_long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KEPT", 3)
    kept = Chunks(number)
    said = ["a", "b,", "c", "d", "a", "e", "x" * 1000, "b,"]
    assert kept.columns(said)[2] == tuple(tuple(parted(chunk)) for chunk in said)
    assert len(kept) <= 3
    assert "x" * 1000 not in kept


def test_what_was_kept_is_forgotten_when_other_words_are_waited_for() -> None:
    hearing = Hearing()
    hearing.wait_for([("b",)], 1)
    before = hearing.chunks["b"][0]
    hearing.wait_for([("a",)], 2)
    assert hearing.chunks["b"][0] != before
    assert hearing.bits_of_packed([[hearing.chunks["b"][0]], [hearing.chunks["a"][0]]]) == [[1, 1], [2, 2]]


def test_what_is_read_of_a_span_is_not_taken_for_another() -> None:
    seen = view("Đề nghị sửa, thêm")
    whole = seen.read(0, len(seen.plain))
    assert seen.read(0, len(seen.plain)) is whole
    assert [*seen.read(0, 7)[1]] == [*map(fold, ("đề", "nghị"))]
    assert [*seen.read(0, len(seen.plain))[2]] == [("đề",), ("nghị",), ("sửa", ","), ("thêm",)]
    assert seen.read(3, 3) == ((), (), ())
