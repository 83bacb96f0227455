"""The view keeps the way back to the citizen's own offsets, in any normal form."""

import re
import unicodedata
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.classify.steps.chunks import parted
from services.classify.steps.view import Rule, View, listen_to, tables, view, without_diacritics, words
from shared.text import fold

SENTENCE = "Đề nghị BỔ SUNG thủy lợi"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_of_any_normal_form_are_found_and_lead_back_to_their_own_span(form: Literal["NFC", "NFD"]) -> None:
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


def _cut(seen: View, cuts: list[int]) -> list[tuple[int, int]]:
    """Spans that hold all letters, cut through no word, and begin and end with no blank: as sentences do."""
    plain = seen.plain
    edges = sorted(
        {0, len(plain), *(cut for cut in cuts if cut < len(plain) and not plain[cut - 1 : cut + 1].isalpha())}
    )
    said = [(start, plain[start:end]) for start, end in pairwise(edges)]
    trimmed = [(start + len(part) - len(part.lstrip()), start + len(part.rstrip())) for start, part in said]
    return [span for span in trimmed if span[0] < span[1]] or [(0, 0)]


_BLANKS = ("\t", "  ", "\xa0", "\u2028", ". ", ".", "khiếu", "nại", "đề", "nghị")
blanks = st.lists(st.sampled_from((*_PIECES, *_BLANKS)), max_size=20).map("".join)


@given(st.lists(st.tuples(st.one_of(st.text(), pieces, blanks), st.lists(st.integers(0, 60), max_size=3)), max_size=5))
@example([("kiến  nghị. khiếu\tnại", [12])])
@example([("kiến.khiếu\tnại", [5])])
@example([("kiến khiếu\n\n12", [11]), ("nại ạ", [])])
def test_many_texts_are_heard_as_each_by_itself(drawn: list[tuple[str, list[int]]]) -> None:
    around = [(text, [len("Đề nghị")]) for text in (SENTENCE, "De nghi bo sung", "khiếu nại. 12", "nại đề nghị")] * 5
    seen = [(view(text), cuts) for text, cuts in (*around, *drawn, *around)]
    listened = [(each, _cut(each, cuts)) for each, cuts in seen]
    listen_to(listened)
    for each, spans in listened:
        alone = view(each.text)
        alone.listen()
        assert each.whole == alone.whole
        assert each.heard(0, len(each.plain)) == alone.whole
        for span in spans:
            assert each.heard(*span) == alone.heard(*span)


@given(st.one_of(st.text(), pieces), st.one_of(st.text(), pieces))
def test_a_rule_is_never_silent_where_it_matches_in_one_of_many_texts(text: str, other: str) -> None:
    seen = [view(each) for each in (text, other) * 10]
    listen_to([(each, [(0, len(each.plain))]) for each in seen])
    for each in seen:
        whole = (0, len(each.plain))
        assert (COMPLAINT.search(each, *whole) is None) == (COMPLAINT.of(each).search(each.matched) is None)


def test_no_text_needs_to_be_heard() -> None:
    listen_to([])


def _words(seen: View, start: int, end: int) -> list[str]:
    return [word for chunk in seen.read(start, end)[2] for word in chunk]


def test_what_was_said_in_a_span_is_not_taken_for_what_is_said_in_another() -> None:
    seen = view(SENTENCE)
    assert _words(seen, 0, 7) == _words(seen, 0, 7) == ["đề", "nghị"]
    assert _words(seen, 0, len(seen.plain)) == seen.matched.split()
    assert _words(seen, 8, 10) == ["bổ"]
    assert _words(seen, 0, 0) == []


@given(st.one_of(st.text(), pieces), st.integers(0, 60), st.integers(0, 60))
def test_a_span_is_read_from_what_rules_search(text: str, one: int, other: int) -> None:
    seen = view(text)
    start, end = sorted((min(one, len(seen.plain)), min(other, len(seen.plain))))
    chunks = seen.matched[start:end].split()
    for _ in range(2):
        numbers, folded, words, known, learned = seen.read(start, end)
        assert len(numbers) == len(folded) == len(words) == len(known) == len(learned) == len(chunks)
        assert [*folded] == [*map(fold, chunks)]
        assert [word for its in words for word in its] == parted(" ".join(chunks))
        assert {*known, *learned} <= {b""}
        seen.read(0, len(seen.plain))


@given(st.one_of(st.text(), pieces, blanks))
def test_a_text_is_seen_alike_with_the_chunks_of_a_model(text: str) -> None:
    alone, with_model = view(text), view(text, tables(lambda _: b"1234", lambda _: b"12345678"))
    for seen in (alone, with_model):
        seen.listen()
    for name in ("text", "plain", "bare", "matched", "offsets", "accented", "whole"):
        assert getattr(alone, name) == getattr(with_model, name)
    whole = (0, len(alone.plain))
    assert alone.read(*whole)[:3] == with_model.read(*whole)[:3]


def _fresh_key() -> str:
    """Two words that no rule was made of."""
    return f"từmới{next(_numbers)} rấtlạ"


_numbers = (chr(ord("a") + at // 26) + chr(ord("a") + at % 26) for at in range(26 * 26))


@pytest.mark.parametrize("spelling", ["with", "without"])
@pytest.mark.parametrize("room", ["short", "long"])
def test_a_rule_made_later_is_heard_by_views_of_models_that_were_made_before(spelling: str, room: str) -> None:
    """What a model keeps of a chunk are numbers of a table that grows with each rule: none of them may be an old one."""
    of_model, spelt = tables(), _fresh_key()
    said = f"Đề nghị xem {spelt} ạ" + (" đường làng" * 300 if room == "long" else "")
    said = without_diacritics(said) if spelling == "without" else said
    texts = [said, SENTENCE, "De nghi bo sung", "x"] * 10
    for each in texts:
        assert len(view(each, of_model).read(0, 40)[0]) > 0  # its chunks are kept now, as numbers of the tables so far
    before = [view(each, of_model) for each in texts]
    listen_to([(each, [(0, len(each.plain))]) for each in before])
    rule = Rule(words(spelt))
    assert rule.bits
    again = [view(each, of_model) for each in texts]
    listen_to([(each, [(0, len(each.plain))]) for each in again])
    for seen, other in zip(again, before, strict=True):
        alone = view(seen.text)
        alone.listen()
        assert seen.whole == alone.whole
        assert seen.whole & ~rule.bits == other.whole
        found = rule.search(seen, 0, len(seen.plain))
        assert (found is not None) is (seen.text == said)
        assert rule.silent(seen, 0, len(seen.plain)) is (found is None)
