"""The view keeps the way back to the citizen's own offsets, in any normal form."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.steps.view import Rule, view, words

SENTENCE = "Đề nghị BỔ SUNG thủy lợi"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_of_any_normal_form_are_found_and_lead_back_to_their_own_span(form: str) -> None:
    text = unicodedata.normalize(form, SENTENCE)
    seen = view(text)
    start = seen.plain.index("bổ sung")
    begin, stop = seen.original(start, start + len("bổ sung"))
    assert unicodedata.normalize("NFC", text[begin:stop]) == "BỔ SUNG"


@pytest.mark.parametrize(
    ("text", "accented"),
    [(SENTENCE, True), ("De nghi bo sung thuy loi", False), ("Please add a road", False), ("", False)],
)
def test_diacritics_are_noticed(text: str, accented: bool) -> None:
    assert view(text).accented is accented


@given(st.text())
def test_the_whole_is_the_whole_for_any_text(text: str) -> None:
    seen = view(text)
    assert len(seen.bare) == len(seen.plain)
    assert seen.original(0, len(seen.plain)) == (0, len(text))


_PIECES = (
    "đề nghị",
    "khiếu",
    "nại",
    "kinh tế-xã hội",
    "12",
    "(khiếu",
    "nại)",
    "a",
    "ờờờ",
    "x1y",
    "-",
    "\n",
    " ",
    " ",
    ",",
    "road",
    "ở" * 30,
)
pieces = st.lists(st.sampled_from(_PIECES), max_size=40).map("".join)
COMPLAINT = Rule(words("khiếu nại, đề nghị"))


@given(st.one_of(st.text(), pieces))
def test_a_rule_is_never_silent_where_it_matches(text: str) -> None:
    for _ in range(2):  # first with words that are new, then with words that are known
        seen = view(text)
        seen.listen()
        whole = (0, len(seen.plain))
        assert (COMPLAINT.search(seen, *whole) is None) == (COMPLAINT.of(seen).search(seen.matched) is None)


@given(st.one_of(st.text(), pieces))
def test_a_text_is_accented_when_one_word_in_ten_bears_marks(text: str) -> None:
    plain = view(text).plain[:4000]
    words_of = re.findall(r"[^\W\d_]+", plain)
    marked = [word for word in words_of if any("à" <= char <= "ỹ" for char in word)]
    enough = 10 * len(marked) >= len(words_of) or 20 * len(marked) > len(plain)
    assert view(text).accented is (enough and re.search(r"[ăđơưạ-ỹ]", plain) is not None)
