"""A signatory's own sentences are found exactly, and a letter's own edited sentences are not taken for them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.near.own_words import own_sentences, sentences, the_rest
from services.classify.near.verify import Words
from shared.text import fold
from tests.support.growth import LINEAR, growth
from tests.unit.services.classify.near.samples import LETTER, OTHER, OWN

HEAD = Words(fold(f"{LETTER} {OTHER}"))


def own(text: str) -> list[str]:
    return [text[start:end] for start, end in own_sentences(text, HEAD)]


def test_what_the_letter_does_not_have_is_own() -> None:
    assert own(f"{OWN} {LETTER} {OTHER}") == [OWN]
    assert own(f"{LETTER}\n\n{OWN}  Xã nào cũng kêu đường lầy lội. {OTHER}") == [
        f"{OWN}  Xã nào cũng kêu đường lầy lội."
    ]
    assert own(f"{LETTER} {OWN} {OTHER} “{OWN}”") == [OWN, f"“{OWN}”"]


def test_the_letters_own_sentences_stay_with_it_when_edited_or_written_without_diacritics() -> None:
    assert own(f"{fold(LETTER)}. {OTHER.upper()}") == []
    assert own(LETTER.replace("bố trí", "dành").replace("cùng", "hết") + " " + OTHER) == []


def test_a_word_or_two_is_no_opinion() -> None:
    assert own(f"{LETTER} Xin hết. {OTHER} Trân trọng!") == []


def test_numbers_and_abbreviations_end_no_sentence() -> None:
    text = "Nâng lên 7.500 tỷ đồng, v.v… và 3,5 lần"
    assert [text[a:b] for a, b in sentences(text)] == ["Nâng lên 7.500 tỷ đồng, v.v…", "và 3,5 lần"]


def test_no_sentence_begins_with_a_mark_of_the_letter_before_it() -> None:
    text = f"{LETTER}\n\u0301{OWN} {OTHER}. \u0302Vậy thôi."
    assert [text[a] for a, _ in sentences(text)] == ["Đ", "K"]


@pytest.mark.parametrize("unit", ["\n", ". ", "…", "a.\n ", ".”", "\n\u0301"])
def test_many_line_ends_or_stops_takes_linear_time(unit: str) -> None:
    def read(text: str) -> object:
        return own_sentences(text, HEAD)

    assert growth(read, lambda size: unit * (size // len(unit)), 15_000, 300_000) <= LINEAR


@given(st.lists(st.sampled_from((LETTER, OTHER, OWN, " ", "\n", "…", "?!", "a", "“")), max_size=12).map("".join))
def test_own_and_the_rest_cover_everything_once(text: str) -> None:
    spans = own_sentences(text, HEAD)
    every = sorted([*spans, *the_rest(text, spans)])
    assert all(a[1] <= b[0] for a, b in pairwise(every))
    assert "".join("".join(text[a:b].split()) for a, b in every) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() for a, b in every)
