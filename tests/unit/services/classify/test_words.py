"""Words read chunk by chunk, each chunk once, are those of the whole text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify import words as module
from services.classify.learning.features import words as spelt
from services.classify.steps.view import view, without_diacritics
from services.classify.words import Kept, bare_words, marked, read_bare, read_marked

_EVERY = [chr(code) for code in range(0x110000)]


@given(st.text(st.sampled_from("aâấđ9_ .,-\t\n\x1f\x85\xa0\u2028\u3000¼一") | st.characters()))
def test_the_words_of_the_chunks_are_the_words_of_the_text(text: str) -> None:
    plain = view(text).plain
    written = re.findall(r"[^\W_]+", plain)
    assert [word for chunk in plain.split() for word in read_marked(chunk)] == [*map(marked, written)]
    assert [word for chunk in plain.split() for word in read_bare(chunk)] == bare_words(plain)
    assert spelt(plain) == re.findall(r"[^\W_]+|[.,!?:;()/+%-]", plain)
    assert bare_words(plain) == re.findall(r"[a-z0-9]+", without_diacritics(plain))


def test_no_white_space_is_part_of_a_word() -> None:
    blanks = [char for char in _EVERY if char.isspace()]
    assert blanks
    assert not re.findall(r"[\w.,!?:;()/+%-]", "".join(blanks))


def test_no_mark_becomes_a_letter_without_diacritics() -> None:
    """Else the places of the words with their marks and without would not agree."""
    assert not [c for c in _EVERY if re.match(r"[\W_]", c) and re.search(r"[a-z0-9]", without_diacritics(c))]


def test_not_more_chunks_are_kept_than_fit_and_no_long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KEPT", 3)
    kept = Kept(re.compile(r"\w+").findall)
    assert kept.words("a b, c. d a e") == ["a", "b", "c", "d", "a", "e"]
    assert len(kept) <= 3
    assert kept.words("x" * 1000) == ["x" * 1000]
    assert len(kept) <= 3
    assert "x" * 1000 not in kept
