"""The view keeps the way back to the citizen's own offsets, in any normal form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.steps.view import view

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
