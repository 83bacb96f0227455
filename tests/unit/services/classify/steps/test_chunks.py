"""What is kept of a chunk is what its text says, chunk by chunk as in one go."""

import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.steps import chunks as module
from services.classify.steps.chunks import Chunks, parted
from services.classify.steps.hearing import Hearing
from services.classify.steps.view import tables, view
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


def known(chunk: str) -> bytes:
    return b"known " + number(chunk)


def learned(chunk: str) -> bytes:
    return b"learned " + number(chunk)


@given(text.filter(lambda text: "\n" not in text))
def test_chunk_by_chunk_is_as_in_one_go(text: str) -> None:
    kept = Chunks(number, known, learned)
    for _ in range(2):  # first with chunks that are new, then with chunks that are known
        numbers, folded, words, defined, taught = kept.columns(text.split())
        assert [*numbers] == [number(chunk) for chunk in text.split()]
        assert [*folded] == [fold(chunk) for chunk in text.split()]
        assert [word for its in words for word in its] == parted(text)
        assert [*defined] == [known(chunk) for chunk in text.split()]
        assert [*taught] == [learned(chunk) for chunk in text.split()]


def test_without_a_model_no_word_is_known_and_none_was_learned() -> None:
    assert Chunks(number)["a"][3:] == (b"", b"")
    assert Chunks(number, known)["a"][3:] == (known("a"), b"")
    assert Chunks(number, learned=learned)["a"][3:] == (b"", learned("a"))


def test_no_chunk_has_empty_columns() -> None:
    assert Chunks(number).columns([]) == ((),) * 5
    assert Chunks(number, known, learned).columns([]) == ((),) * 5


def test_not_more_chunks_are_kept_than_fit_and_no_long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KEPT", 3)
    kept = Chunks(number)
    said = ["a", "b,", "c", "d", "a", "e", "x" * 1000, "b,"]
    assert kept.columns(said)[2] == tuple(tuple(parted(chunk)) for chunk in said)
    assert len(kept) <= 3
    assert "x" * 1000 not in kept


def test_what_was_kept_is_forgotten_when_other_words_are_waited_for() -> None:
    """In every table that is in use: each model has one."""
    hearing = Hearing()
    hearing.wait_for([("b",)], 1)
    several = [hearing.chunks(), hearing.chunks(known), hearing.chunks(known, learned)]
    before = several[0]["b"][0]
    for kept in several:
        assert kept["b"][0] == before
    hearing.wait_for([("a",)], 2)
    for kept in several:
        assert kept["b"][0] != before
        assert hearing.bits_of_packed([[kept["b"][0]], [kept["a"][0]]]) == [[1, 1], [2, 2]]
    assert several[1]["b"][3:] == (known("b"), b"")
    assert several[2]["b"][3:] == (known("b"), learned("b"))


def test_the_table_of_a_model_that_is_gone_is_not_kept() -> None:
    """Models come and go with every training: waiting for more words must neither keep nor need the old ones."""
    hearing = Hearing()
    gone = weakref.ref(hearing.chunks(known))
    gc.collect()
    assert gone() is None
    kept = hearing.chunks(known)
    kept.columns(["a", "b"])
    hearing.wait_for([("a",)], 1)
    assert hearing.bits_of_packed([[kept["a"][0]], [kept["b"][0]]]) == [[1, 1], [0, 0]]


def test_what_is_read_of_a_span_is_not_taken_for_another() -> None:
    seen = view("Đề nghị sửa, thêm")
    whole = seen.read(0, len(seen.plain))
    assert seen.read(0, len(seen.plain)) is whole
    assert [*seen.read(0, 7)[1]] == [*map(fold, ("đề", "nghị"))]
    assert [*seen.read(0, len(seen.plain))[2]] == [("đề",), ("nghị",), ("sửa", ","), ("thêm",)]
    assert seen.read(3, 3) == ((),) * 5


def test_a_view_reads_from_the_table_of_its_own_kind_and_of_its_own_model() -> None:
    of_model = tables(known, learned)
    for text, which in (("Đề nghị sửa", True), ("De nghi sua", False)):
        seen = view(text, of_model)
        assert seen.chunks is of_model[which]
        assert [*seen.read(0, len(seen.plain))[3]] == [*map(known, seen.matched.split())]
        assert [*seen.read(0, len(seen.plain))[4]] == [*map(learned, seen.matched.split())]
        alone = view(text)
        assert alone.chunks is not of_model[which]
        assert alone.read(0, len(alone.plain))[:3] == seen.read(0, len(seen.plain))[:3]
        assert {*alone.read(0, len(alone.plain))[3], *alone.read(0, len(alone.plain))[4]} == {b""}
