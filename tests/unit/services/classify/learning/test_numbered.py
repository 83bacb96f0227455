"""Features found as numbers are those that are found by name."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.classify.learning import numbered as module
from services.classify.learning.features import MARKS, NOT, features, words
from services.classify.learning.numbered import numbered

_WORDS = ("a", "b", "c", "đề", "nghị", "12", "x1", "²", "không", "ko", "chua")
_CHUNKS = (*_WORDS, *MARKS, "a,b", "không!a", "đề-nghị", "never", "_", "^", "...", "😀", "a_b", "không_a")
_word = st.sampled_from((*_WORDS, *MARKS))
_name = st.one_of(
    st.lists(_word, min_size=1, max_size=4).map(" ".join),
    st.lists(_word, min_size=1, max_size=2).map(lambda run: " ".join(("^", *run))),
    st.sampled_from(_WORDS).map("!{}".format),
    st.text(max_size=4).filter(lambda name: name != "^"),
)
names = st.lists(_name, unique=True, max_size=30)
text = st.lists(st.sampled_from(_CHUNKS), max_size=10)
Found = list[set[str]]


def found(known: list[str], texts: list[list[str]], order: int) -> Found:
    its = numbered(known)
    count, rows, which = its.find(texts, order)
    again = its.find_packed([its.chunks.pack(chunks) for chunks in texts], order)
    assert (count, rows.tolist(), which.tolist()) == (again[0], *(found.tolist() for found in again[1:]))
    of: Found = [set() for _ in range(count)]
    for row, feature in zip(rows.tolist(), which.tolist(), strict=True):
        assert feature >= 0
        of[row].add(known[feature])
    return of


def by_name(known: list[str], texts: list[list[str]], order: int) -> Found:
    return [features(words(" ".join(chunks)), order) & {*known} for chunks in texts]


@given(names, st.lists(text, max_size=6), st.integers(1, 3))
@example(["!a", "!b", "không a"], [["không", "a", "b", "c"], ["không"], ["a"], ["không,", "a"]], 3)
@example(["!a", "!không"], [["không", "không", "a"]], 3)
@example(["^ a", "a ^", "^ a b", "b a"], [["a", "b"], ["a"], [], ["a", "b"]], 3)
def test_what_is_found_as_numbers_is_what_is_found_by_name(
    known: list[str], texts: list[list[str]], order: int
) -> None:
    assert found(sorted(known), texts, order) == by_name(known, texts, order)


@given(st.lists(text, min_size=1, max_size=6), st.integers(1, 3), st.data())
def test_all_that_a_text_has_is_found_and_no_more_among_other_texts(
    texts: list[list[str]], order: int, data: st.DataObject
) -> None:
    """The names are those of one of the texts: as when a model has learned from it."""
    learned = data.draw(st.sampled_from(texts))
    known = sorted(features(words(" ".join(learned)), order))
    together = found(known, texts, order)
    assert together == by_name(known, texts, order)
    assert together == [found(known, [chunks], order)[0] for chunks in texts]
    assert together[texts.index(learned)] == {*known}


@pytest.mark.parametrize("order", [1, 2, 3])
def test_no_text_an_empty_text_and_no_feature_are_nothing_special(order: int) -> None:
    assert found(["^ a", "a"], [], order) == []
    assert found(["^ a", "a"], [[]], order) == [set()]
    assert found(["^ a", "a"], [[], [], ["..."]], order) == [set()] * 3
    assert found([], [["a", "b"], []], order) == [set(), set()]


def test_no_feature_reaches_from_one_text_into_the_next() -> None:
    known = sorted(["a b", "a b c", "!b", "b", "không b"])
    assert found(known, [["a"], ["b", "c"], ["không"], ["b"]], 3) == [set(), {"b"}, set(), {"b"}]


def test_each_packed_text_begins_anew() -> None:
    """A text is packed without its beginning, for it may be put together of chunks that stood in the middle of others."""
    its = numbered(["^ a", "^ a b", "a", "b ^"])
    packed = [its.chunks.pack(["a", "b"]), its.chunks.pack([]), its.chunks.pack(["b", "a"]), its.chunks.pack(["a"])]
    assert packed[0] == its.chunks["a"] + its.chunks["b"]
    count, rows, which = its.find_packed(packed, 3)
    assert count == 4
    assert sorted(zip(rows.tolist(), which.tolist(), strict=True)) == [(0, 0), (0, 1), (0, 2), (2, 2), (3, 0), (3, 2)]


def test_denied_are_the_words_up_to_the_next_mark_only_with_long_runs() -> None:
    known = sorted(["!được", "!nhiệt", "!tình", "!hay"])
    said = ["thầy", "không", "được", "nhiệt", "tình,", "chưa.", "hay"]
    assert found(known, [said], 3) == [{"!được", "!nhiệt"}]
    assert found(known, [said], 2) == [set()]


def test_a_beginning_by_itself_is_no_feature() -> None:
    """`features.features` never gives "^" alone: an artifact that has it must not hear it in every text."""
    assert found(["^"], [["a"]], 1) == [set()]


def test_every_denying_word_denies() -> None:
    assert all(found(["!hay"], [[no, "hay"]], 3) == [{"!hay"}] for no in NOT)


def test_more_words_than_keys_can_tell_apart_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_WORDS", 40)
    numbered(["a", "b"])
    with pytest.raises(ValueError, match="different words"):
        numbered([f"w{i}" for i in range(40)])


def test_keys_of_the_largest_vocabulary_still_fit() -> None:
    assert module._MOST_WORDS**3 <= 2**63 - 1
